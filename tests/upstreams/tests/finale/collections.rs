//! The column-major collections and their filters.

use bestand_upstreams::finale::FinaleOptions;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Fixture, error_of};

#[tokio::test]
async fn every_row_of_stock_has_one_quantity_that_is_not_zero() {
    let fixture = Fixture::start().await;
    let items = fixture.collection("inventoryitem/").await;
    let column = |name: &str| items[name].as_array().cloned().unwrap_or_default();
    assert_eq!(
        items["productId"],
        json!(["NCP-001", "NCP-001", "NCP-001", "NCP-001", "NCP-018"])
    );
    for row in 0..5 {
        let quantities = ["quantityOnHand", "quantityReserved", "quantityOnOrder"]
            .map(|name| column(name)[row].clone());
        assert_eq!(
            quantities
                .iter()
                .filter(|quantity| **quantity != json!(0))
                .count(),
            1
        );
    }
    assert!(column("quantityOnHand").contains(&json!(3.5)));
    assert!(
        items.get("lotId").is_none(),
        "a column without values is absent"
    );
    assert!(
        column("orderUrl").len() < 5,
        "a column ends with its last value"
    );
}

#[tokio::test]
async fn a_location_has_no_parent_and_a_sublocation_has_one() {
    let fixture = Fixture::start().await;
    let facilities = fixture.collection("facility/").await;
    assert_eq!(
        facilities["facilityName"],
        json!(["Berlin", "Berlin main", "Hamburg", "Hamburg main"])
    );
    assert_eq!(
        facilities["parentFacilityUrl"],
        json!([
            null,
            "/demo/api/facility/100000",
            null,
            "/demo/api/facility/100002"
        ])
    );
}

#[tokio::test]
async fn a_renamed_product_keeps_its_url() {
    let fixture = Fixture::start().await;
    fixture.finale.rename_product("NCP-018", "CABLE");
    let product: Value = fixture.get("product/NCP-018").await.json().await.unwrap();
    assert_eq!(product["productId"], json!("CABLE"));
    assert_eq!(product["productUrl"], json!("/demo/api/product/NCP-018"));
    assert_eq!(
        fixture.get("product/CABLE").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_collection_is_cut_after_its_dates_and_before_other_filters() {
    let fixture = Fixture::with(|options| FinaleOptions {
        collection_rows_max: 2,
        ..options
    })
    .await;
    let products = fixture.collection("product/").await;
    assert_eq!(products["productId"], json!(["NCP-001", "NCP-018"]));
    let filter = json!({ "productId": ["NCP-EMPTY", "NCP-EMPTY"] });
    let behind_the_cut = fixture
        .collection(&Fixture::filtered("product/", &filter))
        .await;
    assert_eq!(behind_the_cut, json!({}));
    fixture
        .finale
        .clock()
        .advance(SignedDuration::from_hours(1));
    fixture.finale.product("NCP-EMPTY", "Changed later");
    let filter = json!({ "lastUpdatedDate": ["2026-11-20T10:30:00Z", "2026-11-20T12:00:00Z"] });
    let changed = fixture
        .collection(&Fixture::filtered("product/", &filter))
        .await;
    assert_eq!(changed["productId"], json!(["NCP-EMPTY"]));
}

#[tokio::test]
async fn a_filter_needs_both_bounds_and_thirty_days_at_most() {
    let fixture = Fixture::start().await;
    for (filter, reason) in [
        (
            json!({ "lastUpdatedDate": ["2026-11-19T00:00:00Z", null] }),
            "open",
        ),
        (
            json!({ "lastUpdatedDate": [null, "2026-11-19T00:00:00Z"] }),
            "open",
        ),
        (
            json!({ "lastUpdatedDate": ["2026-10-01T00:00:00Z", "2026-11-19T00:00:00Z"] }),
            "30 days",
        ),
        (json!({ "colour": ["red", "red"] }), "unknown field"),
        (json!({ "statusId": "PRODUCT_ACTIVE" }), "not a range"),
    ] {
        let response = fixture.get(&Fixture::filtered("product/", &filter)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{filter}");
        assert!(error_of(response).await.contains(reason), "{filter}");
    }
}

#[tokio::test]
async fn stock_cannot_be_filtered_at_all() {
    let fixture = Fixture::start().await;
    let filter = json!({ "productId": ["NCP-001", "NCP-001"] });
    let response = fixture
        .get(&Fixture::filtered("inventoryitem/", &filter))
        .await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_documented_filter_vector_is_refused_for_its_open_bound() {
    let fixture = Fixture::start().await;
    let vector = "eyJsYXN0VXBkYXRlZERhdGUiOlsiMjAxNS0xMS0xOVQyMDowOTo1N1oiLG51bGxdfQ%3D%3D";
    let response = fixture.get(&format!("product/?filter={vector}")).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

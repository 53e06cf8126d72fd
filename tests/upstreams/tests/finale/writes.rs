//! Inventory variances.

use bestand_upstreams::finale::{Held, StockRow, Units};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::Fixture;

#[tokio::test]
async fn a_stock_change_is_relative_keeps_its_comment_and_is_done_again_when_repeated() {
    let fixture = Fixture::start().await;
    for expected in [10, 8] {
        let record: Value = fixture
            .post("inventoryvariance/", &Fixture::stock_change(json!(-2)))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(record["statusId"], json!("PHSCL_INV_COMMITTED"));
        assert_eq!(
            fixture.finale.on_hand("NCP-001", "Berlin"),
            Some(Units::from(expected))
        );
    }
    let filter = json!({ "lastUpdatedDate": ["2026-11-20T10:00:00Z", "2026-11-20T10:01:00Z"] });
    let variances = fixture
        .collection(&Fixture::filtered("inventoryvariance/", &filter))
        .await;
    assert_eq!(variances["generalComments"], json!(["op-1", "op-1"]));
}

#[tokio::test]
async fn a_stock_take_is_absolute_and_counts_only_once_it_is_committed() {
    let fixture = Fixture::start().await;
    let mut take = Fixture::stock_change(json!(null));
    take["physicalInventoryTypeId"] = json!("FACILITY_COUNT");
    take["statusId"] = json!("PHSCL_INV_INPUT");
    take["inventoryItemVarianceList"][0]["quantityOnHandCount"] = json!(7.25);
    let draft: Value = fixture
        .post("inventoryvariance/", &take)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(12))
    );
    let commit = draft["actionUrlCommit"]
        .as_str()
        .unwrap()
        .strip_prefix("/demo/api/")
        .unwrap()
        .to_owned();
    let committed: Value = fixture
        .post(&commit, &json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some("7.25".parse().unwrap())
    );
    assert!(committed.get("actionUrlCommit").is_none());
    assert_eq!(
        fixture.post(&commit, &json!({})).await.status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_malformed_variance_is_refused_and_changes_nothing() {
    let fixture = Fixture::start().await;
    let change = |pointer: &str, value: Value| {
        let mut body = Fixture::stock_change(json!(1));
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    for body in [
        change("/physicalInventoryTypeId", Value::Null),
        change("/physicalInventoryTypeId", json!("BATCH")),
        change("/facilityUrl", json!("/demo/api/facility/100000")),
        change("/facilityUrl", json!("/demo/api/facility/999999")),
        change("/inventoryItemVarianceList", json!([])),
        change(
            "/inventoryItemVarianceList/0/facilityUrl",
            json!("/demo/api/facility/100003"),
        ),
        change(
            "/inventoryItemVarianceList/0/productUrl",
            json!("/demo/api/product/UNKNOWN"),
        ),
        change("/inventoryItemVarianceList/0/quantityOnHandVar", json!("1")),
    ] {
        let response = fixture.post("inventoryvariance/", &body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(12))
    );
    assert_eq!(
        fixture
            .post(
                "inventoryvariance",
                &change("/statusId", json!("PHSCL_INV_COMMITTED"))
            )
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn lots_and_packings_are_rows_of_their_own() {
    let fixture = Fixture::start().await;
    let row = StockRow {
        sku: "NCP-018".to_owned(),
        facility: "Berlin main".to_owned(),
        lot: Some("LOT7".to_owned()),
        packing: Some("36 cs 36/1".to_owned()),
        held: Held::OnHand,
        order: None,
        quantity: Units::from(72),
    };
    fixture.finale.row(row).unwrap();
    let items = fixture.collection("inventoryitem/").await;
    assert_eq!(items["productId"].as_array().unwrap().len(), 6);
    assert_eq!(
        items["lotId"].as_array().unwrap().last(),
        Some(&json!("LOT7"))
    );
    assert_eq!(
        fixture.finale.on_hand("NCP-018", "Berlin"),
        Some("75.5".parse().unwrap())
    );
}

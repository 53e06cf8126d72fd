//! Lists: pages, filters, and what `include` brings.

use bestand_upstreams::ecomdash::Stock;
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Fixture, skus};

#[tokio::test]
async fn pages_are_of_25_and_never_of_more_than_200() {
    let fixture = Fixture::start().await;
    fixture
        .ecomdash
        .stock((0..300).map(|number| Stock::on_hand(format!("N-{number:03}"), "Berlin", number)));
    let first = fixture.list("Inventory").await;
    assert_eq!(first["data"].as_array().unwrap().len(), 25);
    assert_eq!(first["pagination"]["TotalNumberOfEntries"], 303);
    let large = fixture
        .list("Inventory?pageNumber=2&resultsPerPage=5000")
        .await;
    assert_eq!(
        large["pagination"],
        json!({ "CurrentPage": 2, "TotalNumberOfEntries": 303, "TotalNumberOfPages": 2 })
    );
    assert_eq!(large["data"].as_array().unwrap().len(), 103);
    assert_eq!(fixture.get("Inventory?pageNumber=0").await.status(), 400);
}

#[tokio::test]
async fn warehouses_and_components_come_when_they_are_asked_for() {
    let fixture = Fixture::start().await;
    let bare = fixture.list("Inventory").await;
    assert_eq!(bare["data"][0].get("Warehouses"), None);
    assert_eq!(bare["data"][0]["QuantityOnHand"], 19.5);
    let whole = fixture
        .list("Inventory?include=Warehouses,%20KitComponents")
        .await;
    assert_eq!(whole["data"][0]["Warehouses"][1]["QuantityOnHand"], 7.5);
    assert_eq!(whole["data"][2]["Type"], "Kit");
    assert_eq!(
        whole["data"][2]["KitComponents"][0]["Product"]["Sku"],
        "TEA-1"
    );
    assert_eq!(whole["data"][2]["KitComponents"][0]["Quantity"], 2);
}

#[tokio::test]
async fn filters_leave_what_changed_what_fits_and_what_is_active() {
    let fixture = Fixture::start().await;
    assert_eq!(skus(&fixture.list("Inventory?Type=Kit").await), ["SET"]);
    assert_eq!(skus(&fixture.list("Inventory?sku=UP").await), ["CUP-2"]);
    fixture
        .ecomdash
        .clock()
        .advance(SignedDuration::from_secs(60));
    fixture
        .ecomdash
        .stock([Stock::on_hand("CUP-2", "Berlin", 8)]);
    let changed = fixture
        .list("Inventory?QuantityChangedSince=2026-11-20T10:01:00Z")
        .await;
    assert_eq!(skus(&changed), ["CUP-2"]);
    assert_eq!(
        fixture
            .get("Inventory?quantityChangedSince=yesterday")
            .await
            .status(),
        400
    );
    fixture.ecomdash.set_product_active("TEA-1", false);
    assert_eq!(
        skus(&fixture.list("Inventory?somethingElse=1").await),
        ["CUP-2", "SET"]
    );
}

#[tokio::test]
async fn warehouses_have_ids_and_names() {
    let fixture = Fixture::start().await;
    let listed = fixture.list("Warehouses").await;
    let told: Vec<_> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (&place["Id"], &place["Name"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!(788), &json!("Berlin")),
            (&json!(789), &json!("Hamburg"))
        ]
    );
}

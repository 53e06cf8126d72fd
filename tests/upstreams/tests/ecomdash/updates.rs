//! Counts on hand that are set.

use bestand_upstreams::ecomdash::Units;
use bestand_upstreams::json_api::Fault;
use serde_json::{Value, json};

use crate::support::Fixture;

async fn update(fixture: &Fixture, counts: Value) -> Value {
    let response = fixture
        .post("inventory/updateQuantityOnHand", &counts)
        .await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("JSON")
}

#[tokio::test]
async fn each_count_is_taken_or_has_a_message() {
    let fixture = Fixture::start().await;
    let good = json!({ "Sku": "TEA-1", "Quantity": 2.5, "WarehouseId": 788 });
    let unknown = json!({ "Sku": "NONE", "Quantity": 1, "WarehouseId": 788 });
    let elsewhere = json!({ "Sku": "CUP-2", "Quantity": 1, "WarehouseId": 789 });
    let none = update(&fixture, json!([unknown, elsewhere])).await;
    assert_eq!(
        (&none["status"], none["messages"].as_array().unwrap().len()),
        (&json!("Failure"), 2)
    );
    let some = update(&fixture, json!([good, unknown])).await;
    assert_eq!(some["status"], "Partial Success");
    assert_eq!(
        some["messages"],
        json!(["Index 1: No active products with SKU 'NONE' were found."])
    );
    assert_eq!(
        fixture.ecomdash.on_hand("TEA-1", "Berlin"),
        Some("2.5".parse::<Units>().unwrap())
    );
    let all = update(&fixture, json!([good])).await;
    assert_eq!(
        (&all["status"], &all["messages"]),
        (&json!("Success"), &json!([]))
    );
}

#[tokio::test]
async fn a_count_whose_answer_is_dropped_is_taken_all_the_same() {
    let fixture = Fixture::start().await;
    fixture.ecomdash.fault(Fault::DroppedAfterCommit.times(1));
    let url = format!(
        "{}/api/inventory/updateQuantityOnHand",
        fixture.ecomdash.url()
    );
    let counts = json!([{ "Sku": "CUP-2", "Quantity": 1, "WarehouseId": 788 }]);
    let request = fixture.signed(fixture.client.post(url)).json(&counts);
    assert!(request.send().await.is_err());
    assert_eq!(fixture.ecomdash.on_hand("CUP-2", "Berlin"), Some(1.into()));
}

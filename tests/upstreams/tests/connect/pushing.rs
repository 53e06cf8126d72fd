//! `/inventory_push`: no error for an item is success.

use bestand_upstreams::connect::ModuleOptions;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::Fixture;

fn count(id: &str, sku: &str, available: i64) -> Value {
    json!({ "integration_entity_id": id, "sku": sku, "available_quantity": available, "onhand_quantity": available + 1 })
}

#[tokio::test]
async fn counts_are_taken_and_what_is_wrong_with_one_leaves_the_others() {
    let fixture = Fixture::start().await;
    fixture.module.set_locked("CUP-2", true);
    let items = [
        count("hamburg/TEA-1", "TEA-1", 5),
        count("berlin/CUP-2", "CUP-2", 5),
        count("berlin/NONE", "NONE", 5),
        count("berlin/TEA-1", "CUP-9", 5),
    ];
    let answer = fixture.push(json!({ "items": items })).await;
    let errors = answer["errors"].as_array().unwrap().iter();
    let told: Vec<_> = errors
        .map(|error| (error["sku"].as_str(), error["category"].as_str()))
        .collect();
    let (locked, not_found) = (Some("resource_locked"), Some("not_found"));
    assert_eq!(
        told,
        [
            (Some("CUP-2"), locked),
            (Some("NONE"), not_found),
            (Some("CUP-9"), not_found)
        ]
    );
    let tea = fixture.module.find("TEA-1", Some("hamburg")).unwrap();
    assert_eq!(
        (tea.available, tea.on_hand, tea.committed),
        (5, Some(6), Some(1))
    );
    assert_eq!(
        fixture
            .module
            .find("CUP-2", Some("berlin"))
            .unwrap()
            .available,
        0
    );
}

#[tokio::test]
async fn a_module_that_works_in_the_background_takes_counts_when_it_is_asked_again() {
    let fixture = Fixture::with(|options| ModuleOptions {
        prepares_for_ms: 500,
        ..options
    })
    .await;
    let items = json!([count("berlin/TEA-1", "TEA-1", 5)]);
    let waiting = fixture.push(json!({ "items": items })).await;
    assert_eq!(
        fixture
            .module
            .find("TEA-1", Some("berlin"))
            .unwrap()
            .available,
        12
    );
    fixture
        .module
        .clock()
        .advance(SignedDuration::from_millis(500));
    let done = fixture
        .push(json!({ "items": items, "cursor": waiting["cursor"] }))
        .await;
    assert_eq!(done, json!({}));
    assert_eq!(
        fixture
            .module
            .find("TEA-1", Some("berlin"))
            .unwrap()
            .available,
        5
    );
}

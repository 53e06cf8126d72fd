//! `/inventory_fetch`: pages, criteria, reports that take a while, items that are locked.

use bestand_upstreams::connect::{IdName, ModuleOptions, Stock};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Fixture, ids};

#[tokio::test]
async fn pages_follow_each_other_by_the_cursor() {
    let fixture = Fixture::with(|options| ModuleOptions {
        page_items: 2,
        ..options
    })
    .await;
    let first = fixture.fetch(json!({})).await;
    assert_eq!(ids(&first), ["berlin/CUP-2", "berlin/TEA-1"]);
    let last = fixture.fetch(json!({ "cursor": first["cursor"] })).await;
    assert_eq!(ids(&last), ["hamburg/TEA-1"]);
    assert_eq!(last.get("cursor"), None);
}

#[tokio::test]
async fn only_the_skus_that_are_named_come_and_unknown_ones_are_told() {
    let fixture = Fixture::start().await;
    let answer = fixture
        .fetch(json!({ "criteria": { "skus": ["TEA-1", "NONE"] } }))
        .await;
    assert_eq!(ids(&answer), ["berlin/TEA-1", "hamburg/TEA-1"]);
    assert_eq!(answer["errors"][0]["category"], "not_found");
    assert_eq!(answer["errors"][0]["sku"], "NONE");
}

#[tokio::test]
async fn only_what_was_updated_after_the_moment_comes() {
    let fixture = Fixture::start().await;
    fixture
        .module
        .clock()
        .advance(SignedDuration::from_secs(60));
    fixture
        .module
        .stock([Stock::available("CUP-2", "berlin", 9)]);
    let from = json!({ "criteria": { "from_date_time": "2026-11-20T10:00:30Z" } });
    assert_eq!(ids(&fixture.fetch(from).await), ["berlin/CUP-2"]);
    let future = json!({ "criteria": { "from_date_time": "2027-01-01T00:00:00Z" } });
    assert!(ids(&fixture.fetch(future).await).is_empty());
}

#[tokio::test]
async fn a_report_is_ready_when_its_time_has_come() {
    let fixture = Fixture::with(|options| ModuleOptions {
        prepares_for_ms: 4_000,
        ..options
    })
    .await;
    let waiting = fixture.fetch(json!({})).await;
    assert_eq!(waiting["poll_after_ms"], 4_000);
    let cursor = json!({ "cursor": waiting["cursor"] });
    fixture.module.clock().advance(SignedDuration::from_secs(3));
    assert_eq!(fixture.fetch(cursor.clone()).await["poll_after_ms"], 1_000);
    fixture.module.clock().advance(SignedDuration::from_secs(1));
    assert_eq!(ids(&fixture.fetch(cursor).await).len(), 3);
}

#[tokio::test]
async fn a_locked_item_is_an_error_of_its_own() {
    let fixture = Fixture::start().await;
    fixture.module.set_locked("CUP-2", true);
    let answer = fixture.fetch(json!({})).await;
    assert_eq!(ids(&answer), ["berlin/TEA-1", "hamburg/TEA-1"]);
    assert_eq!(answer["errors"][0]["category"], "resource_locked");
}

#[tokio::test]
async fn an_id_goes_under_the_name_that_the_module_uses() {
    let fixture = Fixture::with(|options| ModuleOptions {
        id_name: IdName::InventoryItem,
        ..options
    })
    .await;
    let body = crate::support::request(&json!({}));
    let answer: serde_json::Value = fixture
        .post("inventory_fetch", &body)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        answer["items"][0]["integration_inventory_item_id"],
        "berlin/CUP-2"
    );
    assert_eq!(answer["items"][0].get("integration_entity_id"), None);
}

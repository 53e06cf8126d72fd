//! Changes since a checkpoint.

use bestand_plugin_api::ErrorKind;
use serde_json::json;

use crate::support::{Fixture, list, now, page, product};

#[tokio::test]
async fn a_first_checkpoint_is_now_and_asks_nothing() {
    let fixture = Fixture::open().await;
    let first = fixture.connection.stock_changes(None, None).await.unwrap();
    assert_eq!(
        (first.items.len(), first.next, first.checkpoint.0),
        (0, None, now().to_string())
    );
    assert!(fixture.host.sent().is_empty());
}

#[tokio::test]
async fn changes_are_asked_for_by_the_parameter_of_the_settings() {
    let fixture = Fixture::with(json!({ "changed_since_parameter": "lastQuantityChange" })).await;
    fixture
        .get("Inventory", page(&[product("A", &[(788, 1.0)])], 2))
        .get("Inventory", page(&[product("B", &[(788, 2.0)])], 2));
    let since = || Some("2026-11-20T09:00:00Z".into());
    let first = fixture
        .connection
        .stock_changes(since(), None)
        .await
        .unwrap();
    assert_eq!(
        first.checkpoint.0, "2026-11-20T09:00:00Z",
        "it moves with the last page only"
    );
    fixture.host.advance(std::time::Duration::from_secs(60));
    let last = fixture
        .connection
        .stock_changes(since(), first.next)
        .await
        .unwrap();
    assert_eq!((last.items.len(), last.next), (1, None));
    assert_eq!(
        last.checkpoint.0,
        now().to_string(),
        "the start of the run, not its end"
    );
    for line in fixture.lines() {
        assert!(
            line.ends_with("&lastQuantityChange=2026-11-20T08%3A55%3A00Z"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn nothing_changed_is_an_empty_page_and_a_strange_checkpoint_is_not_found() {
    let fixture = Fixture::open().await;
    fixture.get("Inventory", list(&[]));
    let since = |text: &str| Some(text.into());
    let none = fixture
        .connection
        .stock_changes(since("2026-11-20T09:00:00Z"), None)
        .await
        .unwrap();
    assert!(none.items.is_empty() && none.next.is_none());
    let refused = fixture.connection.stock_changes(since("v0:17"), None).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
}

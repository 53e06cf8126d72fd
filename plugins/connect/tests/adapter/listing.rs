//! The full listing: its three shapes, its cursors, and items that are not as they should be.

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{Cursor, ErrorKind, Listing};
use serde_json::json;

use crate::support::{Fixture, done, item, later, page, summaries};

#[tokio::test]
async fn pages_are_followed_by_the_modules_own_cursor() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(page(&[item("A", "W1", 3)], "c-1"))
        .fetch(page(&[item("A", "W2", 4)], "c-2"))
        .fetch(done(&[item("B", "W1", -1)]));
    let levels = fixture.connection.list_stock(None).await.unwrap();
    assert_eq!(
        summaries(&levels),
        ["A @ W1: 3 of 5", "A @ W2: 4 of 6", "B @ W1: -1 of 1"]
    );
    assert_eq!(levels[0].item.as_ref().unwrap().0, "id-A");
    assert_eq!(fixture.sent("inventory_fetch")[2]["cursor"], "c-2");
}

#[tokio::test]
async fn a_module_that_prepares_its_answer_is_asked_again_with_its_cursor() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(later(4_000, Some("report-1")))
        .fetch(later(1_000, None))
        .fetch(done(&[item("A", "W1", 3)]));
    let step = fixture.connection.list_stock_step(None).await.unwrap();
    let Listing::Pending {
        poll_after_ms: 4_000,
        cursor,
        ..
    } = step
    else {
        panic!("{step:?}");
    };
    assert_eq!(
        fixture
            .connection
            .list_stock(Some(cursor))
            .await
            .unwrap()
            .len(),
        1
    );
    let sent = fixture.sent("inventory_fetch");
    assert_eq!(sent[1]["cursor"], "report-1");
    assert_eq!(
        sent[2]["cursor"], "report-1",
        "an answer without a cursor changes nothing"
    );
}

#[tokio::test]
async fn a_cursor_that_the_module_refuses_starts_the_listing_over() {
    let fixture = Fixture::open().await;
    fixture.fetch(Answer::new(400, "{}"));
    let cursor = Cursor::from(r#"{"after":"dead"}"#);
    let error = fixture
        .connection
        .list_stock_step(Some(cursor))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    fixture.fetch(Answer::new(400, "{}"));
    let error = fixture.connection.list_stock_step(None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Upstream { status: 400 });
}

#[tokio::test]
async fn a_cursor_that_turns_on_the_spot_or_is_too_large_is_told() {
    let fixture = Fixture::open().await;
    fixture.fetch(page(&[], "again"));
    let cursor = Cursor::from(r#"{"after":"again"}"#);
    let error = fixture
        .connection
        .list_stock_step(Some(cursor))
        .await
        .unwrap_err();
    assert!(error.message.contains("does not move on"), "{error}");
    fixture.fetch(page(&[], &"x".repeat(70_000)));
    let error = fixture.connection.list_stock_step(None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Protocol);
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_left_out_and_a_page_of_nothing_else_is_refused() {
    let fixture = Fixture::open().await;
    let nameless = json!({ "sku": "", "available_quantity": 1 });
    fixture.fetch(done(&[nameless.clone(), item("A", "W1", 3)]));
    assert_eq!(fixture.connection.list_stock(None).await.unwrap().len(), 1);
    fixture.fetch(done(&[nameless]));
    let error = fixture.connection.list_stock(None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Protocol);
}

#[tokio::test]
async fn an_item_that_the_module_could_not_read_does_not_stop_the_others() {
    let fixture = Fixture::open().await;
    let errors = json!([{ "integration_inventory_item_id": "id-B", "message": "busy", "category": "resource_locked" }]);
    fixture.fetch(Answer::json(
        &json!({ "items": [item("A", "W1", 3)], "errors": errors }),
    ));
    assert_eq!(fixture.connection.list_stock(None).await.unwrap().len(), 1);
}

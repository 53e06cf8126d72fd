//! Bulk operations: followed, counted, believed, or given up for pages.

use std::time::Duration;

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{ErrorKind, Tracking};
use serde_json::{Value, json};

use crate::support::{Shop, item, items, kind, level, now, shown};

const FILE: &str = include_str!("../fixtures/bulk.jsonl");
const FILE_URL: &str = "GET https://storage.googleapis.com/bulk";

async fn large_shop() -> Shop {
    let shop = Shop::with(json!({ "shop": "acme.myshopify.com", "bulk_above_items": 0 })).await;
    shop.answers_json(&json!({ "data": { "bulkOperationRunQuery": {
        "bulkOperation": { "id": "gid://shopify/BulkOperation/5" }, "userErrors": [] } } }));
    shop
}

fn operation(status: &str, objects: u32, url: Option<&str>) -> Value {
    json!({ "data": { "bulkOperation": {
        "status": status, "errorCode": null, "objectCount": objects.to_string(), "url": url } } })
}

fn completed(objects: u32) -> Value {
    operation(
        "COMPLETED",
        objects,
        Some("https://storage.googleapis.com/bulk-5.jsonl?Signature=x"),
    )
}

#[tokio::test]
async fn levels_are_joined_to_items_wherever_they_stand_in_the_file() {
    let shop = large_shop().await;
    shop.answers_json(&operation("RUNNING", 0, None))
        .answers_json(&completed(6))
        .answers_json(&completed(6));
    shop.host
        .answer(FILE_URL, Answer::new(200, FILE).chunked(7))
        .answer(FILE_URL, Answer::new(200, FILE).chunked(50));
    let levels = shop.connection.list_stock(None).await.unwrap();
    let expected = [
        ("CUP", "1", Tracking::Counted, Some(7)),
        ("MUG", "2", Tracking::Counted, Some(6)),
    ];
    assert_eq!(shown(&levels), expected);
    assert_eq!(
        levels[0].fetched_at,
        now(),
        "the file is as old as the operation's start"
    );
    let downloads = shop
        .host
        .sent()
        .into_iter()
        .filter(|sent| sent.line().starts_with(FILE_URL));
    assert!(
        downloads
            .into_iter()
            .all(|sent| sent.request.auth == bestand_plugin_api::http::Auth::None)
    );
}

#[tokio::test]
async fn a_miscounted_file_is_read_again_and_then_given_up_for_pages() {
    let shop = large_shop().await;
    let file = || Answer::new(200, FILE);
    shop.answers_json(&completed(7))
        .answers_json(&completed(7))
        .answers_json(&completed(7));
    shop.host.answer(FILE_URL, file()).answer(FILE_URL, file());
    shop.answers_json(&items(&[item(11, "MUG", json!([level(1, 1)]))], None));
    let started = shop.connection.list_stock_step(None).await.unwrap();
    let polled = shop
        .connection
        .list_stock_step(Some(cursor(started)))
        .await
        .unwrap();
    let at_file = cursor(polled);
    assert_eq!(
        kind(shop.connection.list_stock_step(Some(at_file.clone())).await),
        ErrorKind::Protocol
    );
    let levels = shop.connection.list_stock(Some(at_file)).await.unwrap();
    assert_eq!(shown(&levels), [("MUG", "1", Tracking::Counted, Some(1))]);
}

#[tokio::test]
async fn a_truncated_file_hands_out_nothing() {
    let shop = large_shop().await;
    shop.answers_json(&completed(6)).answers_json(&completed(6));
    shop.host.answer(
        FILE_URL,
        Answer::new(200, &FILE.as_bytes()[..FILE.len() - 40]),
    );
    assert_eq!(
        kind(shop.connection.list_stock(None).await),
        ErrorKind::Protocol
    );
    let broken = large_shop().await;
    broken
        .answers_json(&completed(6))
        .answers_json(&completed(6));
    broken.host.answer(
        FILE_URL,
        Answer::new(200, &FILE.as_bytes()[..200]).breaking_off(),
    );
    assert_eq!(
        kind(broken.connection.list_stock(None).await),
        ErrorKind::Transient
    );
}

#[tokio::test]
async fn an_operation_that_came_to_nothing_is_replaced_by_pages() {
    for status in ["FAILED", "CANCELED", "EXPIRED"] {
        let shop = large_shop().await;
        shop.answers_json(&operation(status, 3, None));
        shop.answers_json(&items(&[item(11, "MUG", json!([level(1, 1)]))], None));
        assert_eq!(
            shop.connection.list_stock(None).await.unwrap().len(),
            1,
            "{status}"
        );
    }
}

#[tokio::test]
async fn an_operation_that_never_ends_is_canceled() {
    let shop = large_shop().await;
    let started = shop.connection.list_stock_step(None).await.unwrap();
    shop.host.advance(Duration::from_secs(3 * 60 * 60));
    shop.answers_json(&operation("RUNNING", 0, None));
    shop.answers_json(&json!({ "data": { "bulkOperationCancel": { "userErrors": [] } } }));
    shop.connection
        .list_stock_step(Some(cursor(started)))
        .await
        .unwrap();
    assert_eq!(shop.names().last().unwrap(), "BulkCancel");
}

#[tokio::test]
async fn when_all_places_are_taken_it_waits_for_one() {
    let shop = Shop::with(json!({ "shop": "acme.myshopify.com", "bulk_above_items": 0 })).await;
    let busy =
        json!({ "code": "OPERATION_IN_PROGRESS", "field": null, "message": "five are running" });
    shop.answers_json(&json!({ "data": { "bulkOperationRunQuery": { "bulkOperation": null, "userErrors": [busy] } } }));
    let step = shop.connection.list_stock_step(None).await.unwrap();
    let bestand_plugin_api::Listing::Pending { poll_after_ms, .. } = step else {
        panic!("{step:?}")
    };
    assert_eq!(poll_after_ms, 30_000);
}

#[tokio::test]
async fn a_shop_without_items_is_complete_and_empty() {
    let shop = large_shop().await;
    let empty = operation("COMPLETED", 0, None);
    shop.answers_json(&empty).answers_json(&empty);
    assert!(shop.connection.list_stock(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn after_a_restart_the_file_is_counted_again_and_read_from_the_cursor_on() {
    let shop = Shop::open().await;
    let offset: usize = FILE.split_inclusive('\n').take(5).map(str::len).sum();
    let run = json!({ "id": "gid://shopify/BulkOperation/5", "started_at": now().millis() });
    let at_file = json!({ "bulk_file": { "run": run, "offset": offset } });
    shop.answers_json(&completed(6));
    shop.host
        .answer(FILE_URL, Answer::new(200, FILE))
        .answer(FILE_URL, Answer::new(206, &FILE.as_bytes()[offset..]));
    let levels = shop
        .connection
        .list_stock(Some(bestand_plugin_api::Cursor(at_file.to_string())))
        .await
        .unwrap();
    assert_eq!(shown(&levels), [("MUG", "2", Tracking::Counted, Some(6))]);
    let range = shop.host.sent().pop().unwrap().request.headers;
    assert_eq!(range, [("range".to_owned(), format!("bytes={offset}-"))]);
}

fn cursor(
    step: bestand_plugin_api::Listing<bestand_plugin_api::StockLevel>,
) -> bestand_plugin_api::Cursor {
    match step {
        bestand_plugin_api::Listing::Page { next: cursor, .. }
        | bestand_plugin_api::Listing::Pending { cursor, .. } => cursor,
        other => panic!("the listing has ended: {other:?}"),
    }
}

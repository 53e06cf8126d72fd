//! The live answer to an order.

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{ErrorKind, SkuAnswers, SkuErrorKind, Tracking};
use serde_json::{Value, json};

use crate::support::{Fixture, done, item, later, page, query, summaries};

async fn ask(fixture: &Fixture, skus: &[&str], places: &[&str]) -> SkuAnswers {
    fixture
        .connection
        .stock_by_sku(&query(skus, places))
        .await
        .unwrap()
}

fn with_errors(items: &[Value], errors: Value) -> Answer {
    Answer::json(&json!({ "items": items, "errors": errors }))
}

#[tokio::test]
async fn the_skus_are_named_and_what_else_comes_is_dropped() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(page(&[item("A", "W1", 3), item("Z", "W1", 9)], "2"))
        .fetch(done(&[item("A", "W2", 4)]));
    let answers = ask(&fixture, &["A", "B"], &[]).await;
    assert_eq!(
        summaries(&answers.levels),
        ["A @ W1: 3 of 5", "A @ W2: 4 of 6"]
    );
    assert_eq!(answers.errors[0].kind, SkuErrorKind::NotFound);
    let sent = fixture.sent("inventory_fetch");
    assert_eq!(sent[0]["criteria"], json!({ "skus": ["A", "B"] }));
    assert_eq!(sent[1]["cursor"], "2");
}

#[tokio::test]
async fn an_answer_keeps_to_the_places_and_tells_where_nothing_is_stocked() {
    let fixture = Fixture::open().await;
    fixture.fetch(done(&[item("A", "W1", 3)]));
    let answers = ask(&fixture, &["A"], &["W1", "W2"]).await;
    assert_eq!(answers.levels[0].tracking, Tracking::Counted);
    assert_eq!(answers.levels[1].tracking, Tracking::NotStocked);
    assert_eq!(answers.levels[1].location.0, "W2");
}

#[tokio::test]
async fn an_unknown_article_is_told_from_one_that_is_locked_or_cannot_be_read() {
    let fixture = Fixture::open().await;
    let broken = json!({ "sku": "D", "available_quantity": "many" });
    fixture.fetch(with_errors(
        &[item("A", "W1", 3), broken],
        json!([
            { "integration_inventory_item_id": "id-B", "sku": "B", "message": "gone", "category": "not_found" },
            { "integration_inventory_item_id": "C", "message": "counting", "category": "resource_locked" },
        ]),
    ));
    let answers = ask(&fixture, &["A", "B", "C", "D"], &[]).await;
    let kinds: Vec<_> = answers
        .errors
        .iter()
        .map(|error| (error.sku.as_str(), error.kind))
        .collect();
    let (not_found, failed) = (SkuErrorKind::NotFound, SkuErrorKind::Failed);
    assert_eq!(kinds, [("B", not_found), ("C", failed), ("D", failed)]);
    assert!(
        answers.errors[1].message.contains("locked the article"),
        "{answers:?}"
    );
}

#[tokio::test]
async fn an_error_of_no_article_leaves_the_missing_ones_open() {
    let fixture = Fixture::open().await;
    fixture.fetch(with_errors(
        &[],
        json!([{ "integration_inventory_item_id": "4711", "message": "?" }]),
    ));
    let answers = ask(&fixture, &["A"], &[]).await;
    assert_eq!(answers.errors[0].kind, SkuErrorKind::Failed);
}

#[tokio::test]
async fn a_short_wait_is_waited_and_a_long_one_is_told() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(later(400, Some("r")))
        .fetch(done(&[item("A", "W1", 3)]));
    assert_eq!(ask(&fixture, &["A"], &[]).await.levels.len(), 1);
    fixture.fetch(later(5_000, None));
    let error = fixture
        .connection
        .stock_by_sku(&query(&["A"], &[]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
}

#[tokio::test]
async fn a_module_that_sends_everything_is_told_rather_than_read_to_its_end() {
    let fixture = Fixture::open().await;
    for number in 0..20 {
        fixture.fetch(page(&[item("Z", "W1", 9)], &format!("c-{number}")));
    }
    let answer = fixture.connection.stock_by_sku(&query(&["A"], &[])).await;
    let error = answer.unwrap_err();
    assert!(error.message.contains("more than 20 pages"), "{error}");
}

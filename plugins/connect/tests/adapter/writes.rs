//! Counts that are set: what is pushed, what is refused, and what became of it.

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{Basis, ErrorKind, StockChange, StockOperation, WriteOutcome};
use serde_json::{Value, json};

use crate::support::{Fixture, done, item, later, now, page, quantity, sku};

fn set(name: &str, to: &str, expected: Option<&str>) -> StockOperation {
    let change = StockChange::Set {
        quantity: quantity(to),
        expected: expected.map(quantity),
    };
    StockOperation::new("op-1", sku(name), "W1".into(), change)
}

async fn write(fixture: &Fixture, operations: &[StockOperation]) -> Vec<WriteOutcome> {
    fixture.connection.write_stock(operations).await.unwrap()
}

fn reason(outcome: &WriteOutcome) -> &str {
    match outcome {
        WriteOutcome::Rejected { reason } => reason,
        other => panic!("not rejected: {other:?}"),
    }
}

fn no_error() -> Answer {
    Answer::json(&json!({}))
}

fn errors(errors: Value) -> Answer {
    Answer::json(&json!({ "errors": errors }))
}

#[tokio::test]
async fn a_count_on_hand_keeps_what_is_bound_and_names_the_item_both_ways() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(done(&[item("A", "W1", 3), item("A", "W2", 9)]))
        .push(no_error());
    assert_eq!(
        write(&fixture, &[set("A", "12", Some("5"))]).await,
        [WriteOutcome::Applied]
    );
    assert_eq!(
        fixture.sent("inventory_push")[0]["items"],
        json!([{
            "integration_entity_id": "id-A", "integration_inventory_item_id": "id-A", "sku": "A",
            "available_quantity": 10, "onhand_quantity": 12, "warehouse_id": "W1", "updated_at": now().to_string(),
        }])
    );
}

#[tokio::test]
async fn a_count_of_what_is_available_leaves_what_is_on_hand_alone() {
    let fixture = Fixture::open().await;
    fixture.fetch(done(&[item("A", "W1", 3)])).push(no_error());
    let operation = set("A", "7", None).with_basis(Basis::Available);
    assert_eq!(write(&fixture, &[operation]).await, [WriteOutcome::Applied]);
    let pushed = &fixture.sent("inventory_push")[0]["items"][0];
    assert_eq!(pushed["available_quantity"], 7);
    assert_eq!(pushed.get("onhand_quantity"), None);
}

#[tokio::test]
async fn what_cannot_be_pushed_is_rejected_and_the_others_are_pushed() {
    let fixture = Fixture::open().await;
    let bare = json!({ "integration_entity_id": "d", "sku": "D", "available_quantity": 1, "warehouse_id": "W1" });
    fixture
        .fetch(done(&[
            item("A", "W1", 3),
            item("C", "W2", 3),
            bare,
            item("E", "W1", 3),
        ]))
        .push(no_error());
    let mut adjustment = set("E", "0", None);
    adjustment.change = StockChange::Adjust {
        delta: quantity("1"),
    };
    let outcomes = write(
        &fixture,
        &[
            set("B", "1", None),
            set("C", "1", None),
            set("D", "1", None),
            adjustment,
            set("A", "1.5", None),
        ],
    )
    .await;
    assert!(
        reason(&outcomes[0]).contains("no article `B`"),
        "{outcomes:?}"
    );
    assert!(
        reason(&outcomes[1]).contains("no article `C` at `W1`"),
        "{outcomes:?}"
    );
    assert!(
        reason(&outcomes[2]).contains("set what is available"),
        "{outcomes:?}"
    );
    assert!(reason(&outcomes[3]).contains("counts only"), "{outcomes:?}");
    assert!(
        reason(&outcomes[4]).contains("whole numbers"),
        "{outcomes:?}"
    );
    assert!(fixture.sent("inventory_push").is_empty());
}

#[tokio::test]
async fn a_count_is_rejected_when_something_else_is_there() {
    let fixture = Fixture::open().await;
    fixture.fetch(done(&[item("A", "W1", 3)]));
    let outcomes = write(&fixture, &[set("A", "12", Some("4"))]).await;
    assert_eq!(reason(&outcomes[0]), "the module has 5, not 4");
}

#[tokio::test]
async fn an_error_of_one_item_leaves_the_others_applied() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(done(&[item("A", "W1", 3), item("B", "W1", 3), item("C", "W1", 3)]))
        .push(errors(json!([
            { "integration_inventory_item_id": "id-A", "message": "gone", "category": "not_found" },
            { "integration_inventory_item_id": "?", "sku": "B", "message": "counting", "category": "resource_locked" },
        ])));
    let operations = ["A", "B", "C"].map(|name| set(name, "9", None));
    let outcomes = write(&fixture, &operations).await;
    assert!(reason(&outcomes[0]).contains("does not know the article: gone"));
    assert!(reason(&outcomes[1]).contains("locked the article"));
    assert_eq!(outcomes[2], WriteOutcome::Applied);
}

#[tokio::test]
async fn an_error_of_no_item_of_ours_leaves_all_open() {
    let fixture = Fixture::open().await;
    fixture.fetch(done(&[item("A", "W1", 3)]));
    fixture.push(errors(
        json!([{ "integration_inventory_item_id": "x", "message": "?" }]),
    ));
    let outcomes = write(&fixture, &[set("A", "9", None)]).await;
    assert!(
        matches!(outcomes[0], WriteOutcome::Unknown { .. }),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_push_in_pages_and_with_pauses_is_followed_to_its_end() {
    let fixture = Fixture::open().await;
    fixture.fetch(done(&[item("A", "W1", 3)]));
    fixture
        .push(page(&[], "p-2"))
        .push(later(3_000, Some("p-3")))
        .push(no_error());
    assert_eq!(
        write(&fixture, &[set("A", "9", None)]).await,
        [WriteOutcome::Applied]
    );
    let cursors: Vec<_> = fixture
        .sent("inventory_push")
        .iter()
        .map(|body| body["cursor"].clone())
        .collect();
    assert_eq!(cursors, [json!(null), json!("p-2"), json!("p-3")]);
}

#[tokio::test]
async fn a_push_that_takes_longer_than_a_write_may_is_accepted() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(done(&[item("A", "W1", 3)]))
        .push(later(60_000, None));
    assert_eq!(
        write(&fixture, &[set("A", "9", None)]).await,
        [WriteOutcome::Accepted]
    );
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_a_refusal_is_none() {
    for answer in [
        Answer::unreachable(),
        Answer::new(500, ""),
        Answer::new(520, ""),
        Answer::new(200, "<html>"),
        Answer::json(&json!({ "error": "no" })),
    ] {
        let fixture = Fixture::open().await;
        fixture.fetch(done(&[item("A", "W1", 3)])).push(answer);
        let outcomes = write(&fixture, &[set("A", "9", None)]).await;
        assert!(
            matches!(outcomes[0], WriteOutcome::Unknown { .. }),
            "{outcomes:?}"
        );
    }
    for status in [400, 404] {
        let fixture = Fixture::open().await;
        fixture
            .fetch(done(&[item("A", "W1", 3)]))
            .push(Answer::new(status, ""));
        let outcomes = write(&fixture, &[set("A", "9", None)]).await;
        assert!(
            matches!(outcomes[0], WriteOutcome::Rejected { .. }),
            "{outcomes:?}"
        );
    }
    let fixture = Fixture::open().await;
    fixture
        .fetch(done(&[item("A", "W1", 3)]))
        .push(Answer::new(429, ""));
    let error = fixture
        .connection
        .write_stock(&[set("A", "9", None)])
        .await
        .unwrap_err();
    assert!(matches!(error.kind, ErrorKind::RateLimited { .. }));
}

#[tokio::test]
async fn two_counts_of_one_article_are_pushed_one_after_the_other() {
    let fixture = Fixture::open().await;
    for _ in 0..2 {
        fixture.fetch(done(&[item("A", "W1", 3)])).push(no_error());
    }
    let outcomes = write(&fixture, &[set("A", "9", None), set("A", "8", None)]).await;
    assert_eq!(outcomes, [WriteOutcome::Applied, WriteOutcome::Applied]);
    let counts: Vec<_> = fixture
        .sent("inventory_push")
        .iter()
        .map(|body| body["items"][0]["onhand_quantity"].clone())
        .collect();
    assert_eq!(counts, [json!(9), json!(8)]);
}

//! Counts that are set: what is sent, what is refused, and what became of it.

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{Basis, ErrorKind, StockChange, StockOperation, WriteOutcome};
use serde_json::json;

use crate::support::{Fixture, found, kit, product, quantity, sku, updated};

fn set(name: &str, place: &str, to: &str) -> StockOperation {
    let change = StockChange::Set {
        quantity: quantity(to),
        expected: None,
    };
    StockOperation::new("op-1", sku(name), place.into(), change)
}

/// A connection whose look-up finds A in two warehouses, B in one, and a kit.
async fn fixture() -> Fixture {
    let fixture = Fixture::open().await;
    fixture.look_up(found(&[
        product("A", &[(788, 12.0), (876, 4.0)]),
        product("B", &[(788, 1.0)]),
        kit("SET", &[("A", 1)]),
    ]));
    fixture
}

async fn write(fixture: &Fixture, operations: &[StockOperation]) -> Vec<WriteOutcome> {
    fixture.connection.write_stock(operations).await.unwrap()
}

fn is_unknown(outcome: &WriteOutcome) -> bool {
    matches!(outcome, WriteOutcome::Unknown { .. })
}

#[tokio::test]
async fn counts_are_sent_for_products_in_warehouses_with_their_decimals() {
    let fixture = fixture().await;
    fixture.update(updated("Success", &[]));
    let outcomes = write(&fixture, &[set("A", "788", "9.5"), set("B", "788", "0")]).await;
    assert_eq!(outcomes, [WriteOutcome::Applied, WriteOutcome::Applied]);
    assert_eq!(
        fixture.last_body(),
        json!([
            { "Sku": "A", "Quantity": 9.5, "WarehouseId": 788 },
            { "Sku": "B", "Quantity": 0, "WarehouseId": 788 },
        ])
    );
}

#[tokio::test]
async fn what_cannot_be_set_is_rejected_and_nothing_is_sent() {
    let fixture = fixture().await;
    let mut adjustment = set("A", "788", "0");
    adjustment.change = StockChange::Adjust {
        delta: quantity("1"),
    };
    let mut unexpected = set("A", "788", "9");
    unexpected.change = StockChange::Set {
        quantity: quantity("9"),
        expected: Some(quantity("11")),
    };
    let operations = [
        set("GONE", "788", "1"),
        set("B", "876", "1"),
        set("SET", "788", "1"),
        adjustment,
        unexpected,
        set("A", "788", "1").with_basis(Basis::Available),
    ];
    let outcomes = write(&fixture, &operations).await;
    for (outcome, words) in outcomes.iter().zip([
        "no active product `GONE`",
        "does not have `B` in warehouse 876",
        "set the counts of its components",
        "counts only",
        "Ecomdash has 12, not 11",
        "on hand, nothing else",
    ]) {
        let WriteOutcome::Rejected { reason } = outcome else {
            panic!("{outcome:?}");
        };
        assert!(reason.contains(words), "{reason}");
    }
    assert_eq!(fixture.host.sent().len(), 1, "only the look-up");
}

#[tokio::test]
async fn of_a_partial_success_the_messages_tell_by_their_skus_which_failed() {
    let fixture = fixture().await;
    fixture.update(updated(
        "Partial Success",
        &["Index 1: No active products with SKU 'B' were found."],
    ));
    let outcomes = write(&fixture, &[set("A", "788", "9"), set("B", "788", "9")]).await;
    assert_eq!(outcomes[0], WriteOutcome::Applied);
    assert!(matches!(&outcomes[1], WriteOutcome::Rejected { reason } if reason.contains("'B'")));
}

#[tokio::test]
async fn what_a_partial_success_does_not_tell_is_unknown() {
    let untold = fixture().await;
    untold.update(updated("Partial Success", &["Index 0: That did not work."]));
    let outcomes = write(&untold, &[set("A", "788", "9"), set("B", "788", "9")]).await;
    assert!(outcomes.iter().all(is_unknown), "{outcomes:?}");
    let twice = fixture().await;
    twice.update(updated(
        "Partial Success",
        &["Index 0: No active products with SKU 'A' were found."],
    ));
    let operations = [
        set("A", "788", "9"),
        set("A", "876", "9"),
        set("B", "788", "1"),
    ];
    let outcomes = write(&twice, &operations).await;
    assert!(
        is_unknown(&outcomes[0]) && is_unknown(&outcomes[1]),
        "{outcomes:?}"
    );
    assert_eq!(outcomes[2], WriteOutcome::Applied);
}

#[tokio::test]
async fn a_failure_rejects_a_lost_answer_is_unknown_and_a_refusal_of_all_is_an_error() {
    let failed = fixture().await;
    failed.update(updated(
        "Failure",
        &["Index 0: No active products with SKU 'A' were found."],
    ));
    let outcomes = write(&failed, &[set("A", "788", "9")]).await;
    assert!(matches!(outcomes[0], WriteOutcome::Rejected { .. }));
    for answer in [
        Answer::unreachable(),
        Answer::new(500, "{}"),
        Answer::new(200, "<html>"),
    ] {
        let lost = fixture().await;
        lost.update(answer);
        assert!(is_unknown(&write(&lost, &[set("A", "788", "9")]).await[0]));
    }
    let limited = fixture().await;
    limited.update(Answer::new(429, "{}"));
    let error = limited
        .connection
        .write_stock(&[set("A", "788", "9")])
        .await
        .unwrap_err();
    assert!(matches!(error.kind, ErrorKind::RateLimited { .. }));
}

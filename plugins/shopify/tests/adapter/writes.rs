//! Writes: compare and set, one bad row, and operations whose answer was lost.

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{
    Basis, ErrorKind, LocationId, Quantity, Sku, StockChange, StockOperation, WriteOutcome,
};
use serde_json::{Value, json};

use crate::support::{GRAPHQL, Shop, item, items, kind, level};

fn set(op_id: &str, number: u64, quantity: i64, expected: Option<i64>) -> StockOperation {
    let change = StockChange::Set {
        quantity: Quantity::units(quantity),
        expected: expected.map(Quantity::units),
    };
    let location = LocationId::from("gid://shopify/Location/1");
    StockOperation::new(op_id, Sku::new("MUG").unwrap(), location, change)
        .with_item(format!("gid://shopify/InventoryItem/{number}"))
        .with_basis(Basis::Available)
}

fn adjust(op_id: &str, number: u64, delta: i64) -> StockOperation {
    {
        let mut operation = set(op_id, number, 0, None);
        operation.change = StockChange::Adjust {
            delta: Quantity::units(delta),
        };
        operation
    }
}

fn known(numbers: &[u64]) -> Value {
    let nodes: Vec<_> = numbers
        .iter()
        .map(|number| item(*number, "MUG", json!([level(1, 5)])))
        .collect();
    json!({ "data": { "nodes": nodes } })
}

fn written(errors: &[Value]) -> Value {
    json!({ "data": { "written": { "inventoryAdjustmentGroup": null, "userErrors": errors } } })
}

fn error(code: &str, row: &str) -> Value {
    json!({ "code": code, "field": ["input", "quantities", row, "inventoryItemId"], "message": "no" })
}

#[tokio::test]
async fn a_set_says_what_it_expects_or_that_it_expects_nothing() {
    let shop = Shop::open().await;
    shop.answers_json(&known(&[11, 12]))
        .answers_json(&written(&[]));
    let operations = vec![set("a", 11, 8, Some(5)), set("b", 12, 3, None)];
    let outcomes = shop.connection.write_stock(&operations).await.unwrap();
    assert_eq!(outcomes, [WriteOutcome::Applied, WriteOutcome::Applied]);
    let (name, variables) = shop.asked().pop().unwrap();
    assert_eq!(name, "SetQuantities");
    let rows = variables["input"]["quantities"].as_array().unwrap();
    assert_eq!(
        (&rows[0]["changeFromQuantity"], &rows[0]["quantity"]),
        (&json!(5), &json!(8))
    );
    assert_eq!(rows[1].get("changeFromQuantity"), Some(&Value::Null));
    assert_eq!(variables["input"]["name"], "available");
    assert!(variables["key"].as_str().unwrap().len() == 36);
}

#[tokio::test]
async fn one_bad_row_is_taken_out_and_the_rest_sent_under_a_new_key() {
    let shop = Shop::open().await;
    shop.answers_json(&known(&[11, 12, 13]));
    shop.answers_json(&written(&[error("CHANGE_FROM_QUANTITY_STALE", "1")]))
        .answers_json(&written(&[]));
    let operations = vec![
        set("a", 11, 8, None),
        set("b", 12, 3, Some(9)),
        set("c", 13, 1, None),
    ];
    let outcomes = shop.connection.write_stock(&operations).await.unwrap();
    assert_eq!(
        (&outcomes[0], &outcomes[2]),
        (&WriteOutcome::Applied, &WriteOutcome::Applied)
    );
    assert!(
        matches!(&outcomes[1], WriteOutcome::Rejected { reason } if reason.contains("another number"))
    );
    let asked = shop.asked();
    assert_eq!(
        asked[2].1["input"]["quantities"].as_array().unwrap().len(),
        2
    );
    assert_ne!(asked[1].1["key"], asked[2].1["key"]);
}

#[tokio::test]
async fn an_operation_whose_answer_was_lost_is_sent_again_exactly_as_it_was() {
    let shop = Shop::open().await;
    shop.answers_json(&known(&[11, 12]));
    shop.host.answer(GRAPHQL, Answer::unreachable());
    let both = vec![adjust("a", 11, 2), adjust("b", 12, -1)];
    let lost = shop.connection.write_stock(&both).await.unwrap();
    assert!(
        lost.iter()
            .all(|outcome| matches!(outcome, WriteOutcome::Unknown { .. }))
    );
    shop.answers_json(&written(&[]));
    let again = shop
        .connection
        .write_stock(&[adjust("b", 12, -1)])
        .await
        .unwrap();
    assert_eq!(again, [WriteOutcome::Applied]);
    let asked = shop.asked();
    assert_eq!(asked[1], asked[2], "the same rows under the same key");
    let other = shop
        .connection
        .write_stock(&[adjust("a", 11, 2)])
        .await
        .unwrap();
    assert_eq!(
        (other, shop.asked().len()),
        (vec![WriteOutcome::Applied], 3)
    );
}

/// A shop in which the answer to the adjustment `a` of item 11 was lost.
async fn shop_with_a_lost_answer() -> Shop {
    let shop = Shop::open().await;
    shop.answers_json(&known(&[11]));
    shop.host.answer(GRAPHQL, Answer::unreachable());
    let lost = shop.connection.write_stock(&[adjust("a", 11, 2)]).await;
    assert!(is_unknown(&lost.unwrap()[0]));
    shop
}

fn is_unknown(outcome: &WriteOutcome) -> bool {
    matches!(outcome, WriteOutcome::Unknown { .. })
}

#[tokio::test]
async fn what_was_applied_is_told_even_when_it_cannot_be_noted() {
    let shop = shop_with_a_lost_answer().await;
    shop.answers_json(&written(&[]));
    shop.host.lose_commit_answers(1);
    let outcomes = shop.connection.write_stock(&[adjust("a", 11, 2)]).await;
    assert_eq!(outcomes.unwrap(), [WriteOutcome::Applied]);
}

#[tokio::test]
async fn what_was_applied_is_told_even_when_the_rest_cannot_be_planned() {
    let shop = shop_with_a_lost_answer().await;
    shop.answers_json(&written(&[]));
    shop.host.answer(GRAPHQL, Answer::new(423, ""));
    let both = [adjust("a", 11, 2), adjust("b", 12, 1)];
    let outcomes = shop.connection.write_stock(&both).await.unwrap();
    assert_eq!(outcomes[0], WriteOutcome::Applied);
    assert!(is_unknown(&outcomes[1]), "{outcomes:?}");
}

#[tokio::test]
async fn what_was_sent_before_stays_unknown_while_shopify_cannot_be_asked() {
    let shop = shop_with_a_lost_answer().await;
    shop.host.answer(GRAPHQL, Answer::new(423, ""));
    let outcomes = shop.connection.write_stock(&[adjust("a", 11, 2)]).await;
    assert!(is_unknown(&outcomes.unwrap()[0]));
}

#[tokio::test]
async fn a_key_that_was_used_for_something_else_is_not_replaced_by_a_new_one() {
    let mismatch =
        json!({ "code": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "field": null, "message": "used" });
    let shop = shop_with_a_lost_answer().await;
    for sent in [3, 4] {
        shop.answers_json(&written(std::slice::from_ref(&mismatch)));
        let outcomes = shop.connection.write_stock(&[adjust("a", 11, 2)]).await;
        assert!(is_unknown(&outcomes.unwrap()[0]));
        assert_eq!(shop.asked().len(), sent);
    }
}

#[tokio::test]
async fn an_error_that_names_a_row_nobody_sent_refuses_them_all_at_once() {
    let shop = Shop::open().await;
    shop.answers_json(&known(&[11]))
        .answers_json(&written(&[error("INVALID_LOCATION", "7")]));
    let outcomes = shop.connection.write_stock(&[adjust("a", 11, 2)]).await;
    assert!(
        matches!(&outcomes.unwrap()[0], WriteOutcome::Rejected { reason } if reason.contains("INVALID_LOCATION"))
    );
}

#[tokio::test]
async fn a_lost_attempt_that_failed_is_planned_anew() {
    let shop = Shop::open().await;
    shop.answers_json(&known(&[11]));
    shop.host.answer(GRAPHQL, Answer::new(502, ""));
    shop.connection
        .write_stock(&[adjust("a", 11, 2)])
        .await
        .unwrap();
    let failed = json!({ "code": "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "field": null, "message": "failed" });
    shop.answers_json(&written(std::slice::from_ref(&failed)));
    shop.answers_json(&known(&[11]))
        .answers_json(&written(&[failed]))
        .answers_json(&written(&[]));
    let outcomes = shop
        .connection
        .write_stock(&[adjust("a", 11, 2)])
        .await
        .unwrap();
    assert_eq!(outcomes, [WriteOutcome::Applied]);
}

#[tokio::test]
async fn a_key_still_being_worked_is_waited_for() {
    let shop = Shop::open().await;
    let busy =
        json!({ "code": "IDEMPOTENCY_CONCURRENT_REQUEST", "field": null, "message": "busy" });
    shop.answers_json(&known(&[11]))
        .answers_json(&written(&[busy]))
        .answers_json(&written(&[]));
    let outcomes = shop
        .connection
        .write_stock(&[adjust("a", 11, 2)])
        .await
        .unwrap();
    assert_eq!(outcomes, [WriteOutcome::Applied]);
    let asked = shop.asked();
    assert_eq!(asked[1].1["key"], asked[2].1["key"]);
}

#[tokio::test]
async fn what_shopify_cannot_do_is_refused_without_asking_it() {
    let shop = Shop::open().await;
    let mut untracked = item(12, "MUG", json!([level(1, 5)]));
    untracked["tracked"] = json!(false);
    shop.answers_json(
        &json!({ "data": { "nodes": [item(11, "MUG", json!([level(2, 5)])), untracked, null] } }),
    );
    let half = {
        let mut operation = adjust("d", 11, 0);
        operation.change = StockChange::Adjust {
            delta: "0.5".parse().unwrap(),
        };
        operation.location = LocationId::from("gid://shopify/Location/2");
        operation
    };
    let reserve = {
        let mut operation = half.clone();
        operation.change = StockChange::Reserve {
            quantity: Quantity::units(1),
        };
        operation
    };
    let operations = vec![
        adjust("a", 11, 1),
        adjust("b", 12, 1),
        adjust("c", 13, 1),
        half,
        reserve,
    ];
    let outcomes = shop.connection.write_stock(&operations).await.unwrap();
    let expected = [
        "not stocked",
        "does not track",
        "no longer exists",
        "whole units",
        "own orders",
    ];
    for (outcome, expected) in outcomes.iter().zip(expected) {
        assert!(
            matches!(outcome, WriteOutcome::Rejected { reason } if reason.contains(expected)),
            "{outcome:?}"
        );
    }
    assert_eq!(shop.names(), ["InventoryItemsByIds"]);
}

#[tokio::test]
async fn an_ambiguous_sku_is_not_written_unless_the_item_is_named() {
    let shop = Shop::open().await;
    let twins = [
        item(11, "MUG", json!([level(1, 5)])),
        item(12, "MUG", json!([level(1, 5)])),
    ];
    shop.answers_json(&items(&twins, None));
    let unnamed = {
        let mut operation = adjust("a", 11, 1);
        operation.item = None;
        operation
    };
    let outcomes = shop.connection.write_stock(&[unnamed]).await.unwrap();
    assert!(
        matches!(&outcomes[0], WriteOutcome::Rejected { reason } if reason.contains("several")),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn when_nothing_was_sent_the_call_fails_as_a_whole() {
    let shop = Shop::open().await;
    shop.answers_json(&known(&[11]));
    shop.host.answer(GRAPHQL, Answer::new(423, ""));
    let outcome = shop.connection.write_stock(&[adjust("a", 11, 1)]).await;
    assert_eq!(kind(outcome), ErrorKind::Upstream { status: 423 });
}

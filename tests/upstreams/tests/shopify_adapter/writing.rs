//! Writes reach the shop once, row by row, and only over the number that was expected.

use bestand_plugin_api::{Basis, Quantity, Sku, StockChange, StockOperation, WriteOutcome};
use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use bestand_upstreams::shopify::stock::NewItem;

use crate::wire::{Connected, place};

fn operation(connected: &Connected, op_id: &str, sku: &str, change: StockChange) -> StockOperation {
    let (sku, location) = (Sku::new(sku).unwrap(), place(connected.location));
    StockOperation::new(op_id, sku, location, change).with_basis(Basis::Available)
}

fn set(quantity: i64, expected: Option<i64>) -> StockChange {
    StockChange::Set {
        quantity: Quantity::units(quantity),
        expected: expected.map(Quantity::units),
    }
}

fn adjust(delta: i64) -> StockChange {
    StockChange::Adjust {
        delta: Quantity::units(delta),
    }
}

#[tokio::test]
async fn a_bundle_and_a_stale_row_leave_the_others_alone() {
    let connected = Connected::new().await;
    let main = connected.location;
    let items = connected.shop.add_items([
        NewItem::sku("A").at(main, 5),
        NewItem {
            bundle: true,
            ..NewItem::sku("BUNDLE")
        }
        .at(main, 1),
        NewItem::sku("B").at(main, 5),
        NewItem::sku("C").at(main, 5),
    ]);
    let operations = vec![
        operation(&connected, "1", "A", set(8, Some(5))),
        operation(&connected, "2", "BUNDLE", set(9, None)),
        operation(&connected, "3", "B", set(9, Some(4))),
        operation(
            &connected,
            "4",
            "C",
            StockChange::Set {
                quantity: Quantity::units(2),
                expected: None,
            },
        ),
    ];
    let outcomes = connected.write(operations).await;
    assert_eq!(
        (&outcomes[0], &outcomes[3]),
        (&WriteOutcome::Applied, &WriteOutcome::Applied)
    );
    for outcome in &outcomes[1..3] {
        assert!(
            matches!(outcome, WriteOutcome::Rejected { .. }),
            "{outcome:?}"
        );
    }
    let held: Vec<_> = items
        .iter()
        .map(|item| connected.shop.quantity(*item, main, "available").unwrap())
        .collect();
    assert_eq!(held, [8, 1, 5, 2]);
}

#[tokio::test]
async fn an_adjustment_whose_answer_was_lost_counts_once() {
    let connected = Connected::new().await;
    let item = connected
        .shop
        .add_items([NewItem::sku("A").at(connected.location, 5)])[0];
    connected
        .shop
        .fault(FaultRule::from(Fault::AnswerLost).on("AdjustQuantities"));
    let lost = connected
        .write(vec![operation(&connected, "1", "A", adjust(3))])
        .await;
    assert!(matches!(&lost[0], WriteOutcome::Unknown { .. }), "{lost:?}");
    for _ in 0..2 {
        let again = connected
            .write(vec![operation(&connected, "1", "A", adjust(3))])
            .await;
        assert_eq!(again, [WriteOutcome::Applied]);
    }
    assert_eq!(
        connected
            .shop
            .quantity(item, connected.location, "available"),
        Some(8)
    );
    let fresh = connected
        .write(vec![operation(&connected, "2", "A", adjust(3))])
        .await;
    assert_eq!(fresh, [WriteOutcome::Applied]);
    assert_eq!(
        connected
            .shop
            .quantity(item, connected.location, "available"),
        Some(11)
    );
}

#[tokio::test]
async fn on_hand_can_be_set_and_a_request_that_never_arrived_is_sent_anew() {
    let connected = Connected::new().await;
    let item = connected
        .shop
        .add_items([NewItem::sku("A").at(connected.location, 5)])[0];
    connected.shop.commit(item, connected.location, 2);
    connected
        .shop
        .fault(FaultRule::from(Fault::Reset).on("SetQuantities"));
    let on_hand = operation(&connected, "1", "A", set(12, Some(5))).with_basis(Basis::OnHand);
    let lost = connected.write(vec![on_hand.clone()]).await;
    assert!(matches!(&lost[0], WriteOutcome::Unknown { .. }), "{lost:?}");
    assert_eq!(
        connected.write(vec![on_hand]).await,
        [WriteOutcome::Applied]
    );
    let held = ["available", "committed", "on_hand"]
        .map(|name| connected.shop.quantity(item, connected.location, name));
    assert_eq!(held, [Some(10), Some(2), Some(12)]);
}

#[tokio::test]
async fn a_busy_key_is_waited_for() {
    let connected = Connected::new().await;
    let item = connected
        .shop
        .add_items([NewItem::sku("A").at(connected.location, 5)])[0];
    connected.shop.fault(Fault::IdempotencyConcurrent);
    connected
        .shop
        .fault(FaultRule::from(Fault::IdempotencyConcurrent).on("AdjustQuantities"));
    let outcomes = connected
        .write(vec![operation(&connected, "1", "A", adjust(-1))])
        .await;
    assert_eq!(outcomes, [WriteOutcome::Applied]);
    assert_eq!(
        connected
            .shop
            .quantity(item, connected.location, "available"),
        Some(4)
    );
}

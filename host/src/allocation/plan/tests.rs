//! What becomes of allocations, case by case.

use std::sync::Arc;

use bestand_plugin_api::Timestamp;

use super::*;
use crate::article::{Kit, KitComponent, Naming, Pack, SkuAlias};
use crate::id::{AccountId, SourceId};
use crate::order::{LineKind, OrderLine};

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn sku(code: &str) -> Sku {
    Sku::new(code).unwrap()
}

/// A source that calls every article as we do.
fn plain(source: SourceId) -> SourceNaming {
    SourceNaming::new(Arc::default(), source)
}

fn order(status: OrderStatus, lines: &[(&str, i64)]) -> Order {
    let line = |(index, (code, quantity)): (usize, &(&str, i64))| OrderLine {
        line: u32::try_from(index).unwrap() + 1,
        sku: Some(sku(code)),
        name: None,
        quantity: Quantity::units(*quantity),
        kind: LineKind::Goods,
    };
    Order {
        account_id: AccountId::new(),
        number: "1".parse().unwrap(),
        status,
        ship_from_id: None,
        lines: lines.iter().enumerate().map(line).collect(),
        ordered_at: None,
        sort_at: NOW,
        updated_at: NOW,
        version: 1,
        allocations: Vec::new(),
        overridden_by: None,
    }
}

fn allocation(source: SourceId, code: &str, quantity: i64, state: AllocationState) -> Allocation {
    Allocation {
        order_number: "1".parse().unwrap(),
        sku: sku(code),
        source_id: source,
        quantity: Quantity::units(quantity),
        state,
        operation_id: "op".into(),
        order_version: 1,
    }
}

#[test]
fn lines_of_one_article_are_needed_together() {
    let order = order(
        OrderStatus::AwaitingShipment,
        &[("A", 2), ("B", 1), ("A", 3)],
    );
    let needed: Vec<_> = demand(&order, &plain(SourceId::new()))
        .into_iter()
        .collect();
    assert_eq!(
        needed,
        [
            (sku("A"), Quantity::units(5)),
            (sku("B"), Quantity::units(1))
        ]
    );
}

#[test]
fn what_is_promised_follows_its_order() {
    use AllocationState::{Releasing, Reserved, Reserving, Shipped, Shipping};
    use OrderStatus::{AwaitingShipment, Cancelled, OnHold};
    let source = SourceId::new();
    let check =
        |status, lines: &[(&str, i64)], promised: &[(&str, i64, AllocationState)], expected| {
            let promised = promised
                .iter()
                .map(|(code, quantity, state)| allocation(source, code, *quantity, *state));
            let promised: Vec<_> = promised.collect();
            let order = order(status, lines);
            assert_eq!(
                plan(Some(&order), Some(&plain(source)), &promised),
                expected,
                "{status} {lines:?}"
            );
        };
    let needed = [("A", 2), ("B", 1)];
    let both = |state| [("A", 2, state), ("B", 1, state)];
    check(AwaitingShipment, &needed, &both(Reserved), Plan::Keep);
    check(
        AwaitingShipment,
        &[("A", 2)],
        &both(Reserved),
        Plan::Release,
    );
    check(
        AwaitingShipment,
        &[("A", 3), ("B", 1)],
        &both(Reserved),
        Plan::Release,
    );
    check(
        AwaitingShipment,
        &needed,
        &[("A", 2, Reserved)],
        Plan::Release,
    );
    check(OnHold, &needed, &both(Reserved), Plan::Release);
    check(Cancelled, &needed, &both(Reserved), Plan::Release);
    check(OrderStatus::Shipped, &needed, &both(Reserved), Plan::Ship);
    check(OrderStatus::Shipped, &needed, &both(Shipped), Plan::Keep);
    check(OrderStatus::Shipped, &needed, &[], Plan::Keep);
    for state in [Reserving, Releasing, Shipping] {
        check(
            Cancelled,
            &needed,
            &[("A", 2, Reserved), ("B", 1, state)],
            Plan::GoOn,
        );
    }
}

#[test]
fn what_is_promised_elsewhere_or_to_nobody_is_released() {
    let (source, other) = (SourceId::new(), SourceId::new());
    let promised = [allocation(source, "A", 2, AllocationState::Reserved)];
    let waiting = order(OrderStatus::AwaitingShipment, &[("A", 2)]);
    assert_eq!(
        plan(Some(&waiting), Some(&plain(other)), &promised),
        Plan::Release
    );
    assert_eq!(plan(Some(&waiting), None, &promised), Plan::Release);
    assert_eq!(plan(None, Some(&plain(source)), &promised), Plan::Release);
    let overridden = Order {
        overridden_by: Some("anna".into()),
        status: OrderStatus::Shipped,
        ..waiting
    };
    assert_eq!(
        plan(Some(&overridden), Some(&plain(source)), &promised),
        Plan::Release
    );
}

#[test]
fn kits_and_aliases_are_needed_as_the_source_calls_them() {
    let source = SourceId::new();
    let part = |code, quantity| KitComponent {
        sku: sku(code),
        quantity: Quantity::units(quantity),
    };
    let kit = Kit::new(sku("SET"), vec![part("A", 2), part("B", 1)]).unwrap();
    let six_pack = SkuAlias {
        source_id: source,
        sku: sku("A6"),
        source_sku: sku("A"),
        pack: Pack::new(1, 6).unwrap(),
    };
    let naming = Arc::new(Naming::new(vec![kit], vec![six_pack]));
    let ordered = order(
        OrderStatus::AwaitingShipment,
        &[("SET", 3), ("A6", 1), ("B", 1)],
    );
    let needed = |at| demand(&ordered, &SourceNaming::new(Arc::clone(&naming), at));
    let [a, b] = [Quantity::units(12), Quantity::units(4)];
    assert!(
        needed(source)
            .into_iter()
            .eq([(sku("A"), a), (sku("B"), b)])
    );
    let elsewhere: Vec<Sku> = needed(SourceId::new()).into_keys().collect();
    assert_eq!(elsewhere, [sku("A"), sku("A6"), sku("B")]);
}

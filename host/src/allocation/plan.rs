//! What is to become of an order's allocations, as a pure function of the order and of what is promised to it.
//!
//! **Invariant:** no I/O and no clock in here.

use std::collections::BTreeMap;

use bestand_plugin_api::{Quantity, Sku};

use super::{Allocation, AllocationState};
use crate::article::SourceNaming;
use crate::order::{Order, OrderStatus};
use crate::verdict::component::Asked;

/// What is to become of an order's allocations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// They stay as they are.
    Keep,
    /// A step that was broken off is taken up again, before anything else.
    GoOn,
    /// They are taken back.
    Release,
    /// They are deducted.
    Ship,
}

/// What an order needs in all of a source, by the source's SKUs.
#[must_use]
pub fn demand(order: &Order, naming: &SourceNaming) -> BTreeMap<Sku, Quantity> {
    let mut demand = BTreeMap::new();
    for item in Asked::new(order.goods(), naming).of_source() {
        let needed = demand.entry(item.sku).or_insert(Quantity::ZERO);
        *needed = *needed + item.quantity;
    }
    demand
}

/// What is to become of `allocations`, which are all of the order's; the order may be gone. `source` is the one that
/// its ship-from location is linked to now, with what it calls our articles.
#[must_use]
pub fn plan(
    order: Option<&Order>,
    source: Option<&SourceNaming>,
    allocations: &[Allocation],
) -> Plan {
    let is_under_way = |allocation: &Allocation| allocation.state.change(Quantity::ZERO).is_some();
    let are = |state| allocations.iter().any(|each| each.state == state);
    if allocations.iter().any(is_under_way) {
        return Plan::GoOn;
    }
    if !are(AllocationState::Reserved) {
        return Plan::Keep;
    }
    let Some(order) = order.filter(|order| order.overridden_by.is_none()) else {
        return Plan::Release;
    };
    match order.status {
        OrderStatus::Shipped => Plan::Ship,
        OrderStatus::AwaitingShipment if covers(order, source, allocations) => Plan::Keep,
        _ => Plan::Release,
    }
}

/// Whether just what the order needs is promised, at the source that it ships from.
#[must_use]
pub fn covers(order: &Order, source: Option<&SourceNaming>, allocations: &[Allocation]) -> bool {
    let Some(naming) = source else {
        return allocations.is_empty();
    };
    let promised = allocations.iter().filter(|each| each.is_promised());
    let promised: BTreeMap<&Sku, Quantity> = promised
        .filter(|each| each.source_id == naming.source())
        .map(|each| (&each.sku, each.quantity))
        .collect();
    let demand = demand(order, naming);
    promised.len() == allocations.len()
        && promised
            .into_iter()
            .eq(demand.iter().map(|(sku, quantity)| (sku, *quantity)))
}

#[cfg(test)]
mod tests;

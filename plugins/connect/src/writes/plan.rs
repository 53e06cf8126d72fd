//! What is to be pushed for an operation, decided from what is there now.

use bestand_plugin_api::{Basis, Quantity, StockChange, StockOperation, Timestamp};

use crate::answer::Item;
use crate::by_sku::Found;
use crate::contract::PushItem;
use crate::level::place;

/// What is pushed, or why nothing is.
pub(super) fn plan(
    operation: &StockOperation,
    found: &Found,
    now: Timestamp,
) -> Result<PushItem, String> {
    let StockChange::Set { quantity, expected } = &operation.change else {
        return Err("a module takes counts only: no adjustments, reservations or moves".into());
    };
    let item = there(operation, found)?;
    let before = match operation.basis {
        Basis::Available => item.available,
        Basis::OnHand => item.on_hand,
        _ => return Err("a module counts what is available or on hand, nothing else".into()),
    };
    if let Some(expected) = expected.filter(|expected| before != Some(*expected)) {
        let there = before.map_or("an unknown number".into(), |before| before.to_string());
        return Err(format!("the module has {there}, not {expected}"));
    }
    let (available, on_hand) = match operation.basis {
        Basis::Available => (*quantity, None),
        _ => (*quantity - bound(operation, item)?, Some(*quantity)),
    };
    Ok(PushItem {
        integration_entity_id: id(operation, item),
        integration_inventory_item_id: id(operation, item),
        sku: operation.sku.clone(),
        available_quantity: whole(available)?,
        onhand_quantity: on_hand.map(whole).transpose()?,
        warehouse_id: item.warehouse.clone(),
        updated_at: now.to_string(),
    })
}

/// The one item that is meant.
fn there<'a>(operation: &StockOperation, found: &'a Found) -> Result<&'a Item, String> {
    let sku = &operation.sku;
    let is_meant = |item: &&Item| {
        let reference = operation.item.as_ref();
        let is_same = reference.is_none_or(|reference| item.id.as_deref() == Some(&reference.0));
        item.sku == *sku && place(item) == operation.location && is_same
    };
    let mut items = found.items.iter().filter(is_meant);
    match (items.next(), items.next()) {
        (Some(item), None) => Ok(item),
        (Some(item), Some(other)) if item.id == other.id => Ok(item),
        (Some(_), Some(_)) => Err(format!(
            "the module has several articles `{sku}` at `{}`, so it is not known which is meant",
            operation.location
        )),
        (None, _) => Err(format!(
            "the module has no article `{sku}` at `{}`",
            operation.location
        )),
    }
}

/// What of the stock on hand is bound, and stays so.
fn bound(operation: &StockOperation, item: &Item) -> Result<Quantity, String> {
    match (item.on_hand, item.available) {
        (Some(on_hand), Some(available)) => Ok(on_hand - available),
        _ => Err(format!(
            "the module does not tell how many of `{}` are on hand; set what is available",
            operation.sku
        )),
    }
}

fn id(operation: &StockOperation, item: &Item) -> String {
    let id = item.id.as_deref();
    id.unwrap_or(&operation.sku).to_owned()
}

/// The contract has whole numbers.
fn whole(quantity: Quantity) -> Result<i64, String> {
    match quantity.is_whole() {
        true => Ok(quantity.floor()),
        false => Err(format!("a module takes whole numbers only, not {quantity}")),
    }
}

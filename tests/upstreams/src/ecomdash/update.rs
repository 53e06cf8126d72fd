//! `POST inventory/updateQuantityOnHand`: counts that are set, with a message for each that is not.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Units;
use super::book::Book;

/// What became of the counts.
///
/// # Errors
/// What is wrong with the request as a whole.
pub(crate) fn answer(book: &mut Book, request: &Value, now: Timestamp) -> Result<Value, String> {
    let counts = request
        .as_array()
        .ok_or("the body must be a list of counts")?;
    let refusals: Vec<String> = counts
        .iter()
        .enumerate()
        .filter_map(|(index, count)| {
            Some(format!("Index {index}: {}", take(book, count, now).err()?))
        })
        .collect();
    let status = match refusals.len() {
        0 => "Success",
        refused if refused == counts.len() => "Failure",
        _ => "Partial Success",
    };
    Ok(json!({ "status": status, "messages": refusals }))
}

fn take(book: &mut Book, count: &Value, now: Timestamp) -> Result<(), String> {
    let sku = count["Sku"].as_str().unwrap_or_default();
    let on_hand = Units::from_json(&count["Quantity"])
        .ok_or_else(|| format!("The quantity of '{sku}' is no number."))?;
    let warehouse = count["WarehouseId"].as_u64().unwrap_or_default();
    let taken = book.update(sku, warehouse, on_hand, now);
    taken.ok_or_else(|| format!("No active products with SKU '{sku}' were found."))
}

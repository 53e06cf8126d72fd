//! `/inventory_push`: counts that are set; no error for an item is success.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::ModuleOptions;
use super::book::Book;
use super::cursor::Cursor;
use super::fetch::{locked_error, not_found_error, processing};

/// The answer to a request that keeps to the contract. Where the module prepares its answers, it takes the counts
/// once it is asked again.
///
/// # Errors
/// Why the cursor is refused.
pub(crate) fn answer(
    options: &ModuleOptions,
    book: &mut Book,
    request: &Value,
    now: Timestamp,
) -> Result<Value, String> {
    match request["cursor"].as_str().map(Cursor::read) {
        Some(Some(Cursor::Report { ready_at })) if now < ready_at => {
            return Ok(processing(ready_at, now));
        }
        Some(Some(Cursor::Report { .. })) => {}
        None if options.prepares_for_ms > 0 => {
            let ready_at = now + SignedDuration::from_millis(options.prepares_for_ms.into());
            return Ok(processing(ready_at, now));
        }
        None => {}
        Some(_) => return Err("the cursor is not one of this module".into()),
    }
    let items = request["items"].as_array().into_iter().flatten();
    let errors: Vec<Value> = items.filter_map(|item| take(book, item, now)).collect();
    Ok(match errors.is_empty() {
        true => json!({}),
        false => json!({ "errors": errors }),
    })
}

/// Takes one count, or tells why not.
fn take(book: &mut Book, pushed: &Value, now: Timestamp) -> Option<Value> {
    let text = |name: &str| pushed[name].as_str();
    let id = text("integration_entity_id").or(text("integration_inventory_item_id"))?;
    let sku = text("sku")?;
    if book.is_locked(sku) {
        return Some(locked_error(id, sku));
    }
    let Some(item) = book.item_mut(id).filter(|item| item.stock.sku == sku) else {
        return Some(not_found_error(sku));
    };
    let on_hand = pushed["onhand_quantity"].as_i64().or(item.stock.on_hand);
    item.stock.available = pushed["available_quantity"].as_i64()?;
    item.stock.on_hand = on_hand;
    item.stock.committed = on_hand.map(|on_hand| on_hand - item.stock.available);
    item.updated_at = now;
    None
}

//! `/inventory_fetch`: which items, on which page, and how they are told.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::book::{Book, Item};
use super::cursor::Cursor;
use super::{IdName, ModuleOptions};

/// What a fetch is limited to.
struct Criteria<'a> {
    skus: Option<HashSet<&'a str>>,
    from: Option<Timestamp>,
}

/// The answer to a request that keeps to the contract.
///
/// # Errors
/// Why the cursor is refused.
pub(crate) fn answer(
    options: &ModuleOptions,
    book: &Book,
    request: &Value,
    now: Timestamp,
) -> Result<Value, String> {
    let criteria = Criteria::of(request);
    let cursor = request["cursor"].as_str().map(|text| {
        Cursor::read(text).ok_or_else(|| "the cursor is not one of this module".to_owned())
    });
    let after = match cursor.transpose()? {
        Some(Cursor::Report { ready_at }) if now < ready_at => {
            return Ok(processing(ready_at, now));
        }
        None if options.prepares_for_ms > 0 && criteria.skus.is_none() => {
            let ready_at = now + SignedDuration::from_millis(options.prepares_for_ms.into());
            return Ok(processing(ready_at, now));
        }
        Some(Cursor::After { id }) => Some(id),
        _ => None,
    };
    let is_behind = |id: &str| after.as_deref().is_none_or(|after| id > after);
    let mut wanted = book
        .items()
        .filter(|(id, item)| is_behind(id) && criteria.wants(item));
    let page: Vec<_> = wanted.by_ref().take(options.page_items.max(1)).collect();
    let has_more = wanted.next().is_some();
    let (locked, told): (Vec<_>, Vec<_>) = page
        .iter()
        .partition(|(_, item)| book.is_locked(&item.stock.sku));
    let items: Vec<Value> = told
        .iter()
        .map(|(id, item)| options.told(id, item, now))
        .collect();
    let mut errors: Vec<Value> = locked
        .iter()
        .map(|(id, item)| locked_error(id, &item.stock.sku))
        .collect();
    if after.is_none() {
        errors.extend(criteria.missing(book).map(not_found_error));
    }
    let mut answer = json!({ "items": items });
    if let (true, Some((id, _))) = (has_more, page.last()) {
        answer["cursor"] = Cursor::After {
            id: (*id).to_owned(),
        }
        .text()
        .into();
    }
    if !errors.is_empty() {
        answer["errors"] = errors.into();
    }
    Ok(answer)
}

/// A report that is not ready yet.
pub(crate) fn processing(ready_at: Timestamp, now: Timestamp) -> Value {
    let wait_ms = ready_at.duration_since(now).as_millis().max(1);
    json!({
        "poll_after_ms": u64::try_from(wait_ms).unwrap_or(1),
        "cursor": Cursor::Report { ready_at }.text(),
        "message": "the report is being prepared",
    })
}

pub(crate) fn locked_error(id: &str, sku: &str) -> Value {
    json!({
        "integration_inventory_item_id": id, "sku": sku, "category": "resource_locked",
        "message": "The item is being counted.",
    })
}

pub(crate) fn not_found_error(sku: &str) -> Value {
    json!({
        "integration_inventory_item_id": sku, "sku": sku, "category": "not_found",
        "message": "There is no such item.",
    })
}

/// A moment to the second, so that the same items make the same bytes.
fn told_at(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

// === impl Criteria ===

impl<'a> Criteria<'a> {
    fn of(request: &'a Value) -> Self {
        let criteria = &request["criteria"];
        let skus = criteria["skus"].as_array();
        Self {
            skus: skus.map(|skus| skus.iter().filter_map(Value::as_str).collect()),
            from: criteria["from_date_time"]
                .as_str()
                .and_then(|text| text.parse().ok()),
        }
    }

    fn wants(&self, item: &Item) -> bool {
        let skus = self.skus.as_ref();
        skus.is_none_or(|skus| skus.contains(item.stock.sku.as_str()))
            && self.from.is_none_or(|from| item.updated_at > from)
    }

    fn missing(&self, book: &Book) -> impl Iterator<Item = &'a str> {
        let skus = self.skus.iter().flatten().copied();
        skus.filter(|sku| !book.has_sku(sku))
    }
}

// === impl ModuleOptions ===

impl ModuleOptions {
    fn told(&self, id: &str, item: &Item, now: Timestamp) -> Value {
        let stock = &item.stock;
        let mut told = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                told.insert(name.to_owned(), value);
            }
        };
        let id_name = match self.id_name {
            IdName::Entity => "integration_entity_id",
            IdName::InventoryItem => "integration_inventory_item_id",
        };
        put(id_name, Some(id.into()));
        put("sku", Some(stock.sku.clone().into()));
        put("available_quantity", Some(stock.available.into()));
        put("onhand_quantity", stock.on_hand.map(Into::into));
        put("allocated_quantity", stock.allocated.map(Into::into));
        put("committed_quantity", stock.committed.map(Into::into));
        put("warehouse_id", stock.warehouse.clone().map(Into::into));
        put("fetched_at", Some(told_at(now).into()));
        put("updated_at", Some(told_at(item.updated_at).into()));
        told.into()
    }
}

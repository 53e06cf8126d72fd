//! Writes of quantities: compare and set, adjust, and the refusal of the whole batch for one bad row.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::gid::{find_number, gid};
use super::quantities::Quantities;
use super::shop::Shop;
use super::stock::LevelKey;

/// The two mutations, which share everything but what a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `inventorySetQuantities`: a row names the new quantity.
    Set,
    /// `inventoryAdjustQuantities`: a row names the difference.
    Adjust,
}

/// A row that passed, ready to be applied.
struct Change {
    key: LevelKey,
    quantity: i32,
    delta: i32,
    ledger: Value,
}

/// A row's error: code, the row's field at fault, message.
type RowError = (Option<&'static str>, &'static str, String);

const QUANTITY_MAX: i64 = 1_000_000_000;

const REASONS: [&str; 17] = [
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "movement_updated",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
];

impl Form {
    fn rows(self) -> &'static str {
        match self {
            Form::Set => "quantities",
            Form::Adjust => "changes",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Form::Set => &["available", "on_hand"],
            Form::Adjust => &[
                "available",
                "damaged",
                "incoming",
                "quality_control",
                "reserved",
                "safety_stock",
            ],
        }
    }
}

/// The argument that the schema calls optional and the service does not: null must be said.
pub(crate) fn missing_argument(input: &Value, form: Form) -> Option<String> {
    let rows = input[form.rows()].as_array()?;
    let missing = rows
        .iter()
        .any(|row| row.get("changeFromQuantity").is_none());
    let type_name = match form {
        Form::Set => "InventoryQuantityInput",
        Form::Adjust => "InventoryChangeInput",
    };
    missing.then(|| format!("{type_name} must include the following argument: changeFromQuantity."))
}

/// Applies every row or none, and answers the mutation's payload.
pub(crate) fn write(shop: &mut Shop, input: &Value, form: Form, now: Timestamp) -> Value {
    let name = input["name"].as_str().unwrap_or_default();
    let mut errors = input_errors(input, name, form);
    let mut changes = Vec::new();
    let mut seen = HashSet::new();
    for (index, row) in input[form.rows()]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        match change(shop, row, name, form, &mut seen) {
            Ok(change) => changes.push(change),
            Err((code, field, message)) => errors.push(json!({
                "code": code,
                "field": ["input", form.rows(), index.to_string(), field],
                "message": message,
            })),
        }
    }
    if !errors.is_empty() {
        return json!({ "inventoryAdjustmentGroup": null, "userErrors": errors });
    }
    let rows: Vec<_> = changes
        .iter()
        .flat_map(|change| apply(shop, change, name, now))
        .collect();
    let group = json!({
        "id": gid("InventoryAdjustmentGroup", shop.next_number()),
        "createdAt": now.to_string(),
        "reason": input["reason"],
        "referenceDocumentUri": input["referenceDocumentUri"],
        "changes": rows,
    });
    json!({ "inventoryAdjustmentGroup": group, "userErrors": [] })
}

fn input_errors(input: &Value, name: &str, form: Form) -> Vec<Value> {
    let mut errors = Vec::new();
    let mut refuse = |code: &str, field: &str, message: &str| {
        errors.push(json!({ "code": code, "field": ["input", field], "message": message }));
    };
    if !form.names().contains(&name) {
        let code = if form == Form::Set {
            "INVALID_NAME"
        } else {
            "INVALID_QUANTITY_NAME"
        };
        refuse(
            code,
            "name",
            "The quantity name is not valid for this mutation.",
        );
    }
    if !REASONS.contains(&input["reason"].as_str().unwrap_or_default()) {
        refuse(
            "INVALID_REASON",
            "reason",
            "The specified reason is invalid.",
        );
    }
    let reference = input["referenceDocumentUri"].as_str();
    if reference.is_some_and(|uri| !uri.contains(':')) {
        let message = "The reference document must be a URI with a scheme.";
        refuse(
            "INVALID_REFERENCE_DOCUMENT",
            "referenceDocumentUri",
            message,
        );
    }
    errors
}

fn change(
    shop: &Shop,
    row: &Value,
    name: &str,
    form: Form,
    seen: &mut HashSet<LevelKey>,
) -> Result<Change, RowError> {
    let number = |field: &str, kind: &str| row[field].as_str().and_then(|id| find_number(id, kind));
    let item = number("inventoryItemId", "InventoryItem")
        .and_then(|id| shop.items.get(&id))
        .ok_or_else(|| {
            (
                Some("INVALID_INVENTORY_ITEM"),
                "inventoryItemId",
                "The specified inventory item could not be found.".into(),
            )
        })?;
    let location = number("locationId", "Location")
        .and_then(|id| shop.locations.get(&id))
        .ok_or_else(|| {
            (
                Some("INVALID_LOCATION"),
                "locationId",
                "The specified location could not be found.".to_owned(),
            )
        })?;
    if item.bundle {
        let message = "The specified inventory item is not allowed to be adjusted via API.";
        return Err((
            Some("NON_MUTABLE_INVENTORY_ITEM"),
            "inventoryItemId",
            message.to_owned(),
        ));
    }
    let key = LevelKey {
        item: item.id,
        location: location.id,
    };
    if form == Form::Set && !seen.insert(key) {
        let message = "The combination of inventoryItemId and locationId must be unique.";
        return Err((
            Some("NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"),
            "inventoryItemId",
            message.to_owned(),
        ));
    }
    let Some(level) = item
        .levels
        .get(&location.id)
        .filter(|level| level.is_active)
    else {
        let message = "The specified inventory item is not stocked at the location.";
        return Err((None, "locationId", message.to_owned()));
    };
    let before = level.quantities.get(name).unwrap_or_default();
    if row["changeFromQuantity"]
        .as_i64()
        .is_some_and(|expected| expected != i64::from(before))
    {
        let message = "The changeFromQuantity argument no longer matches the persisted quantity.";
        return Err((
            Some("CHANGE_FROM_QUANTITY_STALE"),
            "changeFromQuantity",
            message.to_owned(),
        ));
    }
    let (quantity, field) = match form {
        Form::Set => (row["quantity"].as_i64().unwrap_or_default(), "quantity"),
        Form::Adjust => (
            i64::from(before) + row["delta"].as_i64().unwrap_or_default(),
            "delta",
        ),
    };
    let quantity = in_bounds(quantity, name, form)
        .map_err(|(code, message)| (Some(code), field, message.to_owned()))?;
    check_ledger(row, name, form)?;
    Ok(Change {
        key,
        quantity,
        delta: quantity.saturating_sub(before),
        ledger: row["ledgerDocumentUri"].clone(),
    })
}

fn in_bounds(quantity: i64, name: &str, form: Form) -> Result<i32, (&'static str, &'static str)> {
    match quantity {
        _ if quantity > QUANTITY_MAX => Err((
            "INVALID_QUANTITY_TOO_HIGH",
            "The quantity can't be higher than 1,000,000,000.",
        )),
        _ if quantity < -QUANTITY_MAX => Err((
            "INVALID_QUANTITY_TOO_LOW",
            "The quantity can't be lower than -1,000,000,000.",
        )),
        _ if quantity < 0 && name == "on_hand" && form == Form::Set => Err((
            "INVALID_QUANTITY_NEGATIVE",
            "The quantity can't be negative.",
        )),
        _ => Ok(i32::try_from(quantity).unwrap_or_default()),
    }
}

fn check_ledger(row: &Value, name: &str, form: Form) -> Result<(), RowError> {
    let ledger = row["ledgerDocumentUri"].as_str();
    match (form, name, ledger) {
        (Form::Adjust, "available", Some(_)) => {
            let message = "A ledger document URI is not allowed when adjusting available.";
            Err((
                Some("INVALID_AVAILABLE_DOCUMENT"),
                "ledgerDocumentUri",
                message.to_owned(),
            ))
        }
        (Form::Adjust, "available", None) | (Form::Set, ..) | (_, _, Some(_)) => Ok(()),
        (Form::Adjust, _, None) => {
            let message = "A ledger document URI is required except when adjusting available.";
            Err((
                Some("INVALID_QUANTITY_DOCUMENT"),
                "ledgerDocumentUri",
                message.to_owned(),
            ))
        }
    }
}

/// Applies one row and answers its changes; what is part of on hand moves on hand too.
fn apply(shop: &mut Shop, change: &Change, name: &str, now: Timestamp) -> Vec<Value> {
    let before = shop
        .level(change.key)
        .map(|level| level.quantities)
        .unwrap_or_default();
    shop.set_quantity(change.key, name, change.quantity, now);
    let after = shop
        .level(change.key)
        .map(|level| level.quantities)
        .unwrap_or_default();
    let named = |name: &str, delta: i32, ledger: &Value| {
        json!({
            "name": name,
            "delta": delta,
            "quantityAfterChange": null,
            "ledgerDocumentUri": ledger,
            "item": { "$ref": gid("InventoryItem", change.key.item) },
            "location": { "$ref": gid("Location", change.key.location) },
        })
    };
    let mirrored = |name: &str| difference(&before, &after, name);
    let mut rows = Vec::new();
    match name {
        "on_hand" => rows.push(named("available", mirrored("available"), &Value::Null)),
        _ => rows.push(named(name, change.delta, &change.ledger)),
    }
    if mirrored("on_hand") != 0 {
        rows.push(named("on_hand", mirrored("on_hand"), &Value::Null));
    }
    rows
}

fn difference(before: &Quantities, after: &Quantities, name: &str) -> i32 {
    after
        .get(name)
        .unwrap_or_default()
        .saturating_sub(before.get(name).unwrap_or_default())
}

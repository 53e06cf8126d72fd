//! What the contract demands of a request: the published schema where it is at hand, and its rules by hand anyway.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The published document, when the data folder is there: `BESTAND_DATA`, or `../shared/data` beside the project.
static DOCUMENT: LazyLock<Option<Value>> = LazyLock::new(|| {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("BESTAND_DATA").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join("connect-order-source.json")).ok()?;
    serde_json::from_str(&text).ok()
});

/// The methods of the inventory part, each with the name of its request in the document.
const METHODS: [(&str, &str); 3] = [
    ("validate_connection", "ValidateConnectionRequest"),
    ("inventory_fetch", "InventoryFetchRequest"),
    ("inventory_push", "InventoryPushRequest"),
];

/// The schema of that name, when the published document is at hand.
#[must_use]
pub fn published(name: &str) -> Option<Validator> {
    let document = DOCUMENT.as_ref()?;
    let schema = json!({
        "$ref": format!("#/components/schemas/{name}"),
        "components": document["components"],
    });
    Some(jsonschema::validator_for(&schema).expect("the published schemas are schemas"))
}

/// What of a request is against the contract.
pub(crate) fn fault_of(method: &str, request: &Value) -> Option<String> {
    by_hand(method, request).or_else(|| {
        let (_, name) = METHODS.iter().find(|(known, _)| *known == method)?;
        let validator = published(name)?;
        let error = validator.iter_errors(request).next()?;
        Some(format!("{}: {error}", error.instance_path()))
    })
}

fn by_hand(method: &str, request: &Value) -> Option<String> {
    let is_guid = |id: &str| id.len() == 36 && id.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if !request["transaction_id"].as_str().is_some_and(is_guid) {
        return Some("transaction_id must be a guid".into());
    }
    let auth = request["auth"].as_object();
    let Some(auth) = auth.filter(|auth| {
        auth.get("order_source_api_code")
            .is_some_and(Value::is_string)
    }) else {
        return Some("auth.order_source_api_code is required".into());
    };
    let text_members = [
        "username",
        "password",
        "access_token",
        "api_key",
        "url",
        "connection_name",
    ];
    let not_text = text_members
        .iter()
        .find(|name| auth.get(**name).is_some_and(|value| !value.is_string()));
    if let Some(name) = not_text {
        return Some(format!("auth.{name} must be a string"));
    }
    match method {
        "inventory_fetch" => fault_of_criteria(&request["criteria"]),
        "inventory_push" => fault_of_items(&request["items"]),
        _ => None,
    }
}

fn fault_of_criteria(criteria: &Value) -> Option<String> {
    let skus = criteria["skus"].as_array();
    if skus.is_some_and(|skus| !skus.iter().all(Value::is_string)) {
        return Some("criteria.skus must be strings".into());
    }
    let from = criteria["from_date_time"].as_str()?;
    let read = from.parse::<jiff::Timestamp>();
    read.err()
        .map(|_| "criteria.from_date_time must be ISO 8601".into())
}

fn fault_of_items(items: &Value) -> Option<String> {
    let Some(items) = items.as_array() else {
        return Some("items is required".into());
    };
    items.iter().find_map(|item| {
        let is_text = |name: &str| item[name].is_string();
        if !is_text("integration_entity_id") && !is_text("integration_inventory_item_id") {
            return Some("an item must have its id".to_owned());
        }
        if !is_text("sku") {
            return Some("an item must have its sku".to_owned());
        }
        let numbers = [
            "available_quantity",
            "onhand_quantity",
            "allocated_quantity",
        ];
        let wrong = numbers
            .iter()
            .find(|name| item.get(**name).is_some_and(|value| !value.is_i64()));
        match (wrong, item.get("available_quantity")) {
            (Some(name), _) => Some(format!("{name} must be an integer")),
            (None, None) => Some("available_quantity is required".to_owned()),
            (None, Some(_)) => None,
        }
    })
}

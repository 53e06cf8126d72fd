//! Looking into what was sent.

use serde_json::{Map, Value};

/// The text in this field, when it has one that is not empty.
pub(super) fn text<'a>(object: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    let text = object.get(field)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The object in this field.
pub(super) fn part<'a>(
    object: &'a Map<String, Value>,
    field: &str,
) -> Option<&'a Map<String, Value>> {
    object.get(field)?.as_object()
}

/// The objects in this field's list.
pub(super) fn items(object: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let items = object.get("items").and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_object)
}

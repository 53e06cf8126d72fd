//! What stands in a cell of a CSV file: text, so that no decimal is lost.

use bestand_plugin_api::{Quantity, Tracking};

/// A quantity; empty where it is unknown, which is not zero.
pub(super) fn quantity(quantity: Option<Quantity>) -> String {
    quantity
        .map(|quantity| quantity.to_string())
        .unwrap_or_default()
}

/// The word for it, as in JSON.
pub(super) fn tracking(tracking: Tracking) -> String {
    let word = serde_json::to_value(tracking).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

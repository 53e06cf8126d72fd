//! How many can be sold of what a source says.

use bestand_plugin_api::Quantity;

/// The source's own number, else what is on hand and not promised, as far as the source says.
#[must_use]
pub fn sellable(
    available: Option<Quantity>,
    on_hand: Option<Quantity>,
    allocated: Option<Quantity>,
) -> Option<Quantity> {
    available.or_else(|| Some(on_hand? - allocated.unwrap_or(Quantity::ZERO)))
}

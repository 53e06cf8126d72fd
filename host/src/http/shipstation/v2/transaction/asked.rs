//! A change with all that it needs, after everything about it has been looked at.

use bestand_plugin_api::{Condition, Quantity, Sku, Timestamp};
use serde::Deserialize;

use super::super::envelope::REQUIRED;
use super::Transaction;
use super::cost::Cost;
use crate::http::problem::{FieldError, Problem};

/// Most units of one change: more than anybody counts, and far inside a [`Quantity`].
const UNITS_MAX: i64 = 1_000_000_000_000;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Type {
    Increment,
    Decrement,
    Adjust,
    Modify,
}

/// A change with all that it needs.
pub(super) struct Asked<'a> {
    pub(super) kind: Type,
    pub(super) place: &'a str,
    pub(super) sku: Sku,
    pub(super) quantity: Quantity,
    /// The goods in this condition alone.
    pub(super) condition: Option<Condition>,
    pub(super) lot: Option<&'a str>,
    /// When the goods are no longer usable.
    pub(super) usable_until: Option<Timestamp>,
    pub(super) cost: Option<Cost>,
    pub(super) new_place: Option<&'a str>,
    pub(super) new_condition: Option<Condition>,
    pub(super) new_cost: Option<Cost>,
}

// === impl Asked ===

impl<'a> Asked<'a> {
    /// Looks at a change.
    ///
    /// # Errors
    /// All that is missing or cannot be, at once.
    pub(super) fn of(sent: &'a Transaction) -> Result<Self, Problem> {
        let mut errors = impossible(sent);
        let until = sent.usable_end_date.as_deref().map(str::parse::<Timestamp>);
        let until = until.transpose();
        if until.is_err() {
            let reason = "it is no moment, such as 2027-06-30T00:00:00Z";
            errors.push(FieldError::new("usable_end_date", reason));
        }
        let needed = (
            sent.transaction_type,
            &sent.inventory_location_id,
            &sent.sku,
            sent.quantity,
        );
        match (needed, until) {
            ((Some(kind), Some(place), Some(sku), Some(units)), Ok(usable_until))
                if errors.is_empty() =>
            {
                Ok(Asked {
                    kind,
                    place,
                    sku: sku.clone(),
                    quantity: Quantity::units(units),
                    condition: sent.condition,
                    lot: sent.lot.as_deref(),
                    usable_until,
                    cost: sent.cost,
                    new_place: sent.new_inventory_location_id.as_deref(),
                    new_condition: sent.new_condition,
                    new_cost: sent.new_cost,
                })
            }
            _ => Err(Problem::fields(errors)),
        }
    }

    /// Whether it is about some of the goods alone.
    pub(super) fn is_picky(&self) -> bool {
        let is_sellable = self
            .condition
            .is_none_or(|condition| condition.is_sellable());
        !is_sellable || self.lot.is_some()
    }

    /// Whether goods come in by it, so that it says something of them.
    pub(super) fn brings_goods(&self) -> bool {
        matches!(self.kind, Type::Increment | Type::Adjust)
    }
}

fn impossible(sent: &Transaction) -> Vec<FieldError> {
    let quantity = sent.quantity;
    let is_unknown = |condition| condition == Some(Condition::Unknown);
    let is_modified = sent.new_inventory_location_id.is_some()
        || sent.new_condition.is_some()
        || sent.new_cost.is_some();
    let conditions = "it is sellable, damaged, expired or qa_hold";
    let faults = [
        (
            "quantity",
            quantity.is_some_and(|units| units < 0),
            "it must not be negative",
        ),
        (
            "quantity",
            quantity.is_some_and(|units| units > UNITS_MAX),
            "it must not be more than a million millions",
        ),
        ("condition", is_unknown(sent.condition), conditions),
        ("new_condition", is_unknown(sent.new_condition), conditions),
        (
            "new_inventory_location_id",
            sent.transaction_type == Some(Type::Modify) && !is_modified,
            "say what is modified, by this, `new_condition` or `new_cost`",
        ),
        (
            "transaction_type",
            sent.transaction_type.is_none(),
            REQUIRED,
        ),
        (
            "inventory_location_id",
            sent.inventory_location_id.is_none(),
            REQUIRED,
        ),
        ("sku", sent.sku.is_none(), REQUIRED),
        ("quantity", quantity.is_none(), REQUIRED),
    ];
    let faults = faults.into_iter().filter(|(_, is_wrong, _)| *is_wrong);
    faults
        .map(|(field, _, reason)| FieldError::new(field, reason))
        .collect()
}

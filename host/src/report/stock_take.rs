//! What was counted, as rows.

use bestand_plugin_api::Quantity;
use serde::Serialize;

use super::csv::{Column, optional};
use crate::operation::OperationState;
use crate::stock_take::Count;

/// A count of a stock take.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The article.
    pub sku: String,
    /// The place within the source, where single bins are counted.
    pub location_id: Option<String>,
    /// How many there are.
    pub counted: Quantity,
    /// How many the source had on hand when they were counted.
    pub held: Quantity,
    /// How many more there are than that.
    pub difference: Quantity,
    /// When they were counted.
    pub counted_at: String,
    /// By whom.
    pub counted_by: String,
    /// What became of the difference.
    pub state: Option<OperationState>,
    /// Why it was refused, or is unknown.
    pub reason: Option<String>,
}

/// A count as CSV.
pub const COUNT: &[Column<Row>] = &[
    ("sku", |row| row.sku.clone()),
    ("location_id", |row| optional(row.location_id.as_ref())),
    ("counted", |row| row.counted.to_string()),
    ("held", |row| row.held.to_string()),
    ("difference", |row| row.difference.to_string()),
    ("counted_at", |row| row.counted_at.clone()),
    ("counted_by", |row| row.counted_by.clone()),
    ("state", |row| optional(row.state.as_ref())),
    ("reason", |row| optional(row.reason.as_ref())),
];

// === impl Row ===

impl Row {
    /// A count as it is written.
    #[must_use]
    pub fn of(count: &Count) -> Self {
        let outcome = count.outcome.as_ref();
        Self {
            sku: count.sku.to_string(),
            location_id: count.place.as_ref().map(|place| place.0.clone()),
            counted: count.counted,
            held: count.held,
            difference: count.difference(),
            counted_at: count.counted_at.to_string(),
            counted_by: count.counted_by.clone(),
            state: outcome.map(|(state, _)| *state),
            reason: outcome.and_then(|(_, reason)| reason.clone()),
        }
    }
}

//! The ledger of a source, as rows.

use bestand_plugin_api::{LedgerEntry, LedgerKind, Quantity};
use serde::Serialize;

use super::csv::Column;

/// A line of a change: what it came to at one place.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The article.
    pub sku: String,
    /// Counts the changes of this article from 1.
    pub number: u64,
    /// When.
    pub at: String,
    /// What sort of change.
    pub kind: LedgerKind,
    /// The place, as its system names it.
    pub location: String,
    /// How many more are there.
    pub on_hand: Quantity,
    /// How many more are promised.
    pub allocated: Quantity,
    /// In which condition they are.
    pub condition: String,
    /// The lot they are of.
    pub lot: Option<String>,
    /// What one cost on average after it, where that is known.
    pub unit_cost: Option<Quantity>,
    /// Why.
    pub reason: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// Who wanted it.
    pub author: Option<String>,
    /// The operation it was made by.
    pub operation_id: Option<String>,
}

/// A line of a change as CSV.
pub const ENTRY: &[Column<Row>] = &[
    ("sku", |row| row.sku.clone()),
    ("number", |row| row.number.to_string()),
    ("at", |row| row.at.clone()),
    ("kind", |row| row.kind.as_str().into()),
    ("location", |row| row.location.clone()),
    ("on_hand", |row| row.on_hand.to_string()),
    ("allocated", |row| row.allocated.to_string()),
    ("condition", |row| row.condition.clone()),
    ("lot", |row| row.lot.clone().unwrap_or_default()),
    ("unit_cost", |row| {
        row.unit_cost
            .map(|cost| cost.to_string())
            .unwrap_or_default()
    }),
    ("reason", |row| row.reason.clone().unwrap_or_default()),
    ("note", |row| row.note.clone().unwrap_or_default()),
    ("author", |row| row.author.clone().unwrap_or_default()),
    ("operation_id", |row| {
        row.operation_id.clone().unwrap_or_default()
    }),
];

// === impl Row ===

impl Row {
    /// One for each line of a change.
    #[must_use]
    pub fn all(entry: LedgerEntry) -> Vec<Self> {
        let lines = entry.lines.iter().map(|line| Self {
            sku: entry.sku.to_string(),
            number: entry.number,
            at: entry.at.to_string(),
            kind: entry.kind,
            location: line.location.to_string(),
            on_hand: line.on_hand,
            allocated: line.allocated,
            condition: line.condition.to_string(),
            lot: line.lot.clone(),
            unit_cost: entry.unit_cost,
            reason: entry.reason.clone(),
            note: entry.note.clone(),
            author: entry.author.clone(),
            operation_id: entry.op_id.clone(),
        });
        lines.collect()
    }
}

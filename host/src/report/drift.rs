//! What full listings found different from what was held, as rows.

use bestand_plugin_api::Quantity;
use serde::Serialize;

use super::csv::{Column, optional, quantity};
use crate::source::InventorySource;
use crate::stock::drift::{Difference, DriftRun};

/// What a listing of a source found.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The listing.
    pub sync_id: String,
    /// Of this source.
    pub source_id: String,
    /// What its system calls it.
    pub source: String,
    /// When it began.
    pub started_at: String,
    /// When it was complete.
    pub finished_at: Option<String>,
    /// Levels that were compared.
    pub compared: u64,
    /// Those of them that were not as held.
    pub differing: u64,
    /// Their share, in percent with two decimals.
    pub percent: Quantity,
    /// By how much in all, up or down.
    pub total: Quantity,
    /// By how much at most.
    pub largest: Quantity,
    /// For how long one of them was wrong at most.
    pub longest_secs: u64,
    /// Whether the source's threshold was reached.
    pub high: bool,
}

/// A level that was not as held.
#[derive(Debug, Serialize)]
pub struct DifferenceRow {
    /// The article.
    pub sku: String,
    /// Of this source.
    pub source_id: String,
    /// What its system calls it.
    pub source: String,
    /// What could be sold by what was held.
    pub held: Option<Quantity>,
    /// What can be sold by what was found.
    pub found: Option<Quantity>,
    /// By how much they differ, up or down.
    pub difference: Option<Quantity>,
    /// It was wrong since then at most.
    pub since: String,
}

/// A listing as CSV.
pub const LISTING: &[Column<Row>] = &[
    ("sync_id", |row| row.sync_id.clone()),
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("started_at", |row| row.started_at.clone()),
    ("finished_at", |row| optional(row.finished_at.as_ref())),
    ("compared", |row| row.compared.to_string()),
    ("differing", |row| row.differing.to_string()),
    ("percent", |row| row.percent.to_string()),
    ("total", |row| row.total.to_string()),
    ("largest", |row| row.largest.to_string()),
    ("longest_secs", |row| row.longest_secs.to_string()),
    ("high", |row| row.high.to_string()),
];

/// A difference as CSV.
pub const DIFFERENCE: &[Column<DifferenceRow>] = &[
    ("sku", |row| row.sku.clone()),
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("held", |row| quantity(row.held)),
    ("found", |row| quantity(row.found)),
    ("difference", |row| quantity(row.difference)),
    ("since", |row| row.since.clone()),
];

// === impl Row ===

impl Row {
    /// What `run` found of `source`.
    #[must_use]
    pub fn of(source: &InventorySource, run: &DriftRun) -> Self {
        let tally = run.tally;
        Self {
            sync_id: run.sync_id.to_string(),
            source_id: source.id.to_string(),
            source: source.name.clone(),
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
            compared: tally.compared,
            differing: tally.differing,
            percent: tally.percent(),
            total: tally.total,
            largest: tally.largest,
            longest_secs: tally.longest.as_secs(),
            high: run.high,
        }
    }
}

// === impl DifferenceRow ===

impl DifferenceRow {
    /// A difference at `source`.
    #[must_use]
    pub fn of(source: &InventorySource, difference: &Difference) -> Self {
        Self {
            sku: difference.sku.to_string(),
            source_id: source.id.to_string(),
            source: source.name.clone(),
            held: difference.held,
            found: difference.found,
            difference: difference.distance(),
            since: difference.since.to_string(),
        }
    }
}

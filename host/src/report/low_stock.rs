//! What is low, as rows.

use bestand_plugin_api::Quantity;
use serde::Serialize;

use super::csv::{Column, optional};
use crate::stock::{LowStock, ThresholdFor};

/// A level that is at its threshold or below it.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The article.
    pub sku: String,
    /// Where it lies.
    pub source_id: String,
    /// What its system calls that.
    pub source: String,
    /// What can be sold.
    pub available: Quantity,
    /// At this many, or fewer, it is low.
    pub threshold: Quantity,
    /// What that threshold is set for.
    pub threshold_for: ThresholdFor,
    /// When the number was last confirmed.
    pub as_of: String,
    /// When it fell to its threshold, where that is known.
    pub since: Option<String>,
}

/// A level as CSV.
pub const LEVEL: &[Column<Row>] = &[
    ("sku", |row| row.sku.clone()),
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("available", |row| row.available.to_string()),
    ("threshold", |row| row.threshold.to_string()),
    ("threshold_for", |row| row.threshold_for.as_str().into()),
    ("as_of", |row| row.as_of.clone()),
    ("since", |row| optional(row.since.as_ref())),
];

// === impl Row ===

impl Row {
    /// A level at the source of this name.
    #[must_use]
    pub fn of(source: &str, level: &LowStock) -> Self {
        Self {
            sku: level.sku.to_string(),
            source_id: level.source_id.to_string(),
            source: source.to_owned(),
            available: level.available,
            threshold: level.threshold,
            threshold_for: level.threshold_for,
            as_of: level.as_of.to_string(),
            since: level.since.map(|since| since.to_string()),
        }
    }
}

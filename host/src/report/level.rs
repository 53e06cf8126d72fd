//! Stock levels, as rows.

use bestand_plugin_api::{Quantity, Sku, Tracking};
use serde::Serialize;

use super::csv::{Column, quantity, tracking};
use crate::source::InventorySource;
use crate::stock::Held;

/// A level at a source. An empty quantity is unknown, which is not zero.
#[derive(Debug, Serialize)]
pub struct Row {
    source_id: String,
    source: String,
    sku: String,
    tracking: Tracking,
    available: Option<Quantity>,
    on_hand: Option<Quantity>,
    allocated: Option<Quantity>,
    incoming: Option<Quantity>,
    as_of: String,
    absent: bool,
}

/// A level as CSV; the columns that `bestand import stock` knows have the names it looks for.
pub const LEVEL: &[Column<Row>] = &[
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("sku", |row| row.sku.clone()),
    ("tracking", |row| tracking(row.tracking)),
    ("available", |row| quantity(row.available)),
    ("on_hand", |row| quantity(row.on_hand)),
    ("allocated", |row| quantity(row.allocated)),
    ("incoming", |row| quantity(row.incoming)),
    ("as_of", |row| row.as_of.clone()),
    ("absent", |row| row.absent.to_string()),
];

// === impl Row ===

impl Row {
    /// What is known of an article at a source.
    #[must_use]
    pub fn of(source: &InventorySource, sku: &Sku, held: &Held) -> Self {
        Self {
            source_id: source.id.to_string(),
            source: source.name.clone(),
            sku: sku.to_string(),
            tracking: held.tracking,
            available: held.available,
            on_hand: held.on_hand,
            allocated: held.allocated,
            incoming: held.incoming,
            as_of: held.as_of.to_string(),
            absent: held.absent,
        }
    }
}

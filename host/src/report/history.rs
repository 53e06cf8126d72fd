//! How stock levels came about, as rows.

use bestand_plugin_api::Quantity;
use serde::Serialize;

use super::csv::{Column, optional, quantity, tracking};
use crate::source::InventorySource;
use crate::store::history::Change;

/// A change of a level.
#[derive(Debug, Serialize)]
pub struct Row {
    /// When it was stored.
    pub changed_at: String,
    /// Of this source.
    pub source_id: String,
    /// What its system calls it.
    pub source: String,
    /// The article.
    pub sku: String,
    /// What brought it.
    pub cause: &'static str,
    /// Who, where somebody did.
    pub actor: Option<String>,
    /// The sync run that brought it.
    pub sync_id: Option<String>,
    /// Whether the quantities before are counts.
    pub tracking_before: String,
    /// Sellable before.
    pub available_before: Option<Quantity>,
    /// Physically there before.
    pub on_hand_before: Option<Quantity>,
    /// Promised to orders before.
    pub allocated_before: Option<Quantity>,
    /// On its way here before.
    pub incoming_before: Option<Quantity>,
    /// Whether a complete listing had not named it before.
    pub absent_before: bool,
    /// Whether the quantities are counts.
    pub tracking: String,
    /// Sellable.
    pub available: Option<Quantity>,
    /// Physically there.
    pub on_hand: Option<Quantity>,
    /// Promised to orders.
    pub allocated: Option<Quantity>,
    /// On its way here.
    pub incoming: Option<Quantity>,
    /// Whether a complete listing did not name it.
    pub absent: bool,
}

/// A change as CSV.
pub const CHANGE: &[Column<Row>] = &[
    ("changed_at", |row| row.changed_at.clone()),
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("sku", |row| row.sku.clone()),
    ("cause", |row| row.cause.into()),
    ("actor", |row| optional(row.actor.as_ref())),
    ("sync_id", |row| optional(row.sync_id.as_ref())),
    ("tracking_before", |row| row.tracking_before.clone()),
    ("available_before", |row| quantity(row.available_before)),
    ("on_hand_before", |row| quantity(row.on_hand_before)),
    ("allocated_before", |row| quantity(row.allocated_before)),
    ("incoming_before", |row| quantity(row.incoming_before)),
    ("absent_before", |row| row.absent_before.to_string()),
    ("tracking", |row| row.tracking.clone()),
    ("available", |row| quantity(row.available)),
    ("on_hand", |row| quantity(row.on_hand)),
    ("allocated", |row| quantity(row.allocated)),
    ("incoming", |row| quantity(row.incoming)),
    ("absent", |row| row.absent.to_string()),
];

// === impl Row ===

impl Row {
    /// A change at `source`.
    #[must_use]
    pub fn of(source: &InventorySource, change: &Change) -> Self {
        let Change { before, after, .. } = change;
        Self {
            changed_at: change.changed_at.to_string(),
            source_id: source.id.to_string(),
            source: source.name.clone(),
            sku: change.sku.to_string(),
            cause: change.cause.kind.as_str(),
            actor: change.cause.actor.clone(),
            sync_id: change.cause.run.map(|run| run.to_string()),
            tracking_before: tracking(before.tracking),
            available_before: before.available,
            on_hand_before: before.on_hand,
            allocated_before: before.allocated,
            incoming_before: before.incoming,
            absent_before: before.absent,
            tracking: tracking(after.tracking),
            available: after.available,
            on_hand: after.on_hand,
            allocated: after.allocated,
            incoming: after.incoming,
            absent: after.absent,
        }
    }
}

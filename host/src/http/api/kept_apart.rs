//! What of a stock level is kept apart, and what it cost.

use std::collections::BTreeMap;

use bestand_plugin_api::{Currency, Lot, Quantity};
use serde::Serialize;
use utoipa::ToSchema;

use crate::connection::state::Moment;
use crate::store::level::LevelDetails;

/// What few systems tell of a level: batches, conditions and cost.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct KeptApart {
    /// Batches, where the source keeps them: part of what is on hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lots: Vec<KeptLot>,
    /// What else the source counts, under its own words, such as `damaged`: on hand and not for sale.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, f64>)]
    other: BTreeMap<String, Quantity>,
    /// What one has cost on average, where the source keeps that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    unit_cost: Option<Quantity>,
    /// What that is told in, as its ISO 4217 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "EUR")]
    currency: Option<Currency>,
}

/// A batch of an article.
#[derive(Debug, Serialize, ToSchema)]
struct KeptLot {
    /// What it is called.
    lot: String,
    /// How many of it are there.
    #[schema(value_type = f64)]
    quantity: Quantity,
    /// When it expires; nothing when it does not, or nobody knows.
    #[schema(value_type = Option<String>)]
    expires_at: Option<Moment>,
}

// === impl KeptApart ===

impl KeptApart {
    pub(super) fn of(level: Option<&LevelDetails>) -> Self {
        let Some(level) = level else {
            return Self::default();
        };
        Self {
            lots: level.lots.iter().map(KeptLot::of).collect(),
            other: level.other.clone(),
            unit_cost: level.unit_cost,
            currency: level.currency,
        }
    }
}

// === impl KeptLot ===

impl KeptLot {
    fn of(lot: &Lot) -> Self {
        Self {
            lot: lot.id.clone(),
            quantity: lot.quantity,
            expires_at: lot.expires_at.map(Moment),
        }
    }
}

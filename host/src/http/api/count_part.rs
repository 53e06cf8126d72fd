//! A source that a count was put together from.

use bestand_plugin_api::{LevelPart, PartReason, Quantity};
use serde::Serialize;
use utoipa::ToSchema;

use crate::connection::state::Moment;
use crate::verdict::part;

/// A source that a count was put together from.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CountPart {
    /// Its id.
    source_id: String,
    /// What its system calls it.
    #[schema(example = "Hamburg")]
    name: String,
    /// What it has to sell; nothing when it says no count, which is not zero.
    #[schema(value_type = Option<f64>)]
    available: Option<Quantity>,
    /// When that was true.
    #[schema(value_type = Option<String>)]
    as_of: Option<Moment>,
    /// Whether its number is the count, or a part of it.
    used: bool,
    /// Why it is not used, or what is wrong with it though it is, in one word: `not_needed`, `stale`, `down`, `short`,
    /// `unknown_sku`, `not_stocked`, `not_tracked`, `gone` or `not_counted`.
    #[schema(value_type = Option<String>)]
    cause: Option<PartReason>,
    /// The same as a sentence.
    reason: Option<String>,
}

// === impl CountPart ===

impl CountPart {
    /// Each of these, in their order.
    pub(super) fn all(parts: &[LevelPart]) -> Vec<Self> {
        parts.iter().map(Self::of).collect()
    }

    fn of(part: &LevelPart) -> Self {
        Self {
            source_id: part.source.0.clone(),
            name: part.name.clone(),
            available: part.available,
            as_of: part.as_of.map(Moment),
            used: part.used,
            cause: part.reason,
            reason: part::reason(part),
        }
    }
}

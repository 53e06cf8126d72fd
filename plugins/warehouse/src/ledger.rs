//! The ledger: why every number is what it is. Entries are added and never changed.

use bestand_plugin_api::{
    Basis, Condition, LocationId, Quantity, Sku, StockChange, StockOperation, Timestamp,
};
use serde::{Deserialize, Serialize};

/// One change of one article. Adding up all lines of an article gives its levels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The article.
    pub sku: Sku,
    /// Counts the entries of this article from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub cause: Cause,
    /// What it came to, place by place.
    pub lines: Vec<Line>,
    /// What one costs on average after it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Quantity>,
}

/// Where a change comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An operation of the host's.
    Operation {
        /// The host's id of it.
        op_id: String,
        /// What was asked for.
        change: StockChange,
        /// Why: a code or a word of the operator's.
        #[serde(default)]
        reason: Option<String>,
        /// Free text.
        #[serde(default)]
        note: Option<String>,
        /// Who wanted it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        author: Option<String>,
        /// When the lot that came in expires.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
    },
    /// The place was removed, and what lay there written off.
    PlaceRemoved,
}

/// What a change came to at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The place: a bin, or a warehouse for what lies there unsorted.
    pub location: LocationId,
    /// How many more are there.
    pub on_hand: Quantity,
    /// How many more are promised.
    pub allocated: Quantity,
    /// In which condition they are.
    #[serde(default, skip_serializing_if = "Condition::is_sellable")]
    pub condition: Condition,
    /// The lot they are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
}

/// What was done under an operation id, so that a repeat is recognised and anything else refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) sku: Sku,
    pub(crate) location: LocationId,
    pub(crate) change: StockChange,
    #[serde(default)]
    pub(crate) basis: Basis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) condition: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lot: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit_cost: Option<Quantity>,
}

// === impl Line ===

impl Line {
    /// Whether it is about sellable goods of no lot.
    pub(crate) fn is_plain(&self) -> bool {
        self.condition.is_sellable() && self.lot.is_none()
    }

    /// Whether it is about the same goods at the same place.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.location == other.location
            && self.condition == other.condition
            && self.lot == other.lot
    }

    /// The goods that this line takes, at another place.
    pub(crate) fn brought(&self, to: &LocationId) -> Self {
        Self {
            location: to.clone(),
            on_hand: -self.on_hand,
            ..self.clone()
        }
    }
}

// === impl Cause ===

impl Cause {
    pub(crate) fn of(operation: &StockOperation) -> Self {
        Self::Operation {
            op_id: operation.op_id.clone(),
            change: operation.change.clone(),
            reason: operation.reason.clone(),
            note: operation.note.clone(),
            author: operation.author.clone(),
            expires_at: operation.expires_at,
        }
    }
}

// === impl Done ===

impl Done {
    pub(crate) fn of(operation: &StockOperation) -> Self {
        Self {
            sku: operation.sku.clone(),
            location: operation.location.clone(),
            change: operation.change.clone(),
            basis: operation.basis,
            condition: operation.condition,
            lot: operation.lot.clone(),
            expires_at: operation.expires_at,
            unit_cost: operation.unit_cost,
        }
    }
}

//! Goods that are not plain: in another condition than sellable, or of a lot.
//!
//! **Invariant:** this module does no I/O; whether a lot has expired is decided by the moment that is handed in.

use std::collections::BTreeMap;

use bestand_plugin_api::{Condition, LocationId, Quantity, StockOperation, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ledger::Line;

/// Most batches of one article: with the places they keep an entry near 20 KiB, so that a page of a thousand articles
/// fits into one message.
pub(crate) const BATCHES_MAX: usize = 100;
/// Longest name of a lot in characters: what fits a label.
const LOT_CHARS_MAX: usize = 100;

/// When each lot expires, of those that do.
pub(crate) type Lots = BTreeMap<String, Timestamp>;

/// Goods at one place that are in one condition and of one lot. They are part of what is on hand there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Batch {
    pub(crate) location: LocationId,
    #[serde(default)]
    pub(crate) condition: Condition,
    #[serde(default)]
    pub(crate) lot: Option<String>,
    pub(crate) on_hand: Quantity,
}

/// Which goods an operation is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick<'a> {
    pub(crate) condition: Condition,
    pub(crate) lot: Option<&'a str>,
}

// === impl Batch ===

impl Batch {
    /// The condition it is in now: a lot that has expired is no longer sellable, though nobody has said so.
    pub(crate) fn condition_at(&self, lots: &Lots, now: Timestamp) -> Condition {
        let expires_at = self.lot.as_ref().and_then(|lot| lots.get(lot));
        match self.condition {
            Condition::Sellable if expires_at.is_some_and(|moment| *moment <= now) => {
                Condition::Expired
            }
            condition => condition,
        }
    }

    pub(crate) fn line(&self, on_hand: Quantity) -> Line {
        Line {
            location: self.location.clone(),
            on_hand,
            allocated: Quantity::ZERO,
            condition: self.condition,
            lot: self.lot.clone(),
        }
    }

    pub(crate) fn is_same(&self, line: &Line) -> bool {
        self.location == line.location && self.condition == line.condition && self.lot == line.lot
    }
}

// === impl Pick ===

impl<'a> Pick<'a> {
    pub(crate) fn of(operation: &'a StockOperation) -> Self {
        Self {
            condition: operation.condition.unwrap_or_default(),
            lot: operation.lot.as_deref(),
        }
    }

    /// Sellable goods of any lot or none.
    pub(crate) fn is_plain(&self) -> bool {
        self.condition.is_sellable() && self.lot.is_none()
    }

    pub(crate) fn takes(&self, batch: &Batch, lots: &Lots, now: Timestamp) -> bool {
        self.condition == batch.condition_at(lots, now)
            && self.lot.is_none_or(|lot| batch.lot.as_deref() == Some(lot))
    }
}

/// Whether a lot can be called so.
///
/// # Errors
/// Why not.
pub(crate) fn lot_name(lot: &str) -> Result<(), String> {
    if !(1..=LOT_CHARS_MAX).contains(&lot.chars().count()) {
        return Err(format!(
            "the name of a lot has 1 to {LOT_CHARS_MAX} characters"
        ));
    }
    match lot.chars().any(char::is_control) {
        true => Err("the name of a lot must not hold control characters".into()),
        false => Ok(()),
    }
}

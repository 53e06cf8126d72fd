//! In which condition goods are.

use std::fmt;

use serde::{Deserialize, Serialize};

/// In which condition goods are. Only sellable goods are available; all of them are on hand.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Condition {
    /// Good, and for sale.
    #[default]
    Sellable,
    /// Broken.
    Damaged,
    /// Past the date until which it may be sold.
    Expired,
    /// Kept back until somebody has looked at it.
    QaHold,
    /// A condition that only a newer contract knows. Refused, never guessed at.
    #[serde(other)]
    Unknown,
}

// === impl Condition ===

impl Condition {
    /// The word for it, as it is written: `sellable`, `damaged`, `expired`, `qa_hold`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sellable => "sellable",
            Self::Damaged => "damaged",
            Self::Expired => "expired",
            Self::QaHold => "qa_hold",
            Self::Unknown => "unknown",
        }
    }

    /// Whether goods in it are for sale.
    #[must_use]
    pub fn is_sellable(&self) -> bool {
        *self == Self::Sellable
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

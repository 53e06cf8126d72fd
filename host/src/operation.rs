//! Operations: changes of stock that are sent to a system, each written down before it is sent.
//!
//! `pending → applied | accepted | rejected | unknown`. An answer that was lost leaves an operation unknown: whether it
//! was done is [looked up](look_up) where the adapter keeps a repeat from counting twice, and said by a person where it
//! does not. None is ever sent again blindly.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::{Quantity, StockChange, StockOperation, Timestamp, WriteOutcome};
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, SourceId};

pub mod finding;
pub mod look_up;

/// A change of stock that was sent to a system, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Whose it is.
    pub account_id: AccountId,
    /// Where the stock lies.
    pub source_id: SourceId,
    /// Who wanted it.
    pub actor: String,
    /// What was sent; its `op_id` is the operation's id.
    pub sent: StockOperation,
    /// What became of it.
    pub state: OperationState,
    /// Why it was rejected, or is unknown; lower case, no final dot.
    pub reason: Option<String>,
    /// How often its system was asked what became of it.
    pub look_ups: u32,
    /// When it is asked next; none when it is settled, or nobody but a person can say.
    pub due_at: Option<Timestamp>,
    /// When it was written down, right before it was sent.
    pub made_at: Timestamp,
    /// When it was known what became of it.
    pub settled_at: Option<Timestamp>,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OperationState {
    /// It is being sent.
    Pending,
    /// Done.
    Applied,
    /// Taken on; its system works on it later.
    Accepted,
    /// Refused, and nothing changed.
    Rejected,
    /// The answer was lost: it may or may not have been done.
    Unknown,
}

/// A word that is no state of an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no state of an operation; they are pending, applied, accepted, rejected and unknown"
)]
pub struct InvalidOperationState(String);

// === impl Operation ===

impl Operation {
    /// The word for what was to be done, and how many it is about; of an adjustment, how many more.
    #[must_use]
    pub fn change(&self) -> (&'static str, Option<Quantity>) {
        match &self.sent.change {
            StockChange::Set { quantity, .. } => ("set", Some(*quantity)),
            StockChange::Adjust { delta } => ("adjust", Some(*delta)),
            StockChange::Reserve { quantity } => ("reserve", Some(*quantity)),
            StockChange::Release { quantity } => ("release", Some(*quantity)),
            StockChange::Ship { quantity } => ("ship", Some(*quantity)),
            StockChange::Move { quantity, .. } => ("move", Some(*quantity)),
            StockChange::Regrade { quantity, .. } => ("regrade", Some(*quantity)),
            StockChange::Recost { quantity, .. } => ("recost", *quantity),
            _ => ("unknown", None),
        }
    }

    /// What its system said of it; unknown as long as it has not.
    #[must_use]
    pub fn outcome(&self) -> WriteOutcome {
        let reason = self.reason.clone().unwrap_or_default();
        match self.state {
            OperationState::Applied => WriteOutcome::Applied,
            OperationState::Accepted => WriteOutcome::Accepted,
            OperationState::Rejected => WriteOutcome::Rejected { reason },
            OperationState::Unknown => WriteOutcome::Unknown { reason },
            OperationState::Pending => WriteOutcome::unknown("it is being sent"),
        }
    }
}

// === impl OperationState ===

impl OperationState {
    const ALL: [Self; 5] = [
        Self::Pending,
        Self::Applied,
        Self::Accepted,
        Self::Rejected,
        Self::Unknown,
    ];

    /// What an outcome makes of an operation, and why.
    #[must_use]
    pub fn of(outcome: &WriteOutcome) -> (Self, Option<&str>) {
        match outcome {
            WriteOutcome::Applied => (Self::Applied, None),
            WriteOutcome::Accepted => (Self::Accepted, None),
            WriteOutcome::Rejected { reason } => (Self::Rejected, Some(reason)),
            WriteOutcome::Unknown { reason } => (Self::Unknown, Some(reason)),
            _ => (Self::Unknown, None),
        }
    }

    /// Whether it is known what became of it.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Applied | Self::Accepted | Self::Rejected)
    }

    /// The word used in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for OperationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for OperationState {
    type Err = InvalidOperationState;

    fn from_str(word: &str) -> Result<Self, InvalidOperationState> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == word);
        found.ok_or_else(|| InvalidOperationState(word.chars().take(40).collect()))
    }
}

//! What became of an operation, and how that travels: flat, so that an outcome which only a newer contract knows can
//! be read, and read as what it is: unknown.

use serde::{Deserialize, Serialize};

/// What became of an operation; one per operation, in the same order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
#[non_exhaustive]
pub enum WriteOutcome {
    /// Done.
    Applied,
    /// Taken on; the system works on it later.
    Accepted,
    /// Refused, and nothing changed.
    Rejected {
        /// Why, for the operator: lower case, no final dot.
        reason: String,
    },
    /// The answer was lost: it may or may not have happened. Never repeated blindly. An outcome that only a newer
    /// contract knows is read so.
    Unknown {
        /// What happened, for the operator: lower case, no final dot.
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
struct Wire {
    outcome: Word,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Applied,
    Accepted,
    Rejected,
    #[serde(other)]
    Unknown,
}

// === impl WriteOutcome ===

impl WriteOutcome {
    /// Refused, and nothing changed.
    #[must_use]
    pub fn rejected(reason: impl Into<String>) -> Self {
        Self::Rejected {
            reason: reason.into(),
        }
    }

    /// It may or may not have happened.
    #[must_use]
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown {
            reason: reason.into(),
        }
    }
}

impl From<Wire> for WriteOutcome {
    fn from(Wire { outcome, reason }: Wire) -> Self {
        match outcome {
            Word::Applied => Self::Applied,
            Word::Accepted => Self::Accepted,
            Word::Rejected => Self::Rejected { reason },
            Word::Unknown => Self::Unknown { reason },
        }
    }
}

impl From<WriteOutcome> for Wire {
    fn from(outcome: WriteOutcome) -> Self {
        let (outcome, reason) = match outcome {
            WriteOutcome::Applied => (Word::Applied, String::new()),
            WriteOutcome::Accepted => (Word::Accepted, String::new()),
            WriteOutcome::Rejected { reason } => (Word::Rejected, reason),
            WriteOutcome::Unknown { reason } => (Word::Unknown, reason),
        };
        Self { outcome, reason }
    }
}

//! What is done to a level, and how that travels: flat, so that a change which only a newer contract knows can be read.
//!
//! Not serde's tagged enums: they read by way of a copy that forgets the format, and a [`Quantity`] reads differently
//! in each.

use serde::{Deserialize, Serialize};

use crate::{LocationId, Quantity};

/// What is done to a level.
///
/// A match needs a last arm for what a later contract adds; answer it with
/// [`WriteOutcome::rejected`](crate::WriteOutcome::rejected).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
#[non_exhaustive]
pub enum StockChange {
    /// Make it this number.
    Set {
        /// The new number.
        quantity: Quantity,
        /// Only if it is this number now; otherwise `Rejected`.
        expected: Option<Quantity>,
    },
    /// Add (or, negative, remove) this many.
    Adjust {
        /// How many.
        delta: Quantity,
    },
    /// Promise this many to an order.
    Reserve {
        /// How many.
        quantity: Quantity,
    },
    /// Take a promise back.
    Release {
        /// How many.
        quantity: Quantity,
    },
    /// Take away this many that were promised: there are as many fewer, and as many fewer are promised.
    Ship {
        /// How many.
        quantity: Quantity,
    },
    /// Bring this many to another place of the same connection.
    Move {
        /// How many.
        quantity: Quantity,
        /// Where to.
        to: LocationId,
    },
    /// A change that only a newer contract knows. Refused, never guessed at.
    Unknown,
}

/// All that any change carries.
#[derive(Serialize, Deserialize)]
struct Wire {
    change: Word,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantity: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expected: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<LocationId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Set,
    Adjust,
    Reserve,
    Release,
    Ship,
    Move,
    #[serde(other)]
    Unknown,
}

impl TryFrom<Wire> for StockChange {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, &'static str> {
        let quantity = wire.quantity.ok_or("a change without a quantity");
        Ok(match wire.change {
            Word::Set => Self::Set {
                quantity: quantity?,
                expected: wire.expected,
            },
            Word::Adjust => Self::Adjust { delta: quantity? },
            Word::Reserve => Self::Reserve {
                quantity: quantity?,
            },
            Word::Release => Self::Release {
                quantity: quantity?,
            },
            Word::Ship => Self::Ship {
                quantity: quantity?,
            },
            Word::Move => Self::Move {
                quantity: quantity?,
                to: wire.to.ok_or("a move without a place to go to")?,
            },
            Word::Unknown => Self::Unknown,
        })
    }
}

impl From<StockChange> for Wire {
    fn from(change: StockChange) -> Self {
        let (expected, to) = match &change {
            StockChange::Set { expected, .. } => (*expected, None),
            StockChange::Move { to, .. } => (None, Some(to.clone())),
            _ => (None, None),
        };
        let (change, quantity) = match change {
            StockChange::Set { quantity, .. } => (Word::Set, Some(quantity)),
            StockChange::Adjust { delta } => (Word::Adjust, Some(delta)),
            StockChange::Reserve { quantity } => (Word::Reserve, Some(quantity)),
            StockChange::Release { quantity } => (Word::Release, Some(quantity)),
            StockChange::Ship { quantity } => (Word::Ship, Some(quantity)),
            StockChange::Move { quantity, .. } => (Word::Move, Some(quantity)),
            StockChange::Unknown => (Word::Unknown, None),
        };
        Self {
            change,
            quantity,
            expected,
            to,
        }
    }
}

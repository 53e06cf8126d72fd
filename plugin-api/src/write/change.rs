//! What is done to a level, and how that travels: flat, so that a change which only a newer contract knows can be read.
//!
//! Not serde's tagged enums: they read by way of a copy that forgets the format, and a [`Quantity`] reads differently
//! in each.

use serde::{Deserialize, Serialize};

use crate::{Condition, LocationId, Quantity};

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
    /// Say of this many that they are in another condition now. They stay where they are.
    Regrade {
        /// How many.
        quantity: Quantity,
        /// In which condition they are now.
        to: Condition,
    },
    /// Say what goods have cost: no number of them changes, and where the system keeps an average, that follows.
    Recost {
        /// How many are worth that now; `None` is all there are of the article.
        quantity: Option<Quantity>,
        /// What one of them costs, in [`StockOperation::currency`](crate::StockOperation::currency).
        unit_cost: Quantity,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to_condition: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit_cost: Option<Quantity>,
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
    Regrade,
    Recost,
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
            Word::Regrade => Self::Regrade {
                quantity: quantity?,
                to: wire
                    .to_condition
                    .ok_or("a regrade without a condition to go to")?,
            },
            Word::Recost => Self::Recost {
                quantity: wire.quantity,
                unit_cost: wire.unit_cost.ok_or("a recost without a unit cost")?,
            },
            Word::Unknown => Self::Unknown,
        })
    }
}

impl From<StockChange> for Wire {
    fn from(change: StockChange) -> Self {
        let of = |word, quantity| Self {
            quantity: Some(quantity),
            ..Self::bare(word)
        };
        match change {
            StockChange::Set { quantity, expected } => Self {
                expected,
                ..of(Word::Set, quantity)
            },
            StockChange::Adjust { delta } => of(Word::Adjust, delta),
            StockChange::Reserve { quantity } => of(Word::Reserve, quantity),
            StockChange::Release { quantity } => of(Word::Release, quantity),
            StockChange::Ship { quantity } => of(Word::Ship, quantity),
            StockChange::Move { quantity, to } => Self {
                to: Some(to),
                ..of(Word::Move, quantity)
            },
            StockChange::Regrade { quantity, to } => Self {
                to_condition: Some(to),
                ..of(Word::Regrade, quantity)
            },
            StockChange::Recost {
                quantity,
                unit_cost,
            } => Self {
                quantity,
                unit_cost: Some(unit_cost),
                ..Self::bare(Word::Recost)
            },
            StockChange::Unknown => Self::bare(Word::Unknown),
        }
    }
}

impl Wire {
    fn bare(change: Word) -> Self {
        Self {
            change,
            quantity: None,
            expected: None,
            to: None,
            to_condition: None,
            unit_cost: None,
        }
    }
}

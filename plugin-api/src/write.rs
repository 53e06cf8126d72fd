//! Changes that are sent to a system.

use serde::{Deserialize, Serialize};

use crate::{ItemRef, LocationId, Quantity, Sku};

/// One change. `op_id` is the host's and never reused: it makes a retry recognisable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockOperation {
    /// A UUID, the same on every retry of the same intent.
    pub op_id: String,
    /// The system's reference, when the host knows it.
    #[serde(default)]
    pub item: Option<ItemRef>,
    /// The article.
    pub sku: Sku,
    /// The place.
    pub location: LocationId,
    /// What to do.
    pub change: StockChange,
    /// Which number it is about.
    #[serde(default)]
    pub basis: Basis,
    /// Why: a code or a word of the operator's.
    #[serde(default)]
    pub reason: Option<String>,
    /// Free text for the ledger.
    #[serde(default)]
    pub note: Option<String>,
    /// The batch, where the system keeps them.
    #[serde(default)]
    pub lot: Option<String>,
}

/// What is done to a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockChange {
    /// Make it this number.
    Set {
        /// The new number.
        quantity: Quantity,
        /// Only if it is this number now; otherwise `Rejected`.
        #[serde(default)]
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
    /// Bring this many to another place of the same connection.
    Move {
        /// How many.
        quantity: Quantity,
        /// Where to.
        to: LocationId,
    },
}

/// Which number a change is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// What is physically there.
    #[default]
    OnHand,
    /// What can be sold.
    Available,
}

/// What became of an operation; one per operation, in the same order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteOutcome {
    /// Done.
    Applied,
    /// Taken on; the system works on it later.
    Accepted,
    /// Refused, and nothing changed.
    Rejected {
        /// Why, for the operator.
        reason: String,
    },
    /// The answer was lost: it may or may not have happened. Never repeated blindly.
    Unknown {
        /// What happened, for the operator.
        reason: String,
    },
}

/// How an adapter keeps a repeated operation from counting twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Idempotency {
    /// The system knows operation ids.
    Native,
    /// The adapter writes only if the old number is still there.
    CompareAndSet,
    /// The adapter leaves our operation id in the system and looks for it before it repeats.
    LookUp,
    /// A repeat counts twice.
    None,
}

/// A change to the places of a system that are ours to shape, such as the built-in warehouse's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationChange {
    /// Open a place.
    Create {
        /// What people call it.
        name: String,
        /// The place it lies in; `None` for a site.
        #[serde(default)]
        parent: Option<LocationId>,
    },
    /// Call it something else.
    Rename {
        /// Which.
        location: LocationId,
        /// The new name.
        name: String,
    },
    /// Close it.
    Remove {
        /// Which.
        location: LocationId,
        /// Whether stock that still lies there is written off; otherwise it is an error.
        discard_stock: bool,
    },
}

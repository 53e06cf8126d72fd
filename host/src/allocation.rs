//! Allocation: what is promised to orders, at the installation's own warehouses.
//!
//! All goods of an order are promised or none; what is promised is released when the order is called off, held back or
//! changed, and deducted when it ships. Another system promises its own stock itself: nothing here promises it a second
//! time. [`plan`] says what is to become of an order's allocations, [`Allocator`] brings it about, [`Sweep`] does so for
//! whole accounts.
//!
//! Each step is an [operation](crate::operation) whose id is kept with the allocation before it is sent, so a step that
//! was broken off is taken up again and never done twice.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::{Quantity, Sku, StockChange};
use serde::{Deserialize, Serialize};

use crate::id::SourceId;
use crate::order::{Order, OrderNumber};

pub mod plan;
pub mod refusal;

mod allocator;
mod step;
mod sweep;

pub use allocator::Allocator;
pub use refusal::Refusal;
pub use sweep::Sweep;

/// So many of an article, promised to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The order.
    pub order_number: OrderNumber,
    /// The article.
    pub sku: Sku,
    /// Where it lies.
    pub source_id: SourceId,
    /// How many.
    pub quantity: Quantity,
    /// How far it is.
    pub state: AllocationState,
    /// The operation that brings it there.
    pub operation_id: String,
    /// The version of the order that it is in line with.
    pub order_version: i64,
}

/// How far an allocation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AllocationState {
    /// It is being promised.
    Reserving,
    /// Promised.
    Reserved,
    /// The promise is being taken back; then the allocation is gone.
    Releasing,
    /// It is being deducted.
    Shipping,
    /// Deducted.
    Shipped,
}

/// How far all of an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing is promised to it.
    Unallocated,
    /// Something is being promised, released or deducted.
    UnderWay,
    /// All its goods are promised to it: nobody else gets them.
    Allocated,
    /// Its goods were deducted.
    Deducted,
    /// An admin lets it ship without, and nothing is deducted.
    Overridden,
}

/// How a ship-from location's orders are promised their goods.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AllocationMode {
    /// When somebody says so.
    #[default]
    Manual,
    /// By themselves, the oldest order first.
    Automatic,
}

/// A word that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no {1}")]
pub struct InvalidWord(String, &'static str);

// === impl Allocation ===

impl Allocation {
    /// Whether so many are certainly promised to the order.
    #[must_use]
    pub fn is_promised(&self) -> bool {
        matches!(
            self.state,
            AllocationState::Reserved | AllocationState::Shipping
        )
    }
}

// === impl Standing ===

impl Standing {
    /// That of an order.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        let all = |state| order.allocations.iter().all(|each| each.state == state);
        match () {
            () if order.overridden_by.is_some() => Self::Overridden,
            () if order.allocations.is_empty() => Self::Unallocated,
            () if all(AllocationState::Reserved) => Self::Allocated,
            () if all(AllocationState::Shipped) => Self::Deducted,
            () => Self::UnderWay,
        }
    }

    /// The word used in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unallocated => "unallocated",
            Self::UnderWay => "under_way",
            Self::Allocated => "allocated",
            Self::Deducted => "deducted",
            Self::Overridden => "overridden",
        }
    }
}

// === impl AllocationState ===

impl AllocationState {
    const ALL: [Self; 5] = [
        Self::Reserving,
        Self::Reserved,
        Self::Releasing,
        Self::Shipping,
        Self::Shipped,
    ];

    /// What is sent to bring an allocation there; nothing where it has arrived.
    #[must_use]
    pub const fn change(self, quantity: Quantity) -> Option<StockChange> {
        match self {
            Self::Reserving => Some(StockChange::Reserve { quantity }),
            Self::Releasing => Some(StockChange::Release { quantity }),
            Self::Shipping => Some(StockChange::Ship { quantity }),
            Self::Reserved | Self::Shipped => None,
        }
    }

    /// The word used in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reserving => "reserving",
            Self::Reserved => "reserved",
            Self::Releasing => "releasing",
            Self::Shipping => "shipping",
            Self::Shipped => "shipped",
        }
    }
}

impl fmt::Display for AllocationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AllocationState {
    type Err = InvalidWord;

    fn from_str(word: &str) -> Result<Self, InvalidWord> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == word);
        found.ok_or_else(|| InvalidWord(word.into(), "state of an allocation"))
    }
}

// === impl AllocationMode ===

impl AllocationMode {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Manual, Self::Automatic];

    /// The word used in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Automatic => "automatic",
        }
    }
}

impl FromStr for AllocationMode {
    type Err = InvalidWord;

    fn from_str(word: &str) -> Result<Self, InvalidWord> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == word);
        found.ok_or_else(|| InvalidWord(word.into(), "way of allocating"))
    }
}

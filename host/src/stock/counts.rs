//! The numbers of a level, without their age: what a change is told by.

use bestand_plugin_api::{Quantity, Tracking};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Held, sellable};

/// What was known of a level, without its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counts {
    /// Whether the quantities are counts.
    #[schema(value_type = String)]
    pub tracking: Tracking,
    /// Sellable.
    #[schema(value_type = Option<f64>)]
    pub available: Option<Quantity>,
    /// Physically there.
    #[schema(value_type = Option<f64>)]
    pub on_hand: Option<Quantity>,
    /// Promised to orders.
    #[schema(value_type = Option<f64>)]
    pub allocated: Option<Quantity>,
    /// On its way here; never part of `available`.
    #[schema(value_type = Option<f64>)]
    pub incoming: Option<Quantity>,
    /// Whether a complete listing did not name it.
    pub absent: bool,
}

// === impl Counts ===

impl Counts {
    /// What could be sold: the source's own number, else what is on hand and not promised; nothing where it is no count.
    #[must_use]
    pub fn sellable(&self) -> Option<Quantity> {
        match self.tracking {
            Tracking::Counted => sellable(self.available, self.on_hand, self.allocated),
            _ => None,
        }
    }
}

impl From<Held> for Counts {
    fn from(held: Held) -> Self {
        Self {
            tracking: held.tracking,
            available: held.available,
            on_hand: held.on_hand,
            allocated: held.allocated,
            incoming: held.incoming,
            absent: held.absent,
        }
    }
}

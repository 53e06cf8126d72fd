//! Whole numbers of a level: the only thing that the newer API can say of stock.

use std::ops::Sub;

use bestand_plugin_api::{Quantities, Quantity};

use crate::stock::Held;

/// What is known of an article at a place, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) available: Quantity,
    /// Not every system says.
    pub(super) on_hand: Option<Quantity>,
    pub(super) allocated: Option<Quantity>,
}

impl Numbers {
    /// Nothing when there is no number of what can be sold, which is not zero.
    fn of(
        available: Option<Quantity>,
        on_hand: Option<Quantity>,
        allocated: Option<Quantity>,
    ) -> Option<Self> {
        let sellable = || Some(on_hand? - allocated.unwrap_or(Quantity::ZERO));
        let available = available.or_else(sellable)?;
        Some(Self {
            available,
            on_hand,
            // The newer API knows nothing else that keeps what is there from being sold.
            allocated: allocated.or_else(|| on_hand.map(|on_hand| on_hand - available)),
        })
    }

    /// Whether there is none of anything.
    pub(super) fn is_nothing(&self) -> bool {
        let is_zero =
            |quantity: Option<Quantity>| quantity.unwrap_or(Quantity::ZERO) == Quantity::ZERO;
        self.available == Quantity::ZERO && is_zero(self.on_hand) && is_zero(self.allocated)
    }

    pub(super) fn from_held(held: &Held) -> Option<Self> {
        Self::of(held.available, held.on_hand, held.allocated)
    }

    pub(super) fn from_quantities(quantities: &Quantities) -> Option<Self> {
        Self::of(
            quantities.available,
            quantities.on_hand,
            quantities.allocated,
        )
    }
}

/// What is left of a building without one of its bins.
impl Sub for Numbers {
    type Output = Self;

    fn sub(self, bin: Self) -> Self {
        let without = |whole: Option<Quantity>, part: Option<Quantity>| {
            Some(whole? - part.unwrap_or(Quantity::ZERO))
        };
        Self {
            available: self.available - bin.available,
            on_hand: without(self.on_hand, bin.on_hand),
            allocated: without(self.allocated, bin.allocated),
        }
    }
}

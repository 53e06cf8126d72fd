//! Whole numbers of a level: the only thing that the newer API can say of stock.

use std::ops::Sub;

use bestand_plugin_api::{Currency, Quantity, StockLevel};

use super::transaction::Cost;
use crate::store::level::CountedLevel;

/// What is known of an article at a place, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) available: Quantity,
    /// Not every system says.
    pub(super) on_hand: Option<Quantity>,
    pub(super) allocated: Option<Quantity>,
    /// What one has cost on average, where that is known with its currency.
    pub(super) average_cost: Option<Cost>,
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
            average_cost: None,
        })
    }

    /// Whether there is none of anything.
    pub(super) fn is_nothing(&self) -> bool {
        let is_zero =
            |quantity: Option<Quantity>| quantity.unwrap_or(Quantity::ZERO) == Quantity::ZERO;
        self.available == Quantity::ZERO && is_zero(self.on_hand) && is_zero(self.allocated)
    }

    pub(super) fn from_stored(level: &CountedLevel) -> Option<Self> {
        let held = &level.held;
        let numbers = Self::of(held.available, held.on_hand, held.allocated)?;
        Some(numbers.with_cost(level.unit_cost, level.currency))
    }

    pub(super) fn from_level(level: &StockLevel) -> Option<Self> {
        let told = &level.quantities;
        let numbers = Self::of(told.available, told.on_hand, told.allocated)?;
        Some(numbers.with_cost(level.unit_cost, level.currency))
    }

    /// An amount of nobody knows what is no cost.
    fn with_cost(self, amount: Option<Quantity>, currency: Option<Currency>) -> Self {
        let cost = |amount| Cost { amount, currency };
        Self {
            average_cost: amount.filter(|_| currency.is_some()).map(cost),
            ..self
        }
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
            average_cost: self.average_cost,
        }
    }
}

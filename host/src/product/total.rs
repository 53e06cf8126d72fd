//! What of a product can be sold altogether, and what that sum is made of.
//!
//! **Invariant:** unknown is never zero. A source that does not know its count is missing from the sum, and that is said.

use bestand_plugin_api::{Quantity, Timestamp};

use super::Place;
use crate::source::InventorySource;
use crate::verdict::knowledge::Knowledge;

/// What of a product can be sold, over the included sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// The sum over the sources that count it; nothing when none does, which is not zero.
    pub available: Option<Quantity>,
    /// How many sources the sum is made of.
    pub counted: usize,
    /// How many included sources do not know how many they have: the sum may be more than this.
    pub not_known: usize,
    /// The age of the oldest number in it.
    pub as_of: Option<Timestamp>,
    /// Whether any number in it is older than its source's limit.
    pub stale: bool,
}

/// The part that a source has in a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Its count is in it.
    Counted,
    /// It has none: it does not have the article, or not at this place.
    None,
    /// It does not know how many it has, so that they are missing from it.
    NotKnown,
    /// It is left out: the operator does not include it, its system has closed it, what lies there is not for sale, or
    /// it is made of other sources, which are counted themselves.
    LeftOut,
}

// === impl Total ===

impl Total {
    pub(super) fn of(places: &[Place]) -> Self {
        let mut total = Self::default();
        for place in places {
            match place.share {
                Share::Counted => total.add(place),
                Share::NotKnown => total.not_known += 1,
                Share::None | Share::LeftOut => {}
            }
        }
        total
    }

    fn add(&mut self, place: &Place) {
        let Some(available) = place.available else {
            return;
        };
        // Also one below zero, so that the numbers of a page add up.
        self.available = Some(self.available.unwrap_or(Quantity::ZERO) + available);
        self.counted += 1;
        self.stale |= place.stale;
        let as_of = place.knowledge.as_of();
        self.as_of = match (self.as_of, as_of) {
            (Some(oldest), Some(as_of)) => Some(oldest.min(as_of)),
            (oldest, as_of) => oldest.or(as_of),
        };
    }
}

// === impl Share ===

impl Share {
    pub(super) fn of(
        source: &InventorySource,
        knowledge: &Knowledge,
        available: Option<Quantity>,
    ) -> Self {
        if !(source.included && source.active && source.sellable) {
            return Self::LeftOut;
        }
        match knowledge {
            Knowledge::Counted(_) if available.is_some() => Self::Counted,
            Knowledge::NotStocked { .. } | Knowledge::UnknownSku { .. } => Self::None,
            Knowledge::Counted(_)
            | Knowledge::NotTracked { .. }
            | Knowledge::Ambiguous { .. }
            | Knowledge::Incomplete { .. }
            | Knowledge::NotRetrieved(_) => Self::NotKnown,
        }
    }

    /// The word for it, in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::None => "none",
            Self::NotKnown => "not_known",
            Self::LeftOut => "left_out",
        }
    }
}

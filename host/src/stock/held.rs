//! What is known of one SKU at one source: the numbers a verdict is made of.

use bestand_plugin_api::{Quantity, StockLevel, Timestamp, Tracking};

/// What is known of one SKU at one source.
///
/// Its item reference, lots and further quantities are in the store only and are read when somebody looks at them:
/// a verdict needs none of them, and this is held in memory by the million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whether the quantities are counts.
    pub tracking: Tracking,
    /// Sellable; `None` is unknown, never zero.
    pub available: Option<Quantity>,
    /// Physically there.
    pub on_hand: Option<Quantity>,
    /// Bound to orders.
    pub allocated: Option<Quantity>,
    /// On its way here; never part of `available`.
    pub incoming: Option<Quantity>,
    /// The newest confirmation: it was true then or later.
    pub as_of: Timestamp,
    /// The source's own number of this state, when it has such.
    pub source_version: Option<u64>,
    /// Whether a complete listing no longer named it. The quantities and `tracking` then say what the adapter declares
    /// absence to mean: zero, not stocked, or no quantity at all when nothing is known of it any more.
    pub absent: bool,
}

// === impl Held ===

impl Held {
    /// What `level` says, as received at `now`.
    ///
    /// A level from the future is taken as one of now: a clock that runs ahead must not make it win for ever. One that
    /// was put together is as old as its parts, and of two the one that was put together later is the newer.
    pub(crate) fn from_level(level: &StockLevel, now: Timestamp) -> Self {
        let quantities = &level.quantities;
        Self {
            tracking: level.tracking,
            available: quantities.available,
            on_hand: quantities.on_hand,
            allocated: quantities.allocated,
            incoming: quantities.incoming,
            as_of: level.as_of.unwrap_or(level.fetched_at).min(now),
            source_version: level.source_version.or_else(|| put_together(level)),
            absent: false,
        }
    }

    /// Whether both say the same of the stock, whenever they were true.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let as_if_then = Self {
            as_of: other.as_of,
            source_version: other.source_version,
            ..*self
        };
        as_if_then == *other
    }
}

/// When a level was put together, as its version: its parts may be older than those of the one before.
fn put_together(level: &StockLevel) -> Option<u64> {
    level.as_of?;
    u64::try_from(level.fetched_at.millis()).ok()
}

//! What a system says of one SKU at one place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Currency, ItemRef, LocationId, Quantity, Sku, Timestamp};

mod part;

pub use part::{LevelPart, PartReason};

/// The quantities of one SKU at one location, with the time they were true.
///
/// Levels are reported at a location that [is a source](crate::LocationKind::is_source): sum up bins and lots before.
/// Every quantity is optional, because unknown is not zero; a `Counted` level has `available` or `on_hand`.
///
/// ```
/// use bestand_plugin_api::*;
///
/// let asked_at = Timestamp::from_secs(1_700_000_000);
/// let counted = StockLevel::counted(
///     Sku::new("TEA-1")?,
///     "shelf".into(),
///     Quantities::of(Quantity::units(3), Quantity::units(5)).with_incoming(Quantity::units(40)),
///     asked_at,
/// )
/// .with_item("/products/17")
/// .with_lots(vec![Lot::new("L-2026-04", Quantity::units(5))]);
/// assert!(counted.tracking.is_counted());
///
/// let service = StockLevel::uncounted(Sku::new("GIFT-WRAP")?, "shelf".into(), Tracking::NotTracked, asked_at);
/// assert_eq!(service.quantities.available, None);
/// # Ok::<(), InvalidSku>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StockLevel {
    /// The system's own reference to the article, given back on writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemRef>,
    /// The article.
    pub sku: Sku,
    /// The place.
    pub location: LocationId,
    /// Whether the quantities may be believed as a count.
    #[serde(default, skip_serializing_if = "Tracking::is_counted")]
    pub tracking: Tracking,
    /// The numbers.
    #[serde(default)]
    pub quantities: Quantities,
    /// Batches, where the system keeps them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    /// What one has cost on average, where the system keeps that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Quantity>,
    /// What `unit_cost` is told in; `None` where the system does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// When the system says it last changed this level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_updated_at: Option<Timestamp>,
    /// A number that grows with every change at the source; decides which of two answers is newer. Without it, the
    /// later `fetched_at` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_version: Option<u64>,
    /// The *start* of the request that brought this level: it was true then or later.
    pub fetched_at: Timestamp,
    /// When the numbers were true, where that is not [`fetched_at`](Self::fetched_at): a level that was put together
    /// is as old as the oldest of its parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// The inventory sources it was put together from; empty for a level of its own. At most
    /// [`SOURCES_MAX`](crate::sources::SOURCES_MAX).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<LevelPart>,
}

/// Quantities by name, in units of the article. `available` may be negative when a system has oversold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Quantities {
    /// Sellable now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<Quantity>,
    /// Physically there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_hand: Option<Quantity>,
    /// Bound to orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocated: Option<Quantity>,
    /// On its way here; never part of `available`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incoming: Option<Quantity>,
    /// Whatever else the system counts, under its own names (`damaged`, `safety_stock`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, Quantity>,
}

/// Whether a level is a count, or why it is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Tracking {
    /// The quantities are counts.
    #[default]
    Counted,
    /// The system does not track this article; whatever number it shows means nothing.
    NotTracked,
    /// The article is known but not stocked at this place.
    NotStocked,
    /// Several articles of the system carry this SKU, so no single count is right.
    Ambiguous,
    /// A part that belongs to the count is not known; [`StockLevel::parts`] says which.
    Incomplete,
    /// Not a count, for a reason that only a newer contract knows. Adapters do not send it.
    #[serde(other)]
    Unknown,
}

/// A batch of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lot {
    /// Lot or serial number.
    pub id: String,
    /// How many of it are there; part of the level's `on_hand`.
    pub quantity: Quantity,
    /// When it expires; `None` when it does not, or nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

// === impl StockLevel ===

impl StockLevel {
    /// A counted level with nothing but what is needed. `fetched_at` is the start of the request that brought it
    /// ([`HttpResponse::sent_at`](crate::http::HttpResponse::sent_at)).
    #[must_use]
    pub fn counted(
        sku: Sku,
        location: LocationId,
        quantities: Quantities,
        fetched_at: Timestamp,
    ) -> Self {
        Self {
            item: None,
            sku,
            location,
            tracking: Tracking::Counted,
            quantities,
            lots: Vec::new(),
            unit_cost: None,
            currency: None,
            source_updated_at: None,
            source_version: None,
            fetched_at,
            as_of: None,
            parts: Vec::new(),
        }
    }

    /// A level that is no count, and why: the article is there, but no number of it can be believed.
    #[must_use]
    pub fn uncounted(
        sku: Sku,
        location: LocationId,
        tracking: Tracking,
        fetched_at: Timestamp,
    ) -> Self {
        Self {
            tracking,
            ..Self::counted(sku, location, Quantities::default(), fetched_at)
        }
    }

    /// The same with the system's own reference to the article.
    #[must_use]
    pub fn with_item(self, item: impl Into<ItemRef>) -> Self {
        Self {
            item: Some(item.into()),
            ..self
        }
    }

    /// The same with its batches.
    #[must_use]
    pub fn with_lots(self, lots: Vec<Lot>) -> Self {
        Self { lots, ..self }
    }

    /// The same with what one has cost on average, and in which currency, where the system says.
    #[must_use]
    pub fn with_unit_cost(self, unit_cost: Quantity, currency: Option<Currency>) -> Self {
        Self {
            unit_cost: Some(unit_cost),
            currency,
            ..self
        }
    }

    /// The same, put together from these sources, with the time at which all of it was true.
    #[must_use]
    pub fn with_parts(self, parts: Vec<LevelPart>, as_of: Timestamp) -> Self {
        Self {
            as_of: Some(as_of),
            parts,
            ..self
        }
    }

    /// The same with the time at which the system last changed it.
    #[must_use]
    pub fn with_source_updated_at(self, moment: Timestamp) -> Self {
        Self {
            source_updated_at: Some(moment),
            ..self
        }
    }

    /// The same with a number that grows with every change at the source.
    #[must_use]
    pub fn with_source_version(self, version: u64) -> Self {
        Self {
            source_version: Some(version),
            ..self
        }
    }
}

impl Quantities {
    /// Available and on hand, the two that staff look at.
    #[must_use]
    pub fn of(available: Quantity, on_hand: Quantity) -> Self {
        Self {
            available: Some(available),
            on_hand: Some(on_hand),
            ..Self::default()
        }
    }

    /// Only what can be sold, where a system does not tell what is physically there.
    #[must_use]
    pub fn available(available: Quantity) -> Self {
        Self {
            available: Some(available),
            ..Self::default()
        }
    }

    /// Only what is physically there, where a system does not tell what of it can be sold.
    #[must_use]
    pub fn on_hand(on_hand: Quantity) -> Self {
        Self {
            on_hand: Some(on_hand),
            ..Self::default()
        }
    }

    /// The same with what is bound to orders.
    #[must_use]
    pub fn with_allocated(self, allocated: Quantity) -> Self {
        Self {
            allocated: Some(allocated),
            ..self
        }
    }

    /// The same with what is on its way here.
    #[must_use]
    pub fn with_incoming(self, incoming: Quantity) -> Self {
        Self {
            incoming: Some(incoming),
            ..self
        }
    }

    /// The same with a number of the system's own, under the system's own name.
    #[must_use]
    pub fn with_other(mut self, name: impl Into<String>, quantity: Quantity) -> Self {
        self.other.insert(name.into(), quantity);
        self
    }
}

impl Lot {
    /// A batch that does not expire.
    #[must_use]
    pub fn new(id: impl Into<String>, quantity: Quantity) -> Self {
        Self {
            id: id.into(),
            quantity,
            expires_at: None,
        }
    }

    /// The same, expiring at `moment`.
    #[must_use]
    pub fn with_expires_at(self, moment: Timestamp) -> Self {
        Self {
            expires_at: Some(moment),
            ..self
        }
    }
}

impl Tracking {
    /// Whether the quantities are counts.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        *self == Self::Counted
    }
}

//! What a system says of one SKU at one place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ItemRef, LocationId, Quantity, Sku, Timestamp};

/// The quantities of one SKU at one location, with the time they were true.
///
/// Levels are reported at a location that [is a source](crate::LocationKind::is_source): sum up bins and lots before.
/// Every quantity is optional, because unknown is not zero; a `Counted` level has `available` or `on_hand`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// When the system says it last changed this level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_updated_at: Option<Timestamp>,
    /// A number that grows with every change at the source; decides which of two answers is newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_version: Option<u64>,
    /// The *start* of the request that brought this level: it was true then or later.
    pub fetched_at: Timestamp,
}

/// Quantities by name. `available` may be negative when a system has oversold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// A batch of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Lot or serial number.
    pub id: String,
    /// How many of it.
    pub quantity: Quantity,
    /// When it expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

// === impl StockLevel ===

impl StockLevel {
    /// A counted level with nothing but what is needed; set the rest on its public fields.
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
            source_updated_at: None,
            source_version: None,
            fetched_at,
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
}

impl Tracking {
    /// Whether the quantities are counts.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        *self == Self::Counted
    }
}

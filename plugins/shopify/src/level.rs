//! From Shopify's level to a [`StockLevel`]: every quantity by its name, and what is no count says so.

use bestand_plugin_api::{ItemRef, LocationId, Quantities, Sku, StockLevel, Timestamp, Tracking};

use crate::graph::{Item, Level, NamedQuantity};

/// An item as its levels need it: nothing for an item without a SKU, which no order can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Article {
    pub(crate) reference: ItemRef,
    pub(crate) sku: Sku,
    tracked: bool,
    ambiguous: bool,
}

// === impl Article ===

impl Article {
    /// The article, if it has a SKU.
    pub(crate) fn find(item: &Item) -> Option<Self> {
        let sku = Sku::new(item.sku.as_deref()?).ok()?;
        Some(Self {
            reference: ItemRef(item.id.clone()),
            sku,
            tracked: item.tracked,
            ambiguous: item.duplicate_sku_count > 0,
        })
    }

    /// The same article, whose SKU others carry too.
    pub(crate) fn ambiguous(self) -> Self {
        Self {
            ambiguous: true,
            ..self
        }
    }

    pub(crate) fn is_ambiguous(&self) -> bool {
        self.ambiguous
    }

    pub(crate) fn is_tracked(&self) -> bool {
        self.tracked
    }

    /// The level of this article that Shopify shows.
    pub(crate) fn level(&self, level: Level, fetched_at: Timestamp) -> StockLevel {
        let tracking = match level.is_active {
            _ if self.ambiguous => Tracking::Ambiguous,
            _ if !self.tracked => Tracking::NotTracked,
            false => Tracking::NotStocked,
            true => Tracking::Counted,
        };
        let mut answer = self.bare(LocationId(level.location.id), tracking, fetched_at);
        if tracking.is_counted() {
            answer.quantities = quantities(level.quantities);
        }
        let updated_at = level.updated_at.as_deref();
        answer.source_updated_at = updated_at.and_then(|time| time.parse().ok());
        answer
    }

    /// The answer for a place where Shopify has no level of this article.
    pub(crate) fn not_stocked(&self, location: LocationId, fetched_at: Timestamp) -> StockLevel {
        let tracking = match (self.ambiguous, self.tracked) {
            (true, _) => Tracking::Ambiguous,
            (false, false) => Tracking::NotTracked,
            (false, true) => Tracking::NotStocked,
        };
        self.bare(location, tracking, fetched_at)
    }

    fn bare(&self, location: LocationId, tracking: Tracking, fetched_at: Timestamp) -> StockLevel {
        StockLevel::uncounted(self.sku.clone(), location, tracking, fetched_at)
            .with_item(self.reference.clone())
    }
}

/// By name; one we have no word for keeps Shopify's.
fn quantities(named: Vec<NamedQuantity>) -> Quantities {
    let mut quantities = Quantities::default();
    for NamedQuantity { name, quantity } in named {
        match name.as_str() {
            "available" => quantities.available = Some(quantity),
            "on_hand" => quantities.on_hand = Some(quantity),
            "committed" => quantities.allocated = Some(quantity),
            "incoming" => quantities.incoming = Some(quantity),
            _ => drop(quantities.other.insert(name, quantity)),
        }
    }
    quantities
}

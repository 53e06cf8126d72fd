//! What a product is to Bestand: one level for each warehouse that it is in.

use std::collections::BTreeMap;

use bestand_plugin_api::{
    ItemRef, LocationId, Quantities, Quantity, Sku, StockLevel, Timestamp, Tracking,
};
use serde::Deserialize;

/// A product as Ecomdash sends it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Product {
    id: Quantity,
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    pub(crate) warehouses: Option<Vec<InWarehouse>>,
    #[serde(default)]
    kit_components: Option<Vec<Component>>,
}

/// What there is of a product in a warehouse.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InWarehouse {
    warehouse_id: Quantity,
    quantity_on_hand: Quantity,
    #[serde(default = "yes")]
    is_active: bool,
}

/// What a kit is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Component {
    product: ComponentProduct,
    pub(crate) quantity: Quantity,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ComponentProduct {
    sku: Sku,
}

fn yes() -> bool {
    true
}

// === impl Product ===

impl Product {
    /// Its SKU; none where merchants left it empty, and then no order can ask for it.
    pub(crate) fn sku(&self) -> Option<Sku> {
        self.sku.as_deref().and_then(|text| Sku::new(text).ok())
    }

    /// For people.
    pub(crate) fn shown(&self) -> String {
        self.sku
            .clone()
            .unwrap_or_else(|| format!("product {}", self.id))
    }

    pub(crate) fn is_kit(&self) -> bool {
        self.r#type.as_deref() == Some("Kit")
    }

    pub(crate) fn components(&self) -> &[Component] {
        self.kit_components.as_deref().unwrap_or_default()
    }

    /// What is on hand in each warehouse where the product is active.
    pub(crate) fn on_hand(&self) -> BTreeMap<LocationId, Quantity> {
        let active = self.in_warehouses().filter(|row| row.is_active);
        active
            .map(|row| (location(row.warehouse_id), row.quantity_on_hand))
            .collect()
    }

    /// One level for each warehouse.
    pub(crate) fn levels(&self, sku: &Sku, fetched_at: Timestamp) -> Vec<StockLevel> {
        let counted = self.levels_of(sku, self.on_hand(), fetched_at);
        let inactive = self
            .in_warehouses()
            .filter(|row| !row.is_active)
            .map(|row| {
                let place = location(row.warehouse_id);
                StockLevel::uncounted(sku.clone(), place, Tracking::NotStocked, fetched_at)
            });
        counted.into_iter().chain(inactive).collect()
    }

    /// The levels that these numbers are.
    pub(crate) fn levels_of(
        &self,
        sku: &Sku,
        on_hand: BTreeMap<LocationId, Quantity>,
        fetched_at: Timestamp,
    ) -> Vec<StockLevel> {
        let level = |(place, on_hand)| {
            let quantities = Quantities::on_hand(on_hand);
            StockLevel::counted(sku.clone(), place, quantities, fetched_at)
                .with_item(ItemRef(whole(self.id)))
        };
        on_hand.into_iter().map(level).collect()
    }

    fn in_warehouses(&self) -> impl Iterator<Item = &InWarehouse> {
        self.warehouses.iter().flatten()
    }
}

// === impl Component ===

impl Component {
    pub(crate) fn sku(&self) -> &Sku {
        &self.product.sku
    }
}

/// The place that a warehouse's id names.
pub(crate) fn location(warehouse_id: Quantity) -> LocationId {
    whole(warehouse_id).into()
}

/// An id without the decimals that Ecomdash's numbers may carry.
fn whole(id: Quantity) -> String {
    id.floor().to_string()
}

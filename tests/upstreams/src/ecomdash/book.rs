//! What the account has: warehouses, products, and the rows between them.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Units;

/// The first id of a warehouse, and of a product; both count up.
const FIRST_WAREHOUSE_ID: u64 = 788;
const FIRST_PRODUCT_ID: u64 = 235_040;

/// What is on hand of a product in a warehouse.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// The product.
    pub sku: String,
    /// The warehouse, by its name.
    pub warehouse: String,
    /// How many.
    pub on_hand: Units,
}

/// All of an account.
#[derive(Debug, Default)]
pub(crate) struct Book {
    /// By their ids.
    warehouses: BTreeMap<u64, String>,
    /// By their ids, which is the order of lists.
    products: BTreeMap<u64, Product>,
}

/// One product.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    id: u64,
    pub(crate) sku: String,
    is_active: bool,
    on_hand: BTreeMap<u64, Units>,
    /// Ids and how many of each; a kit has some.
    components: Vec<(u64, Units)>,
    pub(crate) changed_at: Timestamp,
}

// === impl Stock ===

impl Stock {
    /// So many on hand.
    pub fn on_hand(sku: impl Into<String>, warehouse: &str, on_hand: impl Into<Units>) -> Self {
        Self {
            sku: sku.into(),
            warehouse: warehouse.to_owned(),
            on_hand: on_hand.into(),
        }
    }
}

// === impl Book ===

impl Book {
    pub(crate) fn set(&mut self, stock: &Stock, now: Timestamp) {
        let warehouse = self.warehouse(&stock.warehouse);
        let product = self.product(&stock.sku, now);
        product.on_hand.insert(warehouse, stock.on_hand);
        product.changed_at = now;
    }

    /// Sets a count as a client does: `None` when there is no such active product in that warehouse.
    pub(crate) fn update(
        &mut self,
        sku: &str,
        warehouse: u64,
        on_hand: Units,
        now: Timestamp,
    ) -> Option<()> {
        let mut products = self.products.values_mut();
        let product = products.find(|product| product.sku == sku && product.is_active)?;
        *product.on_hand.get_mut(&warehouse)? = on_hand;
        product.changed_at = now;
        Some(())
    }

    pub(crate) fn kit(&mut self, sku: &str, components: &[(&str, Units)]) -> anyhow::Result<()> {
        let parts = components.iter().map(|(part, each)| {
            let product = self
                .find(part)
                .with_context(|| format!("there is no product `{part}`"))?;
            Ok((product.id, *each))
        });
        let parts = parts.collect::<anyhow::Result<_>>()?;
        self.product(sku, Timestamp::UNIX_EPOCH).components = parts;
        Ok(())
    }

    pub(crate) fn set_active(&mut self, sku: &str, active: bool) {
        let mut products = self.products.values_mut();
        if let Some(product) = products.find(|product| product.sku == sku) {
            product.is_active = active;
        }
    }

    pub(crate) fn on_hand(&self, sku: &str, warehouse: &str) -> Option<Units> {
        let (id, _) = self
            .warehouses
            .iter()
            .find(|(_, name)| *name == warehouse)?;
        self.find(sku)?.on_hand.get(id).copied()
    }

    /// The active products, in order of their ids.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Product> {
        self.products.values().filter(|product| product.is_active)
    }

    /// The warehouses as they are told.
    pub(crate) fn warehouses(&self) -> Vec<Value> {
        let told = |(id, name): (&u64, &String)| {
            json!({
                "Id": id, "Name": name, "IsActive": true, "AccountNumber": id.to_string(), "IsSystemGenerated": false,
                "Type": "Standard",
            })
        };
        self.warehouses.iter().map(told).collect()
    }

    /// A product as it is told, with what `include` names.
    pub(crate) fn told(&self, product: &Product, includes: impl Fn(&str) -> bool) -> Value {
        let total: Units = product.on_hand.values().copied().sum();
        let mut told = json!({
            "Id": product.id, "CompanyId": 17_195, "Sku": product.sku, "Name": product.sku, "Type": product.kind(),
            "QuantityOnHand": total.to_json(), "ReserveLevel": 0, "IsActive": true, "IsDiscontinued": false,
        });
        if includes("Warehouses") {
            told["Warehouses"] = product.on_hand.iter().map(|row| product.row(row)).collect();
        }
        if includes("KitComponents") && !product.components.is_empty() {
            told["KitComponents"] = product
                .components
                .iter()
                .map(|part| self.component(part))
                .collect();
        }
        told
    }

    fn component(&self, (id, each): &(u64, Units)) -> Value {
        let sku = self.products.get(id).map(|product| product.sku.as_str());
        json!({ "Product": { "Id": id, "Sku": sku }, "Quantity": each.to_json() })
    }

    fn find(&self, sku: &str) -> Option<&Product> {
        self.products.values().find(|product| product.sku == sku)
    }

    fn warehouse(&mut self, name: &str) -> u64 {
        let known = self.warehouses.iter().find(|(_, known)| *known == name);
        if let Some((id, _)) = known {
            return *id;
        }
        let id = self
            .warehouses
            .keys()
            .next_back()
            .map_or(FIRST_WAREHOUSE_ID, |id| id + 1);
        self.warehouses.insert(id, name.to_owned());
        id
    }

    fn product(&mut self, sku: &str, now: Timestamp) -> &mut Product {
        let known = self.find(sku).map(|product| product.id);
        let next = self
            .products
            .keys()
            .next_back()
            .map_or(FIRST_PRODUCT_ID, |id| id + 1);
        let id = known.unwrap_or(next);
        self.products.entry(id).or_insert_with(|| Product {
            id,
            sku: sku.to_owned(),
            is_active: true,
            on_hand: BTreeMap::new(),
            components: Vec::new(),
            changed_at: now,
        })
    }
}

// === impl Product ===

impl Product {
    pub(crate) fn kind(&self) -> &'static str {
        match self.components.is_empty() {
            true => "Product",
            false => "Kit",
        }
    }

    fn row(&self, (warehouse, on_hand): (&u64, &Units)) -> Value {
        json!({
            "ProductId": self.id, "WarehouseId": warehouse, "QuantityOnHand": on_hand.to_json(),
            "WarehouseSKU": self.sku, "IsActive": true,
        })
    }
}

//! What the simulated shop holds: locations, inventory items, and the level of an item at a location.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::gid::gid;
use super::quantities::{NAMES, Quantities};

/// A place of the shop, as a test or a person seeds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewLocation {
    /// What the admin calls it.
    pub name: String,
    /// False hides it from default lists, and its stock is not sold.
    pub is_active: bool,
    /// Whether an app runs it; hidden unless `includeLegacy` is asked for.
    pub is_fulfillment_service: bool,
    /// Whether online orders are fulfilled from here.
    pub fulfills_online_orders: bool,
    /// Whether it ships.
    pub ships_inventory: bool,
    /// ISO country of its address.
    pub country_code: String,
    /// City of its address.
    pub city: String,
}

/// An inventory item with its variant, as a test or a person seeds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewItem {
    /// Not unique, and absent on many real variants.
    pub sku: Option<String>,
    /// The product's title.
    pub title: String,
    /// Whether the shop counts it; an untracked item still has levels, all zero.
    pub tracked: bool,
    /// False for services and gift cards.
    pub requires_shipping: bool,
    /// A parent bundle, whose stock cannot be written.
    pub bundle: bool,
    /// Its levels: location id and quantities.
    pub stock: Vec<(u64, Quantities)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) id: u64,
    pub(crate) seed: NewLocation,
    pub(crate) created_at: Timestamp,
    /// The number in the ids of its levels, which is not the location's own.
    pub(crate) level_number: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: u64,
    pub(crate) sku: Option<String>,
    pub(crate) title: String,
    pub(crate) tracked: bool,
    pub(crate) requires_shipping: bool,
    pub(crate) bundle: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// By location id.
    pub(crate) levels: BTreeMap<u64, Level>,
}

#[derive(Clone, Debug)]
pub(crate) struct Level {
    pub(crate) quantities: Quantities,
    pub(crate) is_active: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// When each quantity of [`NAMES`] was last written; never for `on_hand`, as in the real answers.
    pub(crate) touched_at: [Option<Timestamp>; NAMES.len()],
}

/// Which level: the item's id and the location's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LevelKey {
    pub(crate) item: u64,
    pub(crate) location: u64,
}

impl Default for NewLocation {
    fn default() -> Self {
        Self {
            name: "Warehouse".to_owned(),
            is_active: true,
            is_fulfillment_service: false,
            fulfills_online_orders: true,
            ships_inventory: true,
            country_code: "US".to_owned(),
            city: "Portland".to_owned(),
        }
    }
}

impl NewLocation {
    /// An active location of that name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }
}

impl Default for NewItem {
    fn default() -> Self {
        Self {
            sku: None,
            title: "Item".to_owned(),
            tracked: true,
            requires_shipping: true,
            bundle: false,
            stock: Vec::new(),
        }
    }
}

impl NewItem {
    /// A tracked item of that SKU without any level yet.
    #[must_use]
    pub fn sku(sku: impl Into<String>) -> Self {
        let sku = sku.into();
        Self {
            title: format!("Product {sku}"),
            sku: Some(sku),
            ..Self::default()
        }
    }

    /// The same item with that much available at `location`.
    #[must_use]
    pub fn at(self, location: u64, available: i32) -> Self {
        self.with(location, Quantities::available(available))
    }

    /// The same item with those quantities at `location`.
    #[must_use]
    pub fn with(mut self, location: u64, quantities: Quantities) -> Self {
        self.stock.push((location, quantities));
        self
    }

    /// The same item, not counted by the shop.
    #[must_use]
    pub fn untracked(mut self) -> Self {
        self.tracked = false;
        self
    }
}

impl Location {
    pub(crate) fn gid(&self) -> String {
        gid("Location", self.id)
    }

    pub(crate) fn level_gid(&self, item: u64) -> String {
        format!(
            "gid://shopify/InventoryLevel/{}?inventory_item_id={item}",
            self.level_number
        )
    }
}

impl Level {
    pub(crate) fn new(quantities: Quantities, now: Timestamp) -> Self {
        Self {
            quantities,
            is_active: true,
            created_at: now,
            updated_at: now,
            touched_at: [None; NAMES.len()],
        }
    }

    /// Writes one quantity and stamps what changed with it.
    pub(crate) fn write(&mut self, name: &str, quantity: i32, now: Timestamp) {
        if !self.quantities.set(name, quantity) {
            return;
        }
        let stamped = if name == "on_hand" { "available" } else { name };
        if let Some(index) = NAMES.iter().position(|known| *known == stamped) {
            self.touched_at[index] = Some(now);
        }
        self.updated_at = now;
    }
}

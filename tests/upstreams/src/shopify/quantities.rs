//! The named quantities of one inventory level, and the sum Shopify promises between them.

use serde::{Deserialize, Serialize};

/// Every quantity name of the real `inventoryProperties` answer.
pub const NAMES: [&str; 8] = [
    "available",
    "on_hand",
    "committed",
    "incoming",
    "reserved",
    "damaged",
    "safety_stock",
    "quality_control",
];

/// What `on_hand` is made of; `incoming` belongs to nothing.
pub const ON_HAND_PARTS: [&str; 6] = [
    "available",
    "committed",
    "damaged",
    "quality_control",
    "reserved",
    "safety_stock",
];

/// The quantities a level stores; `on_hand` is their sum and is never stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quantities {
    /// Sellable; negative when oversold.
    pub available: i32,
    /// Promised to open orders.
    pub committed: i32,
    /// Broken.
    pub damaged: i32,
    /// On its way, and part of no sum.
    pub incoming: i32,
    /// Being inspected.
    pub quality_control: i32,
    /// Set aside.
    pub reserved: i32,
    /// Kept back.
    pub safety_stock: i32,
}

impl Quantities {
    /// Only `available`, all else zero.
    #[must_use]
    pub fn available(available: i32) -> Self {
        Self {
            available,
            ..Self::default()
        }
    }

    /// The sum of all parts of `on_hand`.
    #[must_use]
    pub fn on_hand(&self) -> i32 {
        ON_HAND_PARTS
            .iter()
            .filter_map(|name| self.get(name))
            .fold(0, i32::saturating_add)
    }

    /// The quantity of that name, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<i32> {
        Some(match name {
            "available" => self.available,
            "on_hand" => self.on_hand(),
            "committed" => self.committed,
            "damaged" => self.damaged,
            "incoming" => self.incoming,
            "quality_control" => self.quality_control,
            "reserved" => self.reserved,
            "safety_stock" => self.safety_stock,
            _ => return None,
        })
    }

    /// Sets the quantity of that name; `on_hand` moves `available`, as in the real shop. False for an unknown name.
    pub fn set(&mut self, name: &str, quantity: i32) -> bool {
        let part = match name {
            "available" => &mut self.available,
            "on_hand" => {
                self.available = self
                    .available
                    .saturating_add(quantity.saturating_sub(self.on_hand()));
                return true;
            }
            "committed" => &mut self.committed,
            "damaged" => &mut self.damaged,
            "incoming" => &mut self.incoming,
            "quality_control" => &mut self.quality_control,
            "reserved" => &mut self.reserved,
            "safety_stock" => &mut self.safety_stock,
            _ => return false,
        };
        *part = quantity;
        true
    }
}

//! What the module has: one item for each article and warehouse.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What there is of an article in a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// The article.
    pub sku: String,
    /// The warehouse, where the system behind the module has several.
    #[serde(default)]
    pub warehouse: Option<String>,
    /// What may be sold.
    pub available: i64,
    /// What is there.
    #[serde(default)]
    pub on_hand: Option<i64>,
    /// What is bound to orders that are being picked.
    #[serde(default)]
    pub allocated: Option<i64>,
    /// What all pending orders need.
    #[serde(default)]
    pub committed: Option<i64>,
}

/// An item as the module keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) stock: Stock,
    pub(crate) updated_at: Timestamp,
}

/// All items, by their ids, which never change.
#[derive(Debug, Default)]
pub(crate) struct Book {
    items: BTreeMap<String, Item>,
    locked: BTreeSet<String>,
}

// === impl Stock ===

impl Stock {
    /// So many available in a warehouse, and nothing more told.
    pub fn available(sku: impl Into<String>, warehouse: &str, available: i64) -> Self {
        Self {
            sku: sku.into(),
            warehouse: (!warehouse.is_empty()).then(|| warehouse.to_owned()),
            available,
            on_hand: None,
            allocated: None,
            committed: None,
        }
    }

    /// The same with what is there; the rest of it is committed.
    #[must_use]
    pub fn of(self, on_hand: i64) -> Self {
        Self {
            on_hand: Some(on_hand),
            committed: Some(on_hand - self.available),
            ..self
        }
    }

    fn id(&self) -> String {
        let warehouse = self.warehouse.as_deref().unwrap_or_default();
        format!("{warehouse}/{}", self.sku)
    }
}

// === impl Book ===

impl Book {
    pub(crate) fn set(&mut self, stock: Stock, now: Timestamp) {
        let updated_at = now;
        self.items.insert(stock.id(), Item { stock, updated_at });
    }

    /// The items in order of their ids.
    pub(crate) fn items(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.items.iter().map(|(id, item)| (id.as_str(), item))
    }

    pub(crate) fn item_mut(&mut self, id: &str) -> Option<&mut Item> {
        self.items.get_mut(id)
    }

    pub(crate) fn find(&self, sku: &str, warehouse: Option<&str>) -> Option<&Stock> {
        let mut stocks = self.items.values().map(|item| &item.stock);
        stocks.find(|stock| stock.sku == sku && stock.warehouse.as_deref() == warehouse)
    }

    pub(crate) fn has_sku(&self, sku: &str) -> bool {
        self.items.values().any(|item| item.stock.sku == sku)
    }

    pub(crate) fn is_locked(&self, sku: &str) -> bool {
        self.locked.contains(sku)
    }

    pub(crate) fn set_locked(&mut self, sku: &str, locked: bool) {
        match locked {
            true => self.locked.insert(sku.to_owned()),
            false => self.locked.remove(sku),
        };
    }
}

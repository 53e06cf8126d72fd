//! Which SKU is which inventory item, remembered from what was read, within bounds.
//!
//! It saves a search: an item known by its id is read exactly. It is never believed alone; whoever uses it looks
//! whether the item still carries the SKU.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use bestand_plugin_api::Sku;

use crate::graph::number;
use crate::level::Article;

/// About 20 MB at usual lengths; a larger shop is searched for the rest.
const ITEMS_MAX: usize = 100_000;

/// SKUs by item number and back; its lock is held to look something up or put it in.
#[derive(Debug, Default)]
pub(crate) struct Catalog(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    sku_of_item: HashMap<u64, Sku>,
    item_of_sku: HashMap<Sku, u64>,
}

// === impl Catalog ===

impl Catalog {
    pub(crate) fn remember<'a>(&self, articles: impl IntoIterator<Item = &'a Article>) {
        let mut known = self.lock();
        for article in articles {
            let Some(item) = number(&article.reference.0) else {
                continue;
            };
            known.forget(item);
            if known.sku_of_item.len() < ITEMS_MAX {
                known.sku_of_item.insert(item, article.sku.clone());
                known.item_of_sku.insert(article.sku.clone(), item);
            }
        }
    }

    pub(crate) fn forget(&self, item: u64) {
        self.lock().forget(item);
    }

    pub(crate) fn find_sku(&self, item: u64) -> Option<Sku> {
        self.lock().sku_of_item.get(&item).cloned()
    }

    pub(crate) fn find_item(&self, sku: &Sku) -> Option<u64> {
        self.lock().item_of_sku.get(sku).copied()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().expect("no holder of the catalog panics")
    }
}

// === impl Known ===

impl Known {
    fn forget(&mut self, item: u64) {
        let Some(sku) = self.sku_of_item.remove(&item) else {
            return;
        };
        if self.item_of_sku.get(&sku) == Some(&item) {
            self.item_of_sku.remove(&sku);
        }
    }
}

//! Products: one SKU over all sources of an account, and what of it can be sold altogether.
//!
//! A product is nothing that is stored: its numbers are the sources' own, each with its age. The total is made of the
//! sources that count it and are included; of those that do not know it, it is told that they are missing from it.

mod total;

#[cfg(test)]
mod tests;

pub use total::{Share, Total};

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{Quantity, Sku};

use crate::availability::Availability;
use crate::clock::Clock;
use crate::id::AccountId;
use crate::search::SearchText;
use crate::source::InventorySource;
use crate::stock::{Held, StockBook};
use crate::store::{self, Db, Error};
use crate::verdict::knowledge::Knowledge;

/// Knows every product. Cheap to clone.
#[derive(Clone)]
pub struct Products {
    db: Db,
    book: StockBook,
    availability: Availability,
    clock: Clock,
    max_age: Duration,
}

/// One SKU over all sources.
#[derive(Clone, Debug)]
pub struct Product {
    /// The article.
    pub sku: Sku,
    /// What of it can be sold, over the included sources.
    pub total: Total,
    /// What is known of it at each source, in the order of their names.
    pub places: Vec<Place>,
}

/// What is known of a product at one source.
#[derive(Clone, Debug)]
pub struct Place {
    /// The source.
    pub source: Arc<InventorySource>,
    /// What is known there.
    pub knowledge: Knowledge,
    /// What can be sold there; nothing when there is no count, which is not zero.
    pub available: Option<Quantity>,
    /// Whether what is known is older than the source's limit.
    pub stale: bool,
    /// Its part in the total.
    pub share: Share,
}

/// A part of a list of products.
#[derive(Clone, Debug)]
pub struct Page {
    /// The products, in the order of their SKUs.
    pub products: Vec<Product>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<Sku>,
}

// === impl Products ===

impl Products {
    /// Over what these know; levels older than `max_age` are stale where a source does not say otherwise.
    #[must_use]
    pub fn new(
        db: Db,
        book: StockBook,
        availability: Availability,
        clock: Clock,
        max_age: Duration,
    ) -> Self {
        Self {
            db,
            book,
            availability,
            clock,
            max_age,
        }
    }

    /// One product. Of a SKU that no source has, that is what all of them say.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn find(&self, account: AccountId, sku: &Sku) -> Result<Product, Error> {
        let sources = self.sources(account).await?;
        let mut products = self.of(account, &sources, vec![sku.clone()]).await?;
        let product = products.pop();
        product.ok_or_else(|| Error::not_found("product", sku.as_str()))
    }

    /// Products whose SKU begins with `text`, as it is written, in capitals or in small letters; all without a text.
    /// They come in the order of their SKUs, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn search(
        &self,
        account: AccountId,
        text: Option<&SearchText>,
        after: Option<&Sku>,
        limit: u32,
    ) -> Result<Page, Error> {
        let sources = self.sources(account).await?;
        let ids: Vec<_> = sources.iter().map(|source| source.id).collect();
        let prefixes = text.map_or_else(|| vec![String::new()], SearchText::spellings);
        // One more than asked for: it tells whether there is a next page.
        let found = limit.saturating_add(1);
        let mut skus = store::level::skus(&self.db, account, &ids, &prefixes, after, found).await?;
        let more = skus.len() > limit as usize;
        skus.truncate(limit as usize);
        let next = skus.last().filter(|_| more).cloned();
        let products = self.of(account, &sources, skus).await?;
        Ok(Page { products, next })
    }

    async fn sources(&self, account: AccountId) -> Result<Vec<Arc<InventorySource>>, Error> {
        let mut sources = store::source::list(&self.db, account).await?;
        sources.sort_by_cached_key(|source| (source.name.clone(), source.id));
        Ok(sources.into_iter().map(Arc::new).collect())
    }

    async fn of(
        &self,
        account: AccountId,
        sources: &[Arc<InventorySource>],
        skus: Vec<Sku>,
    ) -> Result<Vec<Product>, Error> {
        let mut places: Vec<Vec<Place>> = vec![Vec::with_capacity(sources.len()); skus.len()];
        for source in sources {
            let levels = self.book.levels(account, source.id, &skus).await?;
            for ((sku, held), places) in skus.iter().zip(levels).zip(&mut places) {
                places.push(self.place(source, sku, held.as_ref()));
            }
        }
        let product = |(sku, places): (Sku, Vec<Place>)| Product {
            total: Total::of(&places),
            sku,
            places,
        };
        Ok(skus.into_iter().zip(places).map(product).collect())
    }

    fn place(&self, source: &Arc<InventorySource>, sku: &Sku, held: Option<&Held>) -> Place {
        let knowledge = self.availability.known(source, sku, held);
        let max_age = source.max_age(self.max_age);
        let as_of = knowledge.as_of();
        let available = match &knowledge {
            Knowledge::Counted(count) => count.sellable(),
            _ => None,
        };
        Place {
            share: match self.availability.puts_together(source.connection_id) {
                // What it is made of is counted already.
                true => Share::LeftOut,
                false => Share::of(source, &knowledge, available),
            },
            stale: as_of.is_some_and(|as_of| self.clock.now().since(as_of) > max_age),
            available,
            knowledge,
            source: Arc::clone(source),
        }
    }
}

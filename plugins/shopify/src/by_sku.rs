//! The live query of an order: items known by their id are read exactly, the others are searched and compared.

use std::collections::{HashMap, HashSet};

use bestand_plugin_api::{
    Ctx, LocationId, Result, Sku, SkuAnswers, SkuError, SkuQuery, StockBySku, StockLevel, Timestamp,
};

use crate::Shopify;
use crate::graph::{StockedItem, item_gid};
use crate::items::{ItemsPage, ItemsQuery};
use crate::level::Article;
use crate::search;
use crate::throttle::Urgency;

/// Items a page of a search: SKUs that only resemble the ones asked for come with them.
const SEARCH_PAGE_SIZE: usize = 100;

/// Pages of one search; a SKU not found by then resembles too many others.
const SEARCH_PAGES_MAX: usize = 4;

/// Items found by the SKU they carry, each SKU with every item that carries it.
#[derive(Debug, Default)]
pub(crate) struct Found {
    items: HashMap<Sku, Vec<(StockedItem, Timestamp)>>,
    /// SKUs for which the search was not read to its end.
    unfinished: HashSet<Sku>,
}

impl StockBySku for Shopify {
    /// One search; its longest text stays far below what the service takes.
    const MAX_BATCH: usize = 50;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let mut found = self.find_items(ctx, &query.skus, Urgency::Order).await?;
        let mut answers = SkuAnswers::default();
        for sku in query.skus {
            match found.take(&sku) {
                Ok(items) => answers.levels.extend(levels(items, &query.locations)),
                Err(error) => answers.errors.push(error),
            }
        }
        Ok(answers)
    }
}

impl Shopify {
    /// Every item that carries one of these SKUs.
    pub(crate) async fn find_items(
        &self,
        ctx: &Ctx,
        skus: &[Sku],
        urgency: Urgency,
    ) -> Result<Found> {
        let mut found = Found::default();
        let ids: Vec<_> = skus
            .iter()
            .filter_map(|sku| self.catalog.find_item(sku))
            .map(item_gid)
            .collect();
        if !ids.is_empty() {
            let page = self.items_by_ids(ctx, &ids, urgency).await?;
            found.add(page, skus);
        }
        let rest: Vec<_> = skus
            .iter()
            .filter(|sku| !found.items.contains_key(*sku))
            .cloned()
            .collect();
        for batch in rest.chunks(Self::MAX_BATCH) {
            self.search_items(ctx, batch, urgency, &mut found).await?;
        }
        for (item, _) in found.items.values().flatten() {
            self.catalog.remember(Article::find(&item.item).as_ref());
        }
        Ok(found)
    }

    async fn search_items(
        &self,
        ctx: &Ctx,
        skus: &[Sku],
        urgency: Urgency,
        found: &mut Found,
    ) -> Result<()> {
        let mut query = ItemsQuery {
            search: Some(search::by_skus(skus)),
            after: None,
            page_size: SEARCH_PAGE_SIZE,
            urgency,
        };
        for _ in 0..SEARCH_PAGES_MAX {
            let mut page = self.items_page(ctx, &query).await?;
            query.after = page.next.take();
            found.add(page, skus);
            if query.after.is_none() {
                return Ok(());
            }
        }
        found.unfinished.extend(skus.iter().cloned());
        Ok(())
    }
}

// === impl Found ===

impl Found {
    /// Takes the items of one SKU.
    pub(crate) fn take(
        &mut self,
        sku: &Sku,
    ) -> Result<Vec<(Article, StockedItem, Timestamp)>, SkuError> {
        if self.unfinished.contains(sku) {
            let message = "too many SKUs in Shopify resemble this one to look through within an order's query";
            return Err(SkuError::failed(sku.clone(), message));
        }
        let items = self.items.remove(sku).unwrap_or_default();
        if items.is_empty() {
            return Err(SkuError::not_found(
                sku.clone(),
                "no inventory item in Shopify carries this SKU",
            ));
        }
        let several = items.len() > 1;
        let articles = items.into_iter().filter_map(|(item, sent_at)| {
            let article = Article::find(&item.item)?;
            let article = if several {
                article.ambiguous()
            } else {
                article
            };
            Some((article, item, sent_at))
        });
        Ok(articles.collect())
    }

    /// Keeps what carries exactly one of the SKUs asked for; the search is not exact.
    fn add(&mut self, page: ItemsPage, skus: &[Sku]) {
        for item in page.items {
            let sku = item.item.sku.as_deref().and_then(|sku| Sku::new(sku).ok());
            let Some(sku) = sku.filter(|sku| skus.contains(sku)) else {
                continue;
            };
            let known = self.items.entry(sku).or_default();
            if known.iter().all(|(other, _)| other.item.id != item.item.id) {
                known.push((item, page.sent_at));
            }
        }
    }
}

/// The levels of one SKU at the places asked for, or everywhere; an ambiguous SKU has one answer for each place.
fn levels(
    items: Vec<(Article, StockedItem, Timestamp)>,
    locations: &[LocationId],
) -> Vec<StockLevel> {
    let mut levels = Vec::new();
    let mut answered = HashSet::new();
    let mut first = None;
    for (article, item, sent_at) in items {
        for level in item.inventory_levels.nodes {
            let level = article.level(level, sent_at);
            let wanted = locations.is_empty() || locations.contains(&level.location);
            if wanted && answered.insert(level.location.clone()) {
                levels.push(level);
            }
        }
        first.get_or_insert((article, sent_at));
    }
    if let Some((article, sent_at)) = first {
        let missing = locations
            .iter()
            .filter(|location| !answered.contains(*location));
        levels.extend(missing.map(|location| article.not_stocked(location.clone(), sent_at)));
    }
    levels
}

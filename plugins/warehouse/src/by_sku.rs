//! Some articles at once, each by its own key.

use bestand_plugin_api::{
    Ctx, LocationId, Quantities, Result, Sku, SkuAnswers, SkuError, SkuQuery, StockBySku,
    StockLevel, Timestamp, Tracking, call,
};

use crate::Warehouse;
use crate::keys;
use crate::shelf::{Count, Shelf};

impl StockBySku for Warehouse {
    const MAX_BATCH: usize = 1000;

    /// Answers for bins as well, where they are named.
    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let fetched_at = ctx.now().await?;
        let (keepable, too_long): (Vec<Sku>, Vec<Sku>) = query
            .skus
            .into_iter()
            .partition(|sku| sku.len() <= keys::SKU_BYTES_MAX);
        let wanted = keepable.iter().map(keys::stock).collect();
        let entries = ctx.state().get_many(wanted).await?;

        let mut answers = SkuAnswers::default();
        answers.errors.extend(too_long.into_iter().map(not_found));
        for (sku, entry) in keepable.into_iter().zip(entries) {
            let levels = match entry {
                Some(entry) => {
                    self.levels(&call::decode(&entry.value)?, &query.locations, fetched_at)
                }
                None => Vec::new(),
            };
            match levels.is_empty() {
                true => answers.errors.push(not_found(sku)),
                false => answers.levels.extend(levels),
            }
        }
        Ok(answers)
    }
}

impl Warehouse {
    /// The levels at the places asked for; without any, at every warehouse the article was brought to.
    fn levels(
        &self,
        shelf: &Shelf,
        asked: &[LocationId],
        fetched_at: Timestamp,
    ) -> Vec<StockLevel> {
        let everywhere = shelf.sites();
        let wanted: Vec<&LocationId> = match asked.is_empty() {
            true => everywhere.iter().collect(),
            false => asked.iter().collect(),
        };
        let answer = |location: &LocationId| match shelf.count(location, fetched_at) {
            Some(count) => self.level(shelf, location, count, fetched_at),
            None => self.not_stocked(shelf, location, fetched_at),
        };
        wanted.into_iter().map(answer).collect()
    }

    fn not_stocked(
        &self,
        shelf: &Shelf,
        location: &LocationId,
        fetched_at: Timestamp,
    ) -> StockLevel {
        let mut level = self.level(shelf, location, Count::default(), fetched_at);
        level.tracking = Tracking::NotStocked;
        level.quantities = Quantities::default();
        (level.unit_cost, level.currency) = (None, None);
        level
    }
}

fn not_found(sku: Sku) -> SkuError {
    SkuError::not_found(sku, "no warehouse was ever given this article")
}

//! Every level, by walking over the shelves.

use bestand_plugin_api::{
    Ctx, Cursor, Listing, LocationId, Quantities, Result, StockLevel, StockListing, Timestamp,
};

use crate::shelf::{Count, Shelf};
use crate::{Warehouse, walk};

impl StockListing for Warehouse {
    /// The cursor is the last key of the page before, so it outlives restarts.
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let fetched_at = ctx.now().await?;
        let page = walk::page(ctx, cursor.map(|cursor| cursor.0)).await?;
        let mut items = Vec::with_capacity(page.shelves.len());
        for (_, shelf) in &page.shelves {
            let sites = shelf.sites();
            let counts = sites
                .iter()
                .filter_map(|site| Some((site, shelf.count(site, fetched_at)?)));
            items.extend(counts.map(|(site, count)| self.level(shelf, site, count, fetched_at)));
        }
        Ok(match page.next {
            Some(next) => Listing::page(items, next),
            None => Listing::done(items),
        })
    }
}

impl Warehouse {
    /// The level of an article at a place.
    pub(crate) fn level(
        &self,
        shelf: &Shelf,
        location: &LocationId,
        count: Count,
        fetched_at: Timestamp,
    ) -> StockLevel {
        let mut quantities =
            Quantities::of(count.available(), count.on_hand).with_allocated(count.allocated);
        for (condition, quantity) in shelf.conditions(location, fetched_at) {
            quantities = quantities.with_other(condition.as_str(), quantity);
        }
        let mut level =
            StockLevel::counted(shelf.sku.clone(), location.clone(), quantities, fetched_at)
                .with_source_updated_at(shelf.updated_at)
                .with_source_version(shelf.revision)
                .with_lots(shelf.lots(location));
        level.unit_cost = shelf.unit_cost;
        level.currency = shelf.unit_cost.map(|_| self.currency);
        level
    }
}

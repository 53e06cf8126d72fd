//! All articles that any of the sources has, page by page.

use bestand_plugin_api::sources::SkuPage;
use bestand_plugin_api::{
    AdapterError, Ctx, Cursor, Listing, Result, Sku, StockLevel, StockListing,
};

use crate::Combined;
use crate::reading::Reading;

impl StockListing for Combined {
    /// The cursor is the last SKU of the page before.
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let page = match cursor {
            Some(Cursor(last)) => SkuPage::first().after(read(&last)?),
            None => SkuPage::first(),
        };
        let skus = ctx.sources().skus(&page).await?;
        let next = skus
            .get(page.limit - 1)
            .map(|last| Cursor(last.to_string()));
        // What no source has any more is not named, and so becomes what absence means.
        let levels = Reading::stored(self, ctx, skus).await?.levels();
        let levels = levels.filter_map(Result::ok).collect();
        Ok(match next {
            Some(next) => Listing::page(levels, next),
            None => Listing::done(levels),
        })
    }
}

fn read(cursor: &str) -> Result<Sku> {
    Sku::new(cursor).map_err(|_| AdapterError::protocol("this is no cursor of this listing"))
}

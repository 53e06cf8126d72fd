//! All stock, page by page.

use bestand_plugin_api::{Ctx, Cursor, Listing, Result, StockLevel, StockListing};

use crate::adapter::AcmeStock;
use crate::api::Stock;

/// The most rows that the system puts on a page.
const PAGE_ROWS: &str = "500";

impl StockListing for AcmeStock {
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let mut request = self.client.get(ctx, "/v1/stock").query("limit", PAGE_ROWS);
        if let Some(Cursor(after)) = &cursor {
            request = request.query("after", after);
        }
        let answer = request.read::<Stock>().await?;
        let next = answer.content.next.clone();
        let levels = answer.content.levels(answer.asked_at);
        Ok(match next {
            Some(next) => Listing::page(levels, next),
            None => Listing::done(levels),
        })
    }
}

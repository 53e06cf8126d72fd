//! Some articles at once, for an order that waits or after a part has changed.

use bestand_plugin_api::sources::SOURCE_SKUS_MAX;
use bestand_plugin_api::{Ctx, Result, SkuAnswers, SkuError, SkuQuery, StockBySku};

use crate::Combined;
use crate::adapter::PLACE;
use crate::reading::Reading;

impl StockBySku for Combined {
    const MAX_BATCH: usize = SOURCE_SKUS_MAX;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let is_ours = |place: &bestand_plugin_api::LocationId| place.0 == PLACE;
        if !query.locations.is_empty() && !query.locations.iter().any(is_ours) {
            let elsewhere = |sku| SkuError::not_found(sku, "there is no such place");
            let errors = query.skus.into_iter().map(elsewhere);
            return Ok(SkuAnswers::default().with_errors(errors.collect()));
        }
        let reading = Reading::stored(self, ctx, query.skus).await?;
        let mut reading = reading.needing(query.needed);
        reading.refresh(ctx).await?;
        let mut answers = SkuAnswers::default();
        for level in reading.levels() {
            match level {
                Ok(level) => answers.levels.push(level),
                Err(error) => answers.errors.push(error),
            }
        }
        Ok(answers)
    }
}

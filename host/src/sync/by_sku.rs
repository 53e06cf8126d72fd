//! Some SKUs at once: for a hint that they changed, and for an order that waits.

use std::time::Duration;

use bestand_plugin_api::call::adapter::StockBySku;
use bestand_plugin_api::{LocationId, Sku, SkuAnswers, SkuError, SkuQuery};

use super::{SyncError, Work};
use crate::plugin::Priority;
use crate::stock::Cause;

/// How long it may take when nobody waits who would rather have an old number.
const UNHURRIED: Duration = Duration::from_secs(30);

impl Work<'_> {
    /// Reads these SKUs at these locations (all, when empty) and stores what it found; answers what it did not find.
    ///
    /// # Errors
    /// What the adapter or the store answers. `Unsupported` when the adapter cannot answer by SKU.
    pub async fn by_sku(
        &self,
        cause: &Cause,
        priority: Priority,
        skus: &[Sku],
        locations: &[LocationId],
    ) -> Result<Vec<SkuError>, SyncError> {
        self.by_sku_within(cause, priority, skus, locations, UNHURRIED)
            .await
    }

    /// The same, with a deadline for each call.
    ///
    /// # Errors
    /// As [`by_sku`](Self::by_sku).
    pub async fn by_sku_within(
        &self,
        cause: &Cause,
        priority: Priority,
        skus: &[Sku],
        locations: &[LocationId],
        deadline: Duration,
    ) -> Result<Vec<SkuError>, SyncError> {
        let batch = self
            .session
            .adapter()
            .manifest()
            .by_sku_batch()
            .unwrap_or(1)
            .max(1);
        let mut errors = Vec::new();
        for skus in skus.chunks(batch) {
            let query = SkuQuery::of(skus.to_vec()).at(locations.to_vec());
            let answers = self
                .session
                .call_within::<StockBySku>(priority, &query, deadline);
            let answers: SkuAnswers = answers.await?;
            let asked = |level: &bestand_plugin_api::StockLevel| skus.contains(&level.sku);
            let levels = answers.levels.into_iter().filter(asked).collect();
            self.apply(cause.clone(), levels).await?;
            errors.extend(answers.errors);
        }
        Ok(errors)
    }
}

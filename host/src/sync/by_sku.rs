//! Some SKUs at once: for a hint that they changed, and for an order that waits.

use bestand_plugin_api::call::adapter::StockBySku;
use bestand_plugin_api::{LocationId, Sku, SkuAnswers, SkuError, SkuQuery};

use super::{SyncError, Work};
use crate::plugin::Priority;
use crate::stock::CauseKind;

impl Work<'_> {
    /// Reads these SKUs at these locations (all, when empty) and stores what it found; answers what it did not find.
    ///
    /// # Errors
    /// What the adapter or the store answers. `Unsupported` when the adapter cannot answer by SKU.
    pub async fn by_sku(
        &self,
        kind: CauseKind,
        priority: Priority,
        skus: &[Sku],
        locations: &[LocationId],
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
            let answers: SkuAnswers = self.session.call::<StockBySku>(priority, &query).await?;
            let asked = |level: &bestand_plugin_api::StockLevel| skus.contains(&level.sku);
            let levels = answers.levels.into_iter().filter(asked).collect();
            self.apply(kind, None, levels).await?;
            errors.extend(answers.errors);
        }
        Ok(errors)
    }
}

//! The answer to an order: some articles, now.

use bestand_plugin_api::{
    Ctx, LocationId, Result, Sku, SkuAnswers, SkuError, SkuQuery, StockBySku, StockLevel,
    Timestamp, Tracking,
};
use serde_json::json;

use crate::adapter::AcmeStock;
use crate::api::Stock;

impl StockBySku for AcmeStock {
    /// The most articles that the system looks up at once.
    const MAX_BATCH: usize = 100;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let wanted = json!({ "skus": query.skus });
        let request = self.client.post(ctx, "/v1/stock/search", &wanted)?;
        let answer = request.read::<Stock>().await?;
        let levels = answer.content.levels(answer.asked_at);
        let mut answers = SkuAnswers::default();
        for sku in query.skus {
            let known: Vec<_> = levels.iter().filter(|level| level.sku == sku).collect();
            if known.is_empty() {
                let error = SkuError::not_found(sku, "there is no such article");
                answers.errors.push(error);
                continue;
            }
            let levels = at(&query.locations, &sku, &known, answer.asked_at);
            answers.levels.extend(levels);
        }
        Ok(answers)
    }
}

/// The levels at these places (all, when empty). An article that is known, but not there, is not stocked there.
fn at(
    places: &[LocationId],
    sku: &Sku,
    known: &[&StockLevel],
    asked_at: Timestamp,
) -> Vec<StockLevel> {
    if places.is_empty() {
        return known.iter().copied().cloned().collect();
    }
    let level = |place: &LocationId| {
        let found = known.iter().find(|level| level.location == *place);
        found.map_or_else(
            || StockLevel::uncounted(sku.clone(), place.clone(), Tracking::NotStocked, asked_at),
            |level| (*level).clone(),
        )
    };
    places.iter().map(level).collect()
}

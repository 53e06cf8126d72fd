//! The live answer to an order: `Get Products by SKU or UPC`, once for the products and once for components of kits.

use std::collections::HashMap;

use bestand_plugin_api::{
    Ctx, Result, Sku, SkuAnswers, SkuError, SkuQuery, StockBySku, StockLevel, Timestamp, Tracking,
};

use crate::Ecomdash;

/// SKUs of one look-up; Ecomdash names no limit.
pub(crate) const SKUS_MAX: usize = 100;

impl StockBySku for Ecomdash {
    const MAX_BATCH: usize = SKUS_MAX;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let found = self.client.find(ctx, &query.skus).await?;
        let sent_at = found.sent_at;
        let mut counted: HashMap<_, _> = self.count(ctx, found).await?.into_iter().collect();
        let mut answers = SkuAnswers::default();
        for sku in &query.skus {
            let levels = match counted.remove(sku) {
                None => Err(SkuError::not_found(
                    sku.clone(),
                    format!("Ecomdash has no active product `{sku}`"),
                )),
                Some(Err(why)) => Err(SkuError::failed(sku.clone(), why)),
                Some(Ok(levels)) => Ok(at_places(levels, sku, &query, sent_at)),
            };
            match levels {
                Ok(levels) if levels.is_empty() => {
                    let message = format!("`{sku}` is in no warehouse of Ecomdash");
                    answers.errors.push(SkuError::failed(sku.clone(), message));
                }
                Ok(levels) => answers.levels.extend(levels),
                Err(error) => answers.errors.push(error),
            }
        }
        Ok(answers)
    }
}

/// The levels at the places that are asked for; where there is none, the product is not stocked.
fn at_places(
    levels: Vec<StockLevel>,
    sku: &Sku,
    query: &SkuQuery,
    sent_at: Timestamp,
) -> Vec<StockLevel> {
    if query.locations.is_empty() {
        return levels;
    }
    let at = query.locations.iter().map(|place| {
        let here = levels.iter().find(|level| level.location == *place);
        here.cloned().unwrap_or_else(|| {
            StockLevel::uncounted(sku.clone(), place.clone(), Tracking::NotStocked, sent_at)
        })
    });
    at.collect()
}

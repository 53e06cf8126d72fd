//! Counts that are set through `/inventory_push`.
//!
//! A push always carries what is available, so a change of what is on hand moves that by as much; both are read
//! before. The contract has no adjustments and no operation ids: a repeat sets the same count again.

mod plan;
mod push;

use std::collections::HashSet;

use bestand_plugin_api::{
    AdapterError, Ctx, Idempotency, Result, Sku, StockOperation, StockWrites, WriteOutcome,
};

use crate::Connect;

impl StockWrites for Connect {
    /// As many as a fetch names; the contract has no limit.
    const MAX_BATCH: usize = 100;
    /// Nothing tells a repeat from a new wish. Only counts are set, so a repeat undoes what was counted in between.
    const IDEMPOTENCY: Idempotency = Idempotency::None;

    async fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>> {
        let mut outcomes = vec![None; operations.len()];
        for batch in distinct(&operations) {
            let own: Vec<_> = batch.iter().map(|index| &operations[*index]).collect();
            let told = match self.write_distinct(ctx, &own).await {
                // Nothing at all was done: the host may ask again.
                Err(error) if outcomes.iter().all(Option::is_none) => return Err(error),
                Err(error) => vec![not_done(&error); own.len()],
                Ok(told) => told,
            };
            for (index, outcome) in batch.into_iter().zip(told) {
                outcomes[index] = Some(outcome);
            }
        }
        Ok(outcomes.into_iter().flatten().collect())
    }
}

impl Connect {
    /// Writes to articles that differ.
    ///
    /// # Errors
    /// Only when certainly nothing was done.
    async fn write_distinct(
        &self,
        ctx: &Ctx,
        operations: &[&StockOperation],
    ) -> Result<Vec<WriteOutcome>> {
        let mut skus: Vec<Sku> = operations
            .iter()
            .map(|operation| operation.sku.clone())
            .collect();
        skus.sort();
        skus.dedup();
        let found = self.find(ctx, &skus).await?;
        let now = ctx.now().await?;
        let plans: Vec<_> = operations
            .iter()
            .map(|operation| plan::plan(operation, &found, now))
            .collect();
        let items: Vec<_> = plans.iter().flatten().cloned().collect();
        let mut pushed = push::push(&self.client, ctx, &items).await?.into_iter();
        let outcome = |plan: Result<_, String>| match plan {
            Err(reason) => WriteOutcome::rejected(reason),
            Ok(_) => pushed
                .next()
                .unwrap_or_else(|| WriteOutcome::unknown("the module's answer was lost")),
        };
        Ok(plans.into_iter().map(outcome).collect())
    }
}

/// The operations in as few batches as keep two of one article apart, in order: an error may name nothing but the article.
fn distinct(operations: &[StockOperation]) -> Vec<Vec<usize>> {
    let mut batches = vec![Vec::new()];
    let mut skus: HashSet<&Sku> = HashSet::new();
    for (index, operation) in operations.iter().enumerate() {
        if !skus.insert(&operation.sku) {
            skus = HashSet::from([&operation.sku]);
            batches.push(Vec::new());
        }
        batches
            .last_mut()
            .expect("there is one from the start")
            .push(index);
    }
    batches
}

fn not_done(error: &AdapterError) -> WriteOutcome {
    WriteOutcome::rejected(format!("nothing was changed: {error}"))
}

//! Asks an adapter that puts its levels together from other sources: each question anew, because the answer depends on how
//! many are needed, and all of it comes from memory.

use std::time::Duration;

use bestand_plugin_api::call::adapter::StockBySku;
use bestand_plugin_api::{AdapterError, Quantity, Sku, SkuAnswers, SkuQuery};

use super::LiveQuery;
use crate::connection::reason::Reason;
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::verdict::unanswered::Unanswered;

impl LiveQuery {
    /// What the adapter of `source` says of these SKUs, of which so many are needed, waiting no longer than `deadline`.
    /// Nothing of it is stored: for another order the answer may be another one.
    ///
    /// # Errors
    /// What kept it from answering.
    pub async fn put_together(
        &self,
        source: &InventorySource,
        skus: &[Sku],
        needed: &[Quantity],
        deadline: Duration,
    ) -> Result<SkuAnswers, Unanswered> {
        let session = self.askable(source.connection_id)?;
        let asked = ask(&session, source, skus, needed, deadline);
        match tokio::time::timeout(deadline, asked).await {
            Ok(Ok(answers)) => Ok(answers),
            Ok(Err(error)) => Err(Unanswered::Call(Reason::Failed {
                system: session.adapter().manifest().name.clone(),
                error,
            })),
            Err(_) => Err(Unanswered::TooSlow {
                waited_ms: deadline.as_millis(),
            }),
        }
    }
}

async fn ask(
    session: &Session,
    source: &InventorySource,
    skus: &[Sku],
    needed: &[Quantity],
    deadline: Duration,
) -> Result<SkuAnswers, AdapterError> {
    let batch = session.adapter().manifest().by_sku_batch();
    let batch = batch.unwrap_or(1).max(1);
    let mut told = SkuAnswers::default();
    for (skus, needed) in skus.chunks(batch).zip(needed.chunks(batch)) {
        let place = vec![source.location_id.clone()];
        let query = SkuQuery::of(skus.to_vec())
            .at(place)
            .needing(needed.to_vec());
        let answers = session.call_within::<StockBySku>(Priority::Order, &query, deadline);
        let answers = answers.await?;
        told.levels.extend(answers.levels);
        told.errors.extend(answers.errors);
    }
    Ok(told)
}

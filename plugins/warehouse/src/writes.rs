//! Operations on stock: as many as possible in one commit, each whole or not at all, each at most once.

use bestand_plugin_api::state::Written;
use bestand_plugin_api::{
    AdapterError, Ctx, Idempotency, Result, StockOperation, StockWrites, WriteOutcome,
};

use crate::draft::Draft;
use crate::{Warehouse, places};

/// How often a batch is worked out anew because somebody else was faster. Every such time somebody else got on, so
/// this many in a row mean that dozens of calls fight over the same article.
const ATTEMPTS_MAX: usize = 64;

impl StockWrites for Warehouse {
    /// An operation needs up to four writes (shelf, ledger, operation, place), and a commit takes 10,000.
    const MAX_BATCH: usize = 2500;
    const IDEMPOTENCY: Idempotency = Idempotency::Native;

    async fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>> {
        places::found(ctx, &self.settings).await?;
        let mut outcomes = Vec::with_capacity(operations.len());
        for batch in operations.chunks(Self::MAX_BATCH) {
            match self.write(ctx, batch).await {
                Ok(written) => outcomes.extend(written),
                Err(error) if outcomes.is_empty() => return Err(error),
                Err(error) => outcomes.extend(batch.iter().map(|_| unknown(&error))),
            }
        }
        Ok(outcomes)
    }
}

impl Warehouse {
    /// Reads what the batch is about, works it out, and commits it if all of that is still so.
    async fn write(&self, ctx: &Ctx, batch: &[StockOperation]) -> Result<Vec<WriteOutcome>> {
        for _ in 0..ATTEMPTS_MAX {
            let now = ctx.now().await?;
            let mut draft = Draft::read(ctx, batch, now).await?;
            let outcomes: Vec<_> = batch
                .iter()
                .map(|operation| self.operate(&mut draft, operation))
                .collect();
            let writes = draft.writes()?;
            if writes.is_empty() {
                return Ok(outcomes);
            }
            match ctx.state().commit(&writes).await {
                Ok(Written::Done) => return Ok(outcomes),
                Ok(Written::Conflict { .. }) => {}
                Err(error) => {
                    return Ok(outcomes
                        .into_iter()
                        .map(|outcome| in_doubt(outcome, &error))
                        .collect());
                }
            }
        }
        Err(AdapterError::transient(
            "too many changes of the same articles at once",
        ))
    }

    /// Nothing is converted: a cost in another currency is refused.
    fn operate(&self, draft: &mut Draft, operation: &StockOperation) -> WriteOutcome {
        match operation
            .currency
            .filter(|currency| *currency != self.currency)
        {
            Some(other) => WriteOutcome::rejected(format!(
                "costs are told in {} here, and {other} is not converted",
                self.currency
            )),
            None => draft.operate(operation, self.settings.floor()),
        }
    }
}

/// The commit may have happened. Asked again with the same ids, the operations that did happen are found.
fn in_doubt(outcome: WriteOutcome, error: &AdapterError) -> WriteOutcome {
    match outcome {
        WriteOutcome::Applied => unknown(error),
        refused => refused,
    }
}

fn unknown(error: &AdapterError) -> WriteOutcome {
    WriteOutcome::Unknown {
        reason: error.to_string(),
    }
}

//! Writes: compare and set or adjust, in batches that are sent at most once.
//!
//! Shopify refuses a whole batch for one bad row, so the row is taken out and the rest sent again under a new key.
//! What was sent is kept in a journal first: an operation that comes back because its answer was lost is sent again
//! with the very same key and rows, and Shopify answers what it answered then.
//!
//! **Invariant:** once anything may have been done, it is told as an outcome and never lost in an error.

mod batch;
mod journal;
mod plan;

use std::time::Duration;

use bestand_plugin_api::{
    AdapterError, Ctx, Idempotency, Result, StockOperation, StockWrites, WriteOutcome,
};

use crate::Shopify;
use batch::{Batch, Sent, batches};
use journal::Journal;

/// How often a batch is sent while another request with its key is still being worked.
const CONCURRENT_RETRIES_MAX: u32 = 3;
const CONCURRENT_WAIT: Duration = Duration::from_secs(1);

/// What became of the operations so far, in their order.
type Outcomes = Vec<Option<WriteOutcome>>;

impl StockWrites for Shopify {
    const MAX_BATCH: usize = batch::ROWS_MAX;
    const IDEMPOTENCY: Idempotency = Idempotency::Native;

    async fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>> {
        let mut outcomes: Outcomes = vec![None; operations.len()];
        let journal = Journal { ctx };
        journal.forget_old().await?;
        self.recall(ctx, &journal, &operations, &mut outcomes)
            .await?;
        match self
            .write_planned(ctx, &journal, &operations, &mut outcomes)
            .await
        {
            Err(error) if outcomes.iter().all(Option::is_none) => return Err(error),
            Err(error) => fill(&mut outcomes, &format!("not sent: {error}")),
            Ok(()) => fill(&mut outcomes, "the operation was left out of every batch"),
        }
        Ok(outcomes.into_iter().flatten().collect())
    }
}

impl Shopify {
    /// Finds out what became of operations that were sent before.
    async fn recall(
        &self,
        ctx: &Ctx,
        journal: &Journal<'_>,
        operations: &[StockOperation],
        outcomes: &mut Outcomes,
    ) -> Result<()> {
        for entry in journal.find(operations).await? {
            let outcome = match self.recall_one(ctx, &entry).await {
                Sent::Applied => WriteOutcome::Applied,
                Sent::Lost(reason) => WriteOutcome::Unknown { reason },
                // Nothing was done then, so it is planned anew, once nothing else can send it again.
                Sent::Refused(_) | Sent::KeySpent => match journal.forget(&entry.batch).await {
                    Ok(()) => continue,
                    Err(error) => WriteOutcome::unknown(format!("not sent: {error}")),
                },
            };
            for row in &entry.batch.rows {
                let index = operations
                    .iter()
                    .position(|operation| operation.op_id == row.op_id);
                index
                    .into_iter()
                    .for_each(|index| outcomes[index] = Some(outcome.clone()));
            }
            if outcome == WriteOutcome::Applied {
                journal.finish(&entry.batch).await;
            }
        }
        Ok(())
    }

    /// What became of a batch that was sent before; as long as Shopify cannot be asked, nobody knows.
    async fn recall_one(&self, ctx: &Ctx, entry: &journal::Entry) -> Sent {
        if entry.done {
            return Sent::Applied;
        }
        if entry.expired {
            return Sent::Lost(
                "sent more than a day ago, its answer was lost: compare the numbers".to_owned(),
            );
        }
        let sent = self.send_patiently(ctx, &entry.batch).await;
        sent.unwrap_or_else(|error| {
            Sent::Lost(format!(
                "its answer was lost, and Shopify cannot be asked: {error}"
            ))
        })
    }

    /// Plans and writes every operation that has no outcome yet.
    ///
    /// # Errors
    /// What kept an operation without an outcome from being sent.
    async fn write_planned(
        &self,
        ctx: &Ctx,
        journal: &Journal<'_>,
        operations: &[StockOperation],
        outcomes: &mut Outcomes,
    ) -> Result<()> {
        let rows = self.plan(ctx, operations, outcomes).await?;
        for batch in batches(rows) {
            self.write_batch(ctx, journal, batch, outcomes).await?;
        }
        Ok(())
    }

    /// Sends a batch until it is taken, lost, or has no row left.
    ///
    /// # Errors
    /// What kept the rows without an outcome from being sent: with them, nothing was done.
    async fn write_batch(
        &self,
        ctx: &Ctx,
        journal: &Journal<'_>,
        mut batch: Batch,
        outcomes: &mut Outcomes,
    ) -> Result<()> {
        while !batch.rows.is_empty() {
            journal.begin(&batch).await?;
            let sent = match self.send_patiently(ctx, &batch).await {
                Ok(sent) => sent,
                Err(error) => {
                    journal.forget(&batch).await?;
                    return Err(error);
                }
            };
            match sent {
                Sent::Applied => {
                    batch.settle(outcomes, &WriteOutcome::Applied);
                    journal.finish(&batch).await;
                    return Ok(());
                }
                Sent::Lost(reason) => {
                    batch.settle(outcomes, &WriteOutcome::Unknown { reason });
                    return Ok(());
                }
                Sent::Refused(errors) => {
                    let refused = batch.clone();
                    batch.reject(outcomes, &errors);
                    journal.forget(&refused).await?;
                }
                Sent::KeySpent => journal.forget(&batch).await?,
            }
            batch.next_attempt();
            if batch.is_exhausted() {
                let reason = "shopify refuses every key for this batch".to_owned();
                batch.settle(outcomes, &WriteOutcome::Rejected { reason });
                return Ok(());
            }
        }
        Ok(())
    }

    /// Sends a batch, waiting while a request with its key is under way.
    ///
    /// # Errors
    /// What kept it from being sent: nothing was done.
    async fn send_patiently(&self, ctx: &Ctx, batch: &Batch) -> Result<Sent> {
        for attempt in 0..CONCURRENT_RETRIES_MAX {
            match self.send_batch(ctx, batch).await {
                Ok(Some(sent)) => return Ok(sent),
                Ok(None) => {}
                Err(error) if attempt == 0 => return Err(error),
                // The request that was under way may be done by now.
                Err(_) => break,
            }
            if ctx.sleep(CONCURRENT_WAIT).await.is_err() {
                break;
            }
        }
        Ok(Sent::Lost(
            "an earlier request with the same key is still being worked".to_owned(),
        ))
    }
}

/// Answers what has no answer yet: it was not done, and is asked again under the same id.
fn fill(outcomes: &mut Outcomes, reason: &str) {
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_none()) {
        *outcome = Some(WriteOutcome::Unknown {
            reason: reason.to_owned(),
        });
    }
}

/// A refusal that only a person can lift.
fn rejected(reason: impl Into<String>) -> WriteOutcome {
    WriteOutcome::Rejected {
        reason: reason.into(),
    }
}

/// What the journal's own data says when it cannot be read.
fn unreadable(error: &serde_json::Error) -> AdapterError {
    AdapterError::bug(format!("the journal of writes is unreadable: {error}"))
}

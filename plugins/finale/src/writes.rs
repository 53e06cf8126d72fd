//! Changes of stock as inventory variances.
//!
//! Finale has no idempotency keys: what is posted twice is done twice. So each variance carries our operation id in
//! its comments, a [`journal`] in the host's state knows of it before it is posted, and an operation whose answer was
//! lost is looked for in Finale before it is posted again.

mod journal;
mod plan;
mod variance;

use std::time::Duration;

use bestand_plugin_api::{
    Ctx, ErrorKind, Idempotency, Result, StockOperation, StockWrites, Timestamp, WriteOutcome,
};

use self::journal::{Journal, Phase};
use self::plan::{Change, Plan};
use self::variance::Posted;
use crate::Finale;

/// A request whose answer was lost may still be on its way in; before that it is not posted again.
const SETTLED_AFTER: Duration = Duration::from_secs(30);

impl StockWrites for Finale {
    /// One variance each, so that one refusal leaves the others alone; within the call's deadline.
    const MAX_BATCH: usize = 20;
    const IDEMPOTENCY: Idempotency = Idempotency::LookUp;

    async fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>> {
        journal::forget_old(ctx).await?;
        let mut outcomes = Vec::with_capacity(operations.len());
        for operation in &operations {
            match self.write_one(ctx, operation).await {
                Ok(outcome) => outcomes.push(outcome),
                Err(error) if outcomes.is_empty() => return Err(error),
                // Certainly not done, but those before it are: the host asks again for this one.
                Err(error) => outcomes.push(unknown(format!("not done yet: {error}"))),
            }
        }
        Ok(outcomes)
    }
}

impl Finale {
    /// Does one operation.
    ///
    /// # Errors
    /// Only when it is certainly not done.
    async fn write_one(&self, ctx: &Ctx, operation: &StockOperation) -> Result<WriteOutcome> {
        let journal = Journal::read(ctx, &operation.op_id).await?;
        match journal.phase() {
            None => {}
            Some(Phase::Applied { .. }) => return Ok(WriteOutcome::Applied),
            Some(Phase::Posted { at }) => match self.look(ctx, operation, at).await {
                Ok(true) => return Ok(journal.applied(ctx).await),
                Ok(false) if ctx.now().await?.since(at) >= SETTLED_AFTER => {}
                Ok(false) => {
                    return Ok(unknown("Finale does not show it yet, and may still do it"));
                }
                Err(error) => return Ok(unknown(error.message)),
            },
        }
        match self.plan(ctx, operation).await {
            Ok(Plan::Refuse(reason)) => Ok(WriteOutcome::Rejected { reason }),
            Ok(Plan::Nothing) => Ok(WriteOutcome::Applied),
            Ok(Plan::Post(change)) => self.post(ctx, operation, journal, &change).await,
            Err(error) if error.kind == ErrorKind::NotFound => Ok(WriteOutcome::Rejected {
                reason: error.message,
            }),
            Err(error) => Err(error),
        }
    }

    async fn post(
        &self,
        ctx: &Ctx,
        operation: &StockOperation,
        journal: Journal,
        change: &Change,
    ) -> Result<WriteOutcome> {
        let at = ctx.now().await?;
        if !journal.posting(ctx, at).await? {
            return Ok(unknown("the same operation is under way elsewhere"));
        }
        match variance::post(&self.client, ctx, operation, change).await {
            Posted::Done => Ok(journal.applied(ctx).await),
            Posted::Lost(reason) => Ok(unknown(reason)),
            Posted::Refused(reason) => Ok(journal.rejected(ctx, reason).await),
            Posted::NotDone(error) => {
                journal.erase(ctx).await;
                Err(error)
            }
            Posted::Doubtful(reason) => match self.look(ctx, operation, at).await {
                Ok(true) => Ok(journal.applied(ctx).await),
                Ok(false) => Ok(journal.rejected(ctx, reason).await),
                Err(_) => Ok(unknown(reason)),
            },
        }
    }

    /// Whether Finale has the variance that was posted at `at`.
    async fn look(&self, ctx: &Ctx, operation: &StockOperation, at: Timestamp) -> Result<bool> {
        variance::is_there(&self.client, ctx, operation, at).await
    }
}

fn unknown(reason: impl Into<String>) -> WriteOutcome {
    WriteOutcome::Unknown {
        reason: reason.into(),
    }
}

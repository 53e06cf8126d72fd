//! What changed since a checkpoint: `/inventory_fetch` with `from_date_time`.
//!
//! The checkpoint is the start of the run that made it, by our clock. A run asks from some minutes before it, because
//! the two clocks may differ; what comes twice is dropped by the host. A module that does not know the filter answers
//! with everything, which costs time and is not wrong.

use std::time::Duration;

use bestand_plugin_api::{
    AdapterError, Changes, Checkpoint, Ctx, Cursor, Result, StockChanges, StockLevel, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::Connect;
use crate::answer::Next;
use crate::contract::Criteria;
use crate::level::levels;
use crate::listing::{read, written};

/// Clocks differ.
const OVERLAP: Duration = Duration::from_secs(5 * 60);
/// Longest wait within one page, whose deadline is two minutes.
const NAP_MAX: Duration = Duration::from_secs(60);
/// Naps in a row: a module that is not ready within an hour never is.
const NAPS_MAX: u32 = 60;

/// Where a run stands.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Run {
    started_at: Timestamp,
    after: Option<String>,
    naps: u32,
}

impl StockChanges for Connect {
    const MISSES: &'static str =
        "articles that were deleted, and changes that the module does not date";

    async fn stock_changes(
        &self,
        ctx: &Ctx,
        since: Option<Checkpoint>,
        cursor: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        let Some(since) = since else {
            return Ok(Changes::last(Vec::new(), ctx.now().await?.to_string()));
        };
        let from = moment(&since)?.before(OVERLAP).to_string();
        let mut run = match &cursor {
            Some(cursor) => read(cursor)?,
            None => Run::begin(ctx).await?,
        };
        let criteria = Criteria {
            skus: &[],
            from_date_time: Some(&from),
        };
        let answered = self.page(ctx, criteria, run.after.as_deref()).await?;
        let items = levels(&answered.answer.items, answered.sent_at);
        match answered.answer.next {
            Next::Done => return Ok(Changes::last(items, run.started_at.to_string())),
            Next::Page(next) => (run.after, run.naps) = (Some(next), 0),
            Next::Later(wait, next) => {
                run.nap(ctx, wait).await?;
                run.after = next.or(run.after);
            }
        }
        Ok(Changes::page(items, written(&run)?, since))
    }
}

// === impl Run ===

impl Run {
    async fn begin(ctx: &Ctx) -> Result<Self> {
        Ok(Self {
            started_at: ctx.now().await?,
            after: None,
            naps: 0,
        })
    }

    async fn nap(&mut self, ctx: &Ctx, wait: Duration) -> Result<()> {
        self.naps += 1;
        if self.naps > NAPS_MAX {
            let message = "the module still prepares the changes, after an hour";
            return Err(AdapterError::transient(message));
        }
        ctx.sleep(wait.min(NAP_MAX)).await
    }
}

fn moment(checkpoint: &Checkpoint) -> Result<Timestamp> {
    checkpoint.0.parse().map_err(|error| {
        AdapterError::not_found(format!("the checkpoint is of another release: {error}"))
    })
}

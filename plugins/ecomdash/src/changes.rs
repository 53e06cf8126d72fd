//! What changed since a checkpoint: the products whose quantity Ecomdash says it changed since then.
//!
//! The checkpoint is the start of the run that made it, by our clock; a run asks from some minutes before it, because
//! the two clocks may differ. What comes twice is dropped by the host.

use std::time::Duration;

use bestand_plugin_api::{
    AdapterError, Changes, Checkpoint, Ctx, Cursor, Result, StockChanges, StockLevel, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::Ecomdash;
use crate::listing::{read, written};

/// Clocks differ.
const OVERLAP: Duration = Duration::from_secs(5 * 60);

/// Where a run stands.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Run {
    started_at: Timestamp,
    /// The page that comes next; the first is 1.
    page: u32,
}

impl StockChanges for Ecomdash {
    const MISSES: &'static str =
        "products that were switched off, and kits of which only a component changed";

    async fn stock_changes(
        &self,
        ctx: &Ctx,
        since: Option<Checkpoint>,
        cursor: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        let now = ctx.now().await?;
        let Some(since) = since else {
            return Ok(Changes::last(Vec::new(), now.to_string()));
        };
        let first = Run {
            started_at: now,
            page: 1,
        };
        let run = cursor.as_ref().map_or(Ok(first), read)?;
        let from = moment(&since)?.before(OVERLAP);
        let read = self.client.products(ctx, run.page, Some(from)).await?;
        let pages = read.value.pagination.total_number_of_pages;
        let items = self.listed(ctx, read.value.items, read.sent_at).await?;
        Ok(match u64::from(run.page) < pages {
            false => Changes::last(items, run.started_at.to_string()),
            true => {
                let page = run.page + 1;
                Changes::page(items, written(&Run { page, ..run }), since)
            }
        })
    }
}

fn moment(checkpoint: &Checkpoint) -> Result<Timestamp> {
    checkpoint.0.parse().map_err(|error| {
        AdapterError::not_found(format!("the checkpoint is of another release: {error}"))
    })
}

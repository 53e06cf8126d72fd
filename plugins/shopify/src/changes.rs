//! What changed since a checkpoint: location by location, by the time Shopify says it last updated a level.
//!
//! The checkpoint is the start of the run that made it, by our clock. A run asks from some minutes before it, for
//! the two clocks may differ and the search lags behind; what comes twice is dropped by the host. The checkpoint
//! moves only with a run's last page.

use std::time::Duration;

use bestand_plugin_api::{
    AdapterError, Changes, Checkpoint, Ctx, Cursor, Result, StockChanges, StockLevel, Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Shopify;
use crate::client::Answered;
use crate::graph::{Connection, ItemLevel, location_gid, number};
use crate::items::PAGE_SIZE;
use crate::level::Article;
use crate::operations::LOCATION_LEVELS_PAGE;
use crate::search;
use crate::throttle::Urgency;

/// Clocks differ, and Shopify's search lags by seconds.
const OVERLAP: Duration = Duration::from_secs(5 * 60);

/// Where a run stands.
#[derive(Debug, Serialize, Deserialize)]
struct Run {
    started_at: Timestamp,
    /// The numbers of the locations still to be asked, the current one last.
    locations: Vec<u64>,
    after: Option<String>,
}

#[derive(Deserialize)]
struct Levels {
    location: Option<LocationLevels>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LocationLevels {
    inventory_levels: Connection<ItemLevel>,
}

impl StockChanges for Shopify {
    const MISSES: &'static str = "items and locations that were deleted, SKUs that were renamed, \
        and changes that Shopify's search has not indexed within five minutes";

    async fn stock_changes(
        &self,
        ctx: &Ctx,
        since: Option<Checkpoint>,
        cursor: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        let Some(since) = since else {
            return Ok(Changes::last(Vec::new(), checkpoint(ctx.now().await?)));
        };
        let since_time = read_checkpoint(&since)?;
        let mut run = match cursor {
            Some(cursor) => read_run(&cursor)?,
            None => self.begin(ctx).await?,
        };
        let items = match run.locations.last() {
            Some(location) => {
                let (items, after) = self
                    .changed_levels(ctx, *location, since_time, run.after.take())
                    .await?;
                run.after = after;
                items
            }
            None => Vec::new(),
        };
        if run.after.is_none() {
            run.locations.pop();
        }
        Ok(match run.locations.is_empty() {
            true => Changes::last(items, checkpoint(run.started_at)),
            false => Changes::page(items, run.cursor(), since),
        })
    }
}

impl Shopify {
    async fn begin(&self, ctx: &Ctx) -> Result<Run> {
        let started_at = ctx.now().await?;
        let ids = self.all_location_ids(ctx).await?;
        let locations = ids.iter().filter_map(|id| number(&id.0)).collect();
        Ok(Run {
            started_at,
            locations,
            after: None,
        })
    }

    async fn changed_levels(
        &self,
        ctx: &Ctx,
        location: u64,
        since: Timestamp,
        after: Option<String>,
    ) -> Result<(Vec<StockLevel>, Option<String>)> {
        let query = search::updated_since(since.before(OVERLAP));
        let location = location_gid(location);
        let variables = |first: usize| json!({ "location": location, "first": first, "after": after, "query": query });
        let answer: Answered<Levels> = self
            .client
            .ask_page(
                ctx,
                &LOCATION_LEVELS_PAGE,
                PAGE_SIZE,
                Urgency::Background,
                variables,
            )
            .await?;
        let Some(LocationLevels { inventory_levels }) = answer.data.location else {
            return Ok((Vec::new(), None));
        };
        let mut levels = Vec::new();
        for ItemLevel { item, level } in inventory_levels.nodes {
            let Some(article) = Article::find(&item) else {
                continue;
            };
            self.catalog.remember([&article]);
            levels.push(article.level(level, answer.sent_at));
        }
        let page_info = inventory_levels.page_info;
        Ok((
            levels,
            page_info.end_cursor.filter(|_| page_info.has_next_page),
        ))
    }
}

// === impl Run ===

impl Run {
    fn cursor(&self) -> Cursor {
        Cursor(serde_json::to_string(self).expect("a run is plain data"))
    }
}

fn read_run(cursor: &Cursor) -> Result<Run> {
    serde_json::from_str(&cursor.0).map_err(|error| {
        AdapterError::not_found(format!("the cursor is of another release: {error}"))
    })
}

fn checkpoint(time: Timestamp) -> Checkpoint {
    Checkpoint(time.to_string())
}

fn read_checkpoint(checkpoint: &Checkpoint) -> Result<Timestamp> {
    checkpoint.0.parse().map_err(|error| {
        AdapterError::not_found(format!("the checkpoint is of another release: {error}"))
    })
}

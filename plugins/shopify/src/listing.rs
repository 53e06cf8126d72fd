//! The full listing: page by page while the shop is small, by a bulk operation once it is known to be large.
//!
//! A bulk operation that fails, is canceled, or takes too long is given up for pages; either way the listing is
//! complete or it is not one. Pages that end where Shopify may cut them are not taken for complete. See
//! [`crate::bulk`] for the file.

use std::time::Duration;

use bestand_plugin_api::state::{Expected, Write};
use bestand_plugin_api::{
    AdapterError, Ctx, Cursor, Listing, Result, StockLevel, StockListing, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::Shopify;
use crate::bulk::{BulkRun, Progress};
use crate::graph::StockedItem;
use crate::items::{ItemsQuery, PAGE_SIZE};
use crate::level::Article;
use crate::throttle::Urgency;

/// The state key with the number of items of the last complete listing.
const ITEMS_KEY: &str = "listing/items";

/// Shopify pages through this many objects and then ends as if there were no more.
const PAGED_ITEMS_MAX: u64 = 25_000;

/// Milliseconds until the host asks again when there is nothing to wait for.
const AT_ONCE_MS: u64 = 100;

/// Where a listing stands; what the host keeps as a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Page by page.
    Pages {
        after: Option<String>,
        items_so_far: u64,
        /// Whether a bulk operation was tried and is not tried again in this listing.
        bulk_given_up: bool,
    },
    /// A bulk operation is wanted; since when.
    BulkWanted { since: Timestamp },
    /// A bulk operation is running.
    BulkRunning { run: BulkRun },
    /// Its file is read from this byte on.
    BulkFile { run: BulkRun, offset: u64 },
}

impl StockListing for Shopify {
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let step = match cursor {
            Some(cursor) => Step::read(&cursor)?,
            None => self.first_step(ctx).await?,
        };
        match step {
            Step::Pages {
                after,
                items_so_far,
                bulk_given_up,
            } => {
                self.list_page(ctx, after, items_so_far, bulk_given_up)
                    .await
            }
            Step::BulkWanted { since } => {
                let progress = self.start_bulk(ctx, since).await?;
                Ok(follow(progress))
            }
            Step::BulkRunning { run } => {
                let progress = self.poll_bulk(ctx, run).await?;
                Ok(follow(progress))
            }
            Step::BulkFile { run, offset } => self.list_file(ctx, run, offset).await,
        }
    }
}

impl Shopify {
    async fn first_step(&self, ctx: &Ctx) -> Result<Step> {
        let known = ctx.state().get(ITEMS_KEY).await?;
        let items: Option<u64> = known.and_then(|entry| serde_json::from_slice(&entry.value).ok());
        if self.is_large(items.unwrap_or_default()) || self.settings.bulk_above_items == 0 {
            return Ok(Step::BulkWanted {
                since: ctx.now().await?,
            });
        }
        Ok(Step::Pages {
            after: None,
            items_so_far: 0,
            bulk_given_up: false,
        })
    }

    async fn list_page(
        &self,
        ctx: &Ctx,
        after: Option<String>,
        items_so_far: u64,
        bulk_given_up: bool,
    ) -> Result<Listing<StockLevel>> {
        let query = ItemsQuery {
            search: None,
            after,
            page_size: PAGE_SIZE,
            urgency: Urgency::Background,
        };
        let page = self.items_page(ctx, &query).await?;
        let items_so_far = items_so_far + page.items.len() as u64;
        let levels = self.levels(page.items, page.sent_at);
        let step = match page.next {
            None if items_so_far < PAGED_ITEMS_MAX => {
                self.remember_size(ctx, items_so_far).await?;
                return Ok(Listing::done(levels));
            }
            None if bulk_given_up => {
                self.remember_size(ctx, items_so_far).await?;
                return Err(cut(items_so_far));
            }
            Some(next) if bulk_given_up || !self.is_large(items_so_far) => Step::Pages {
                after: Some(next),
                items_so_far,
                bulk_given_up,
            },
            _ => Step::BulkWanted {
                since: ctx.now().await?,
            },
        };
        Ok(Listing::page(levels, step.cursor()))
    }

    async fn list_file(&self, ctx: &Ctx, run: BulkRun, offset: u64) -> Result<Listing<StockLevel>> {
        let Some(part) = self.read_bulk(ctx, &run, offset).await? else {
            return Ok(follow(Progress::GivenUp));
        };
        if part.ended {
            self.remember_size(ctx, part.items).await?;
            return Ok(Listing::done(part.levels));
        }
        let step = Step::BulkFile {
            run,
            offset: part.next_offset,
        };
        Ok(Listing::page(part.levels, step.cursor()))
    }

    /// The levels of these items; those without a SKU have none that an order could name.
    pub(crate) fn levels(&self, items: Vec<StockedItem>, fetched_at: Timestamp) -> Vec<StockLevel> {
        let mut levels = Vec::new();
        for stocked in items {
            let Some(article) = Article::find(&stocked.item) else {
                continue;
            };
            self.catalog.remember([&article]);
            let nodes = stocked.inventory_levels.nodes.into_iter();
            levels.extend(nodes.map(|level| article.level(level, fetched_at)));
        }
        levels
    }

    async fn remember_size(&self, ctx: &Ctx, items: u64) -> Result<()> {
        let size = Write::put(ITEMS_KEY, items.to_string().into_bytes(), Expected::Any);
        ctx.state().commit(&[size]).await.map(drop)
    }

    fn is_large(&self, items: u64) -> bool {
        items > u64::from(self.settings.bulk_above_items)
    }
}

/// The listing starts over, and with a bulk operation, for the shop is known to be large.
fn cut(items: u64) -> AdapterError {
    AdapterError::not_found(format!(
        "shopify's pages ended after {items} items, where it may have cut them, and no bulk operation came to an end"
    ))
}

/// What the host is to do next about a bulk operation.
fn follow(progress: Progress) -> Listing<StockLevel> {
    let (step, poll_after_ms) = match progress {
        Progress::Waiting {
            since,
            poll_after_ms,
        } => (Step::BulkWanted { since }, poll_after_ms),
        Progress::Running { run, poll_after_ms } => (Step::BulkRunning { run }, poll_after_ms),
        Progress::Complete { run } => (Step::BulkFile { run, offset: 0 }, AT_ONCE_MS),
        Progress::GivenUp => (
            Step::Pages {
                after: None,
                items_so_far: 0,
                bulk_given_up: true,
            },
            AT_ONCE_MS,
        ),
    };
    Listing::pending(Duration::from_millis(poll_after_ms), step.cursor())
}

// === impl Step ===

impl Step {
    pub(crate) fn cursor(&self) -> Cursor {
        Cursor(serde_json::to_string(self).expect("a step is plain data"))
    }

    fn read(cursor: &Cursor) -> Result<Self> {
        serde_json::from_str(&cursor.0).map_err(|error| {
            AdapterError::not_found(format!("the cursor is of another release: {error}"))
        })
    }
}

//! Bulk operations: started, watched, and their file read twice, first to count it and then to believe it.
//!
//! The file has one JSON object a line; a level names its item by `__parentId` and comes somewhere behind it. The
//! first reading counts the lines against what Shopify says it wrote and remembers the items; nothing is handed out
//! before that count is right. After that the file is read part by part, each call from where the last one ended.

pub(crate) mod file;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bestand_plugin_api::{AdapterError, Ctx, ErrorKind, Result, StockLevel, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Shopify;
use crate::client::Answered;
use crate::graph::UserError;
use crate::level::Article;
use crate::operations::{BULK_CANCEL, BULK_INNER, BULK_POLL, BULK_RUN};
use crate::throttle::Urgency;
use file::Lines;

/// A running operation is canceled after this long; Shopify itself gives up after ten days.
const RUN_LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

/// How long to wait for one of the five places for bulk operations.
const PLACE_LIMIT: Duration = Duration::from_secs(10 * 60);
const PLACE_POLL_MS: u64 = 30_000;

/// The wait between two looks at a running operation: a quarter of its age, within these.
const POLL_MS_MIN: u128 = 500;
const POLL_MS_MAX: u128 = 30_000;

/// Levels handed out by one call.
const LEVELS_PER_PART: usize = 5_000;

/// A count that is wrong this often is not the download's fault.
const MISCOUNTS_MAX: u32 = 2;

/// A bulk operation of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BulkRun {
    id: String,
    /// When we asked for it: what its file says was true then or later.
    started_at: Timestamp,
}

/// How a bulk operation gets on.
#[derive(Debug)]
pub(crate) enum Progress {
    /// All places are taken.
    Waiting {
        since: Timestamp,
        poll_after_ms: u64,
    },
    Running {
        run: BulkRun,
        poll_after_ms: u64,
    },
    Complete {
        run: BulkRun,
    },
    /// It came to nothing: list page by page.
    GivenUp,
}

/// A part of the file.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) levels: Vec<StockLevel>,
    pub(crate) next_offset: u64,
    pub(crate) ended: bool,
    /// How many items the whole file has.
    pub(crate) items: u64,
}

/// A file whose count was right, with the items it names.
#[derive(Debug)]
pub(crate) struct Counted {
    id: String,
    /// None when the operation wrote nothing, because the shop has no items.
    url: Option<String>,
    /// By number; an item without a SKU is there without an article.
    articles: HashMap<u64, Option<Article>>,
}

/// The file being read, kept between calls; after a restart it is counted again.
#[derive(Debug, Default)]
pub(crate) struct OpenFile(Mutex<Slot>);

#[derive(Debug, Default)]
struct Slot {
    counted: Option<Arc<Counted>>,
    /// Which operation's file was miscounted, and how often.
    miscounts: (String, u32),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Started {
    bulk_operation_run_query: StartedPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StartedPayload {
    bulk_operation: Option<crate::graph::Reference>,
    user_errors: Vec<UserError>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Polled {
    bulk_operation: Option<Operation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    status: String,
    #[serde(default)]
    error_code: Option<String>,
    /// A number in a string.
    object_count: String,
    #[serde(default)]
    url: Option<String>,
}

impl Shopify {
    /// Asks for a bulk operation.
    pub(crate) async fn start_bulk(&self, ctx: &Ctx, since: Timestamp) -> Result<Progress> {
        let started_at = ctx.now().await?;
        let variables = json!({ "query": BULK_INNER.text });
        let answer: Answered<Started> = self
            .client
            .ask(ctx, &BULK_RUN, variables, Urgency::Background)
            .await?;
        let StartedPayload {
            bulk_operation,
            user_errors,
        } = answer.data.bulk_operation_run_query;
        if let Some(operation) = bulk_operation {
            let run = BulkRun {
                id: operation.id,
                started_at,
            };
            return Ok(Progress::Running {
                run,
                poll_after_ms: POLL_MS_MIN as u64,
            });
        }
        let Some(error) = user_errors.first() else {
            return Err(AdapterError::protocol(
                "shopify neither starts a bulk operation nor says why",
            ));
        };
        let busy = matches!(
            error.code.as_deref(),
            Some("OPERATION_IN_PROGRESS" | "LIMIT_REACHED")
        );
        if busy && started_at.since(since) < PLACE_LIMIT {
            return Ok(Progress::Waiting {
                since,
                poll_after_ms: PLACE_POLL_MS,
            });
        }
        tracing::warn!(
            reason = error.message,
            "Shopify runs no bulk operation for us, so stock is listed page by page"
        );
        Ok(Progress::GivenUp)
    }

    /// Looks how it gets on.
    pub(crate) async fn poll_bulk(&self, ctx: &Ctx, run: BulkRun) -> Result<Progress> {
        let age = ctx.now().await?.since(run.started_at);
        let Some(operation) = self.operation(ctx, &run).await? else {
            return Ok(Progress::GivenUp);
        };
        match operation.status.as_str() {
            "COMPLETED" => Ok(Progress::Complete { run }),
            "CREATED" | "RUNNING" | "CANCELING" if age < RUN_LIMIT => {
                let poll_after_ms = (age.as_millis() / 4).clamp(POLL_MS_MIN, POLL_MS_MAX) as u64;
                Ok(Progress::Running { run, poll_after_ms })
            }
            status => {
                let error_code = operation.error_code.unwrap_or_default();
                tracing::warn!(
                    status,
                    error_code,
                    "a bulk operation of Shopify came to nothing; listing page by page"
                );
                if matches!(status, "CREATED" | "RUNNING") {
                    self.cancel_bulk(ctx, &run).await?;
                }
                Ok(Progress::GivenUp)
            }
        }
    }

    /// Reads a part of the file; nothing when the file is not to be had or its count is never right.
    pub(crate) async fn read_bulk(
        &self,
        ctx: &Ctx,
        run: &BulkRun,
        offset: u64,
    ) -> Result<Option<Part>> {
        let counted = match self.open_file.find(&run.id) {
            Some(counted) => counted,
            None => match self.count_bulk(ctx, run).await? {
                Some(counted) => counted,
                None => return Ok(None),
            },
        };
        let items = counted.articles.len() as u64;
        let Some(url) = &counted.url else {
            return Ok(Some(Part {
                levels: Vec::new(),
                next_offset: 0,
                ended: true,
                items,
            }));
        };
        let mut lines = match Lines::open(ctx, url, offset).await {
            Ok(lines) => lines,
            Err(error) => {
                self.open_file.close();
                return Err(error);
            }
        };
        let mut levels = Vec::new();
        while levels.len() < LEVELS_PER_PART {
            let Some(line) = lines.next().await? else {
                self.open_file.close();
                let next_offset = lines.offset();
                return Ok(Some(Part {
                    levels,
                    next_offset,
                    ended: true,
                    items,
                }));
            };
            levels.extend(counted.level(&line, run.started_at)?);
        }
        Ok(Some(Part {
            levels,
            next_offset: lines.offset(),
            ended: false,
            items,
        }))
    }

    /// Reads the whole file once, remembers its items, and refuses a count that is not Shopify's own.
    async fn count_bulk(&self, ctx: &Ctx, run: &BulkRun) -> Result<Option<Arc<Counted>>> {
        let Some(operation) = self
            .operation(ctx, run)
            .await?
            .filter(|operation| operation.status == "COMPLETED")
        else {
            return Ok(None);
        };
        let announced: u64 = operation.object_count.parse().unwrap_or_default();
        let mut counted = Counted {
            id: run.id.clone(),
            url: operation.url,
            articles: HashMap::new(),
        };
        let Some(url) = &counted.url else {
            if announced > 0 {
                tracing::warn!(
                    "the file of a bulk operation of Shopify has expired; listing page by page"
                );
                return Ok(None);
            }
            return Ok(Some(self.open_file.keep(counted)));
        };
        let mut lines = Lines::open(ctx, url, 0).await?;
        let mismatch = match counted.count(&mut lines).await {
            Ok(found) if found == announced => {
                self.catalog.remember(counted.articles.values().flatten());
                return Ok(Some(self.open_file.keep(counted)));
            }
            Ok(found) => {
                format!("the bulk file has {found} objects where shopify announced {announced}")
            }
            Err(error) if error.kind == ErrorKind::Protocol => error.message,
            Err(error) => return Err(error),
        };
        if self.open_file.miscounted(&run.id) < MISCOUNTS_MAX {
            return Err(AdapterError::protocol(mismatch));
        }
        tracing::warn!("{mismatch}, again; listing page by page");
        Ok(None)
    }

    async fn operation(&self, ctx: &Ctx, run: &BulkRun) -> Result<Option<Operation>> {
        let variables = json!({ "id": run.id });
        let answer: Answered<Polled> = self
            .client
            .ask(ctx, &BULK_POLL, variables, Urgency::Background)
            .await?;
        Ok(answer.data.bulk_operation)
    }

    async fn cancel_bulk(&self, ctx: &Ctx, run: &BulkRun) -> Result<()> {
        let variables = json!({ "id": run.id });
        let _: Answered<serde_json::Value> = self
            .client
            .ask(ctx, &BULK_CANCEL, variables, Urgency::Background)
            .await?;
        Ok(())
    }
}

// === impl Counted ===

impl Counted {
    /// Keeps every item of the file and answers how many lines there are.
    async fn count(&mut self, lines: &mut Lines) -> Result<u64> {
        let mut found = 0;
        while let Some(line) = lines.next().await? {
            found += 1;
            if let Some(item) = line.find_item()? {
                self.articles.insert(item.number, item.article);
            }
        }
        Ok(found)
    }

    /// The line's level, if it is one of an item with a SKU.
    fn level(&self, line: &file::Line, fetched_at: Timestamp) -> Result<Option<StockLevel>> {
        let Some((parent, level)) = line.find_level()? else {
            return Ok(None);
        };
        let Some(article) = self.articles.get(&parent) else {
            return Err(AdapterError::protocol(format!(
                "the bulk file has a level of an unknown item {parent}"
            )));
        };
        Ok(article
            .as_ref()
            .map(|article| article.level(level, fetched_at)))
    }
}

// === impl OpenFile ===

impl OpenFile {
    fn find(&self, id: &str) -> Option<Arc<Counted>> {
        self.lock()
            .counted
            .clone()
            .filter(|counted| counted.id == id)
    }

    fn keep(&self, counted: Counted) -> Arc<Counted> {
        let counted = Arc::new(counted);
        self.lock().counted = Some(Arc::clone(&counted));
        counted
    }

    /// Forgets the file: at its end, and when its address no longer works.
    fn close(&self) {
        self.lock().counted = None;
    }

    fn miscounted(&self, id: &str) -> u32 {
        let mut slot = self.lock();
        if slot.miscounts.0 != id {
            slot.miscounts = (id.to_owned(), 0);
        }
        slot.miscounts.1 += 1;
        slot.miscounts.1
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Slot> {
        self.0.lock().expect("no holder of the open file panics")
    }
}

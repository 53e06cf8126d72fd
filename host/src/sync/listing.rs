//! A full listing: every level of a connection, page by page, resumed after a restart.

use std::time::Duration;

use bestand_plugin_api::call::adapter::{ListStock, Since, StockChanges};
use bestand_plugin_api::{AdapterError, Checkpoint, Cursor, ErrorKind, Listing};

use super::places::moved_on;
use super::{SyncError, Work};
use crate::plugin::Priority;
use crate::stock::Cause;
use crate::store::sync_run::{self, Progress, SyncKind, SyncRun};

/// Pages of one listing; at a thousand levels a page this is far beyond any known catalogue.
const PAGES_MAX: i64 = 1_000_000;

/// What a complete listing brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// All levels of all sources.
    All,
    /// Not those of sources that appeared while it ran: what its earlier pages said of them was left out.
    NotNewSources,
}

/// What is said of a step that this release does not know.
pub(crate) fn no_step() -> AdapterError {
    AdapterError::protocol("a step of a listing that this daemon does not know")
}

/// How long to wait before a system that is still working is asked again: between 0.1 s and 10 min.
pub(crate) fn poll_after(millis: u64) -> Duration {
    Duration::from_millis(millis.clamp(100, 600_000))
}

impl Work<'_> {
    /// Brings in every level, going on with a listing that was interrupted. What it did not name is handled only
    /// when it is complete, and only at the sources it knew from its first page on.
    ///
    /// # Errors
    /// What the adapter or the store answers. What was brought in stays; the next call goes on from there, unless
    /// the cursor has died.
    pub async fn list(&self) -> Result<Listed, SyncError> {
        let mut run = self.open_listing().await?;
        match self.pages(&mut run).await {
            Ok(()) => self.complete(&run).await,
            Err(SyncError::Adapter(error)) if error.kind == ErrorKind::NotFound => {
                sync_run::finish(self.db, &run, Err(error.message.clone()), self.clock.now())
                    .await?;
                let message = format!("the listing has to start over: {}", error.message);
                Err(AdapterError::transient(message).into())
            }
            Err(error) => Err(error),
        }
    }

    /// The listing that was interrupted, or a new one, with the checkpoint from which changes count once it is done.
    async fn open_listing(&self) -> Result<SyncRun, SyncError> {
        let (account, connection) = (self.account(), self.connection());
        if let Some(run) =
            sync_run::find_running(self.db, account, connection, SyncKind::Listing).await?
        {
            return Ok(run);
        }
        let checkpoint = self.first_checkpoint().await?;
        let mut run = sync_run::start(
            self.db,
            account,
            connection,
            SyncKind::Listing,
            self.clock.now(),
        )
        .await?;
        run.checkpoint = checkpoint;
        self.keep(&run).await?;
        Ok(run)
    }

    /// Taken before the first page: what changes while the listing runs is told again afterwards.
    async fn first_checkpoint(&self) -> Result<Option<Checkpoint>, SyncError> {
        if !super::changes::tells_changes(self.session.adapter().manifest()) {
            return Ok(None);
        }
        let first = self
            .session
            .call::<StockChanges>(Priority::Sync, &Since::default())
            .await?;
        Ok(Some(first.checkpoint))
    }

    async fn pages(&self, run: &mut SyncRun) -> Result<(), SyncError> {
        loop {
            let step = self
                .session
                .call::<ListStock>(Priority::Sync, &run.cursor)
                .await?;
            let (items, next) = match step {
                Listing::Pending {
                    poll_after_ms,
                    cursor,
                    ..
                } => {
                    if run.cursor.as_ref() != Some(&cursor) {
                        run.cursor = Some(cursor);
                        self.keep(run).await?;
                    }
                    tokio::time::sleep(poll_after(poll_after_ms)).await;
                    continue;
                }
                Listing::Page { items, next, .. } => {
                    (items, Some(moved_on(run.cursor.as_ref(), next)?))
                }
                Listing::Done { items, .. } => (items, None),
                _ => return Err(no_step().into()),
            };
            run.pages += 1;
            run.levels += i64::try_from(items.len()).unwrap_or(i64::MAX);
            self.apply(Cause::listing(run.id), items).await?;
            (self.progress)(u64::try_from(run.levels).unwrap_or(0));
            let Some(next) = next else { return Ok(()) };
            self.turn(run, next).await?;
        }
    }

    async fn turn(&self, run: &mut SyncRun, next: Cursor) -> Result<(), SyncError> {
        if run.pages >= PAGES_MAX {
            return Err(
                AdapterError::bug(format!("the listing has more than {PAGES_MAX} pages")).into(),
            );
        }
        run.cursor = Some(next);
        self.keep(run).await
    }

    async fn keep(&self, run: &SyncRun) -> Result<(), SyncError> {
        let progress = Progress {
            cursor: run.cursor.clone(),
            checkpoint: run.checkpoint.clone(),
            pages: run.pages,
            levels: run.levels,
        };
        Ok(sync_run::keep_progress(self.db, run, &progress, self.clock.now()).await?)
    }

    /// The listing is complete: what it did not name means what the adapter says it means.
    async fn complete(&self, run: &SyncRun) -> Result<Listed, SyncError> {
        let absent = self.session.adapter().manifest().semantics.absent;
        let active = self.places.sources().iter().filter(|source| source.active);
        let (known, new): (Vec<_>, Vec<_>) =
            active.partition(|source| source.created_at <= run.started_at);
        for source in known {
            self.book
                .finish_listing(self.account(), source.id, run.id, run.started_at, absent)
                .await?;
        }
        self.keep(run).await?;
        sync_run::finish(self.db, run, Ok(()), self.clock.now()).await?;
        Ok(match new.is_empty() {
            true => Listed::All,
            false => Listed::NotNewSources,
        })
    }
}

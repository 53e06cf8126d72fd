//! The stock book: what is known of every SKU at every source.
//!
//! Reading goes to the index first and to the store for what is not there. Writing goes through one task, which
//! commits what many callers bring at the same time together, see [`writer`].

mod batch;
mod comparing;
mod notices;
mod telling;
mod watch_list;
mod writer;

use std::sync::Arc;

use bestand_plugin_api::{Absent, Sku, StockLevel, Timestamp};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::index::{Index, Look, Source};
use super::{Cause, CauseKind, Held, LowPlace, LowStock};
use crate::activity::Activity;
use crate::clock::Clock;
use crate::event_log::EventLog;
use crate::id::{AccountId, ChangeId, SourceId, SyncId};
use crate::store::history::{Change, ChangeFilter};
use crate::store::level::{LevelDetails, Purpose};
use crate::store::{self, Db, Engine, Error};
use notices::Notices;
use watch_list::WatchList;
use writer::{Apply, Finish, Job};

/// Writes waiting for the writer; more callers than this wait to hand theirs in.
const JOBS_MAX: usize = 1024;
/// Changes a slow listener may be behind before it is told that it missed some.
const CHANGES_MAX: usize = 1024;
/// Most changes kept of one source, the newest: at some 250 bytes each no more than 250 MB, however much it moves.
const HISTORY_MAX: u64 = 1_000_000;
/// Listings of one source whose differences are kept, the newest: at some 100 bytes each no more than 10 MB, however often
/// it is listed and however much it drifts.
const DRIFT_MAX: u32 = 100;

/// Knows every level. Cheap to clone; one per process and database.
#[derive(Clone, Debug)]
pub struct StockBook {
    shared: Arc<Shared>,
    jobs: mpsc::Sender<Job>,
}

/// How a book is to be kept.
#[derive(Clone, Copy, Debug)]
pub struct BookOptions {
    /// Most levels held in memory, at up to 150 bytes each: two million take 300 MB and are more than most merchants
    /// have. Beyond it the ones not asked for lately are read from the store.
    pub levels_max: usize,
}

/// A level that a source reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The source; it stands for the level's own location.
    pub source_id: SourceId,
    /// What it says.
    pub level: StockLevel,
}

/// What became of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It said something new.
    Changed,
    /// It said what was known, as of a newer moment.
    Confirmed,
    /// It was older than what was known and changed nothing.
    Older,
}

/// What became of some updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// They said something new.
    pub changed: u64,
    /// They said what was known, as of a newer moment.
    pub confirmed: u64,
    /// They were older than what was known and changed nothing.
    pub older: u64,
}

/// Levels that changed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Whose they are.
    pub account_id: AccountId,
    /// What brought the change.
    pub cause: Cause,
    /// When it was stored.
    pub changed_at: Timestamp,
    /// Which they are.
    pub levels: Vec<(SourceId, Sku)>,
}

#[derive(Debug)]
struct Shared {
    db: Db,
    clock: Clock,
    index: Index,
    event_log: EventLog,
    watch_list: WatchList,
    notices: Notices,
    changes: broadcast::Sender<Arc<Changed>>,
}

// === impl StockBook ===

impl StockBook {
    /// Opens the book over `db`. Nothing is read yet: the index fills with what is asked for.
    #[must_use]
    pub fn open(db: Db, clock: Clock, event_log: EventLog, options: BookOptions) -> Self {
        let shared = Arc::new(Shared {
            db,
            clock,
            event_log,
            watch_list: WatchList::default(),
            notices: Notices::default(),
            index: Index::new(options.levels_max),
            changes: broadcast::channel(CHANGES_MAX).0,
        });
        let (jobs, waiting) = mpsc::channel(JOBS_MAX);
        tokio::spawn(writer::run(shared.clone(), waiting));
        Self { shared, jobs }
    }

    /// Takes what sources report. When it returns, it is durable and readable.
    ///
    /// # Errors
    /// `NotFound` when a source is not the account's; then nothing is taken.
    pub async fn apply(
        &self,
        account: AccountId,
        cause: Cause,
        updates: Vec<Update>,
    ) -> Result<Applied, Error> {
        let outcomes = self.apply_each(account, cause, updates).await?;
        Ok(outcomes.into_iter().collect())
    }

    /// The same, saying of each of them what became of it.
    ///
    /// # Errors
    /// As for [`apply`](Self::apply).
    pub async fn apply_each(
        &self,
        account: AccountId,
        cause: Cause,
        updates: Vec<Update>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut sources: Vec<Arc<Source>> = Vec::new();
        let mut levels = Vec::with_capacity(updates.len());
        for Update { source_id, level } in updates {
            let known = sources.iter().position(|source| source.id == source_id);
            let position = match known {
                Some(position) => position,
                None => {
                    sources.push(self.shared.source(account, source_id).await?);
                    sources.len() - 1
                }
            };
            levels.push((position, level));
        }
        self.hand_in(|reply| {
            Job::Apply(Apply {
                account,
                cause,
                sources,
                levels,
                reply,
            })
        })
        .await
    }

    /// Ends a complete listing that began at `started_at`: what it did not name is absent from then on, unless something
    /// newer is known. Answers how many levels that were. May be called again after a restart.
    ///
    /// # Errors
    /// `NotFound` when the source is not the account's.
    pub async fn finish_listing(
        &self,
        account: AccountId,
        source: SourceId,
        run: SyncId,
        started_at: Timestamp,
        absent: Absent,
    ) -> Result<u64, Error> {
        let source = self.shared.source(account, source).await?;
        self.hand_in(|reply| {
            Job::Finish(Finish {
                source,
                run,
                started_at,
                absent,
                reply,
            })
        })
        .await
    }

    async fn hand_in<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> Job,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.jobs
            .send(job(reply))
            .await
            .map_err(|_| writer::ended())?;
        answer.await.map_err(|_| writer::ended())?
    }

    /// What is known of these SKUs, in the order asked for; `None` is "never seen", which is not zero.
    ///
    /// # Errors
    /// `NotFound` when the source is not the account's.
    pub async fn levels(
        &self,
        account: AccountId,
        source: SourceId,
        skus: &[Sku],
    ) -> Result<Vec<Option<Held>>, Error> {
        let source = self.shared.source(account, source).await?;
        self.shared.levels(&source, skus).await
    }

    /// The same from memory alone; `None` when the store would have to be asked.
    #[must_use]
    pub fn levels_cached(
        &self,
        account: AccountId,
        source: SourceId,
        skus: &[Sku],
    ) -> Option<Vec<Option<Held>>> {
        let source = self.shared.index.source(account, source)?;
        let look = |sku: &Sku| match self.shared.index.look(&source, sku) {
            Look::Known(held) => Some(held),
            Look::Miss => None,
        };
        skus.iter().map(look).collect()
    }

    /// All that is stored of these SKUs, in the order asked for: item references, lots, further quantities.
    ///
    /// # Errors
    /// `NotFound` when the source is not the account's.
    pub async fn details(
        &self,
        account: AccountId,
        source: SourceId,
        skus: &[Sku],
    ) -> Result<Vec<Option<LevelDetails>>, Error> {
        let met = self.shared.source(account, source).await?;
        let stored = store::level::details(&self.shared.db, account, source, skus).await?;
        let confirmed = |level: LevelDetails| LevelDetails {
            held: met.confirm(level.held),
            ..level
        };
        Ok(stored
            .into_iter()
            .map(|level| level.map(confirmed))
            .collect())
    }

    /// Levels of a source in the order of their SKUs, after `after`.
    ///
    /// # Errors
    /// `NotFound` when the source is not the account's.
    pub async fn page(
        &self,
        account: AccountId,
        source: SourceId,
        after: Option<&Sku>,
        limit: u32,
    ) -> Result<Vec<(Sku, Held)>, Error> {
        let met = self.shared.source(account, source).await?;
        let after = after.map(Sku::as_str);
        let page = store::level::page(&self.shared.db, account, source, after, limit).await?;
        Ok(page
            .into_iter()
            .map(|(sku, held)| (sku, met.confirm(held)))
            .collect())
    }

    /// The changes of a level, newest first.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn history(
        &self,
        account: AccountId,
        source: SourceId,
        sku: &Sku,
        limit: u32,
    ) -> Result<Vec<Change>, Error> {
        let of_sku = ChangeFilter::of(sku);
        self.history_page(account, source, &of_sku, None, limit)
            .await
    }

    /// The changes of a source that `filter` wants, newest first, from before the change `before` on.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn history_page(
        &self,
        account: AccountId,
        source: SourceId,
        filter: &ChangeFilter,
        before: Option<ChangeId>,
        limit: u32,
    ) -> Result<Vec<Change>, Error> {
        store::history::page(&self.shared.db, account, source, filter, before, limit).await
    }

    /// The levels of these sources, or of all, that are at their threshold or below it now, by source and SKU, after
    /// `after`.
    ///
    /// # Errors
    /// `NotFound` when a source was removed meanwhile.
    pub async fn low_stock(
        &self,
        account: AccountId,
        sources: &[SourceId],
        after: Option<&LowPlace>,
        limit: u32,
    ) -> Result<Vec<LowStock>, Error> {
        let mut low =
            store::low_stock::low(&self.shared.db, account, sources, after, limit).await?;
        for level in low.iter_mut().filter(|level| level.absent) {
            let source = self.shared.source(account, level.source_id).await?;
            level.as_of = level.as_of.max(source.listed_at().unwrap_or(level.as_of));
        }
        Ok(low)
    }

    /// Forgets changes from before `before`, and of each source all but the newest million; answers how many.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn forget_history(&self, before: Timestamp) -> Result<u64, Error> {
        let too_old = store::history::forget(&self.shared.db, before).await?;
        Ok(too_old + store::history::forget_beyond(&self.shared.db, HISTORY_MAX).await?)
    }

    /// Forgets what listings from before `before` found different, and of each source the differences of all but the
    /// newest hundred; answers how many listings and differences.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn forget_drift(&self, before: Timestamp) -> Result<u64, Error> {
        let too_old = store::drift::forget(&self.shared.db, before).await?;
        Ok(too_old + store::drift::forget_beyond(&self.shared.db, DRIFT_MAX).await?)
    }

    /// To be called when a source was removed from the store.
    pub fn forget_source(&self, account: AccountId, source: SourceId) {
        self.shared.index.forget(account, source);
    }

    /// To be called when a low-stock threshold of the account was set or removed in the store.
    pub fn forget_thresholds(&self, account: AccountId) {
        self.shared.watch_list.forget(account);
    }

    /// Waits until all that was handed in before is stored.
    ///
    /// # Errors
    /// When the book is closed.
    pub async fn settle(&self, account: AccountId) -> Result<(), Error> {
        // The writer takes one thing after another.
        let nothing = self.apply(account, Cause::of(CauseKind::Sync), Vec::new());
        nothing.await.map(drop)
    }

    /// To be called when the listings of a source were forgotten in the store.
    pub fn forget_listed(&self, account: AccountId, source: SourceId) {
        if let Some(source) = self.shared.index.source(account, source) {
            source.forget_listed();
        }
    }

    /// Changes from now on, after they are durable and readable.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Arc<Changed>> {
        self.shared.changes.subscribe()
    }

    /// Waits until something happened that people are told: stock fell low or recovered, or drift is high.
    pub async fn has_news(&self) {
        self.shared.notices.rung().await;
    }

    /// Notes it in `activity`: one line for each source and kind.
    ///
    /// # Errors
    /// When the store is out of reach; then what was not noted is lost there, and kept in the event log.
    pub async fn note_news(&self, activity: &Activity) -> Result<(), Error> {
        for ((account, id, kind), gathered) in self.shared.notices.take() {
            // One that was removed meanwhile needs no line.
            if let Some(source) = store::source::find(&self.shared.db, account, id).await? {
                activity.note(gathered.event(&source, kind));
            }
        }
        Ok(())
    }

    /// How many levels are held in memory.
    #[must_use]
    pub fn held(&self) -> usize {
        self.shared.index.len()
    }
}

// === impl Shared ===

impl Shared {
    /// The source, met on first use.
    async fn source(&self, account: AccountId, id: SourceId) -> Result<Arc<Source>, Error> {
        if let Some(source) = self.index.source(account, id) {
            return Ok(source);
        }
        let standing = store::source::standing(&self.db, account, id).await?;
        let standing = standing.ok_or_else(|| Error::not_found("inventory source", id))?;
        let listed_at = standing.listed_at.map(Timestamp::from_millis);
        // Other daemons may write to a PostgreSQL database, so what is not held there may still be stored.
        let is_held_whole = !standing.has_levels && self.db.engine() == Engine::Sqlite;
        Ok(self
            .index
            .meet(Source::new(account, id, listed_at, is_held_whole)))
    }

    async fn levels(&self, source: &Source, skus: &[Sku]) -> Result<Vec<Option<Held>>, Error> {
        let mut answers = Vec::with_capacity(skus.len());
        let mut missing = Vec::new();
        for sku in skus {
            match self.index.look(source, sku) {
                Look::Known(held) => answers.push(held),
                Look::Miss => {
                    missing.push((answers.len(), sku, self.index.epoch(source, sku)));
                    answers.push(None);
                }
            }
        }
        if missing.is_empty() {
            return Ok(answers);
        }
        let names: Vec<&str> = missing.iter().map(|(_, sku, _)| sku.as_str()).collect();
        let (reader, purpose) = (self.db.read(), Purpose::Look);
        let stored =
            store::level::find_many(reader, purpose, source.account_id, source.id, &names).await?;
        for (position, sku, since) in missing {
            let held = stored.get(sku.as_str()).copied();
            self.index.fill(source, sku, held, since);
            answers[position] = source.as_confirmed(held);
        }
        Ok(answers)
    }
}

// === impl Applied ===

impl FromIterator<Outcome> for Applied {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Self {
        let mut applied = Self::default();
        for outcome in outcomes {
            match outcome {
                Outcome::Changed => applied.changed += 1,
                Outcome::Confirmed => applied.confirmed += 1,
                Outcome::Older => applied.older += 1,
            }
        }
        applied
    }
}

// === impl BookOptions ===

impl Default for BookOptions {
    fn default() -> Self {
        Self {
            levels_max: 2_000_000,
        }
    }
}

#[cfg(test)]
mod tests;

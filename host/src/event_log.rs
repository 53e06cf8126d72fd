//! What programs are told: changes of stock and what follows from them, as a durable log that is read on from any id.
//!
//! News that is true because of a commit is appended within that commit, so nothing is told that did not happen and
//! nothing that happened is left untold. Each account has its own log. Its ids have no gaps and are readable in their
//! order: whoever has read up to one has seen all before it. Streams and webhooks read from here, at their own pace.

pub mod event;
pub mod filter;
pub mod news;

#[cfg(test)]
mod tests;

pub use event::{Event, EventId};
pub use filter::Filter;
pub use news::{EventType, News};

use bestand_plugin_api::Timestamp;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::id::AccountId;
use crate::store::{self, Db, Error, Tx};

/// Most bytes of events kept of one account: half a million small ones, or the first listing of some million levels.
pub const BYTES_MAX: u64 = 512 << 20;

/// The log of every account. Cheap to clone; one per process and database.
#[derive(Clone, Debug)]
pub struct EventLog {
    db: Db,
    clock: Clock,
    appended: watch::Sender<u64>,
}

/// Some events in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The events.
    pub events: Vec<Event>,
    /// Whether some before them are forgotten, or the place that was asked for is none of this log.
    pub missed: bool,
}

// === impl EventLog ===

impl EventLog {
    /// The logs in `db`.
    #[must_use]
    pub fn open(db: Db, clock: Clock) -> Self {
        let appended = watch::Sender::new(0);
        Self {
            db,
            clock,
            appended,
        }
    }

    /// Appends news by itself: durable when this returns.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn append(&self, account: AccountId, news: &[News]) -> Result<(), Error> {
        let tx = self.db.begin().await?;
        self.commit_with(tx, account, news).await
    }

    /// Commits a transaction together with the news that it makes true.
    pub(crate) async fn commit_with(
        &self,
        tx: Tx,
        account: AccountId,
        news: &[News],
    ) -> Result<(), Error> {
        self.append_in(&tx, account, news).await?;
        tx.commit().await?;
        if !news.is_empty() {
            self.wake_all();
        }
        Ok(())
    }

    /// Appends news within the transaction that makes it true; when there is any, [`wake_all`](Self::wake_all) is to
    /// follow its commit.
    ///
    /// Until then no other transaction appends to this account's log: it is to be the last thing done, and accounts
    /// are to be taken in their order.
    pub(crate) async fn append_in(
        &self,
        tx: &Tx,
        account: AccountId,
        news: &[News],
    ) -> Result<(), Error> {
        store::event::append(tx, account, news, self.clock.now()).await
    }

    /// Says that something was appended and committed.
    pub(crate) fn wake_all(&self) {
        self.appended
            .send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Changes whenever this process has appended something, to any log.
    #[must_use]
    pub fn wake(&self) -> watch::Receiver<u64> {
        self.appended.subscribe()
    }

    /// The events after `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn after(
        &self,
        account: AccountId,
        after: EventId,
        limit: u32,
    ) -> Result<Page, Error> {
        let mut events = store::event::after(&self.db, account, after, limit).await?;
        let mut missed = false;
        if events.is_empty() && self.head(account).await? != after {
            // Appended in between, or else the log ends before that place, or was forgotten up to its end.
            events = store::event::after(&self.db, account, after, limit).await?;
            missed = events.is_empty();
        }
        let next = after.0.saturating_add(1);
        missed |= events.first().is_some_and(|first| first.id.0 != next);
        Ok(Page { events, missed })
    }

    /// The id of the newest event, or 0 before the first.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn head(&self, account: AccountId) -> Result<EventId, Error> {
        store::event::head(&self.db, account).await
    }

    /// Forgets events from before `before`, and answers how many.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn forget(&self, before: Timestamp) -> Result<u64, Error> {
        store::event::forget(&self.db, before).await
    }
}

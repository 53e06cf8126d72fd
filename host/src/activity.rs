//! What happened, for people: who linked what, which connection failed and since when, which adapter crashed.
//!
//! Events are noted where they happen, and never make that fail or wait: they go into a bounded queue, and one task
//! writes what has gathered in one statement. What finds no room there is counted and lost. It is no audit log.

mod event;
mod kind;
mod writer;

#[cfg(test)]
mod tests;

pub use event::{Actor, ActorKind, Event, EventId, InvalidSubject, Noted, Subject, SubjectKind};
pub use kind::{EventKind, InvalidEventKind};

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bestand_plugin_api::Timestamp;
use metrics::counter;
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::id::AccountId;
use crate::store::activity::{Filter, Page};
use crate::store::{self, Db, Error};
use writer::Job;

/// Events that wait to be written: minutes of a bad day, and under a megabyte.
const WAITING_MAX: usize = 1_024;
/// Most events kept of one account, whatever their age: forty for each hour of ninety days.
///
/// A connection that fails and recovers without end fills no disk, and a page of the oldest is found in milliseconds.
pub const KEPT_PER_ACCOUNT_MAX: u64 = 100_000;

/// Notes what happens, and knows what happened. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Activity {
    db: Db,
    clock: Clock,
    lost: Arc<AtomicU64>,
    /// Nothing for one that notes nothing.
    jobs: Option<mpsc::Sender<Job>>,
}

// === impl Activity ===

impl Activity {
    /// Over `db`; what is noted is written until the last clone is gone.
    #[must_use]
    pub fn open(db: Db, clock: Clock) -> Self {
        let lost = Arc::new(AtomicU64::new(0));
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(writer::run(db.clone(), Arc::clone(&lost), waiting));
        Self {
            db,
            clock,
            lost,
            jobs: Some(jobs),
        }
    }

    /// One that notes nothing: for a command that looks at connections beside the daemon, whose news they are.
    #[must_use]
    pub fn silent(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            lost: Arc::default(),
            jobs: None,
        }
    }

    /// Notes that something happened, now. Never waits and never fails.
    pub fn note(&self, event: Event) {
        let Some(jobs) = &self.jobs else { return };
        let noted = Noted {
            id: EventId::new(),
            at: self.clock.now(),
            event,
        };
        if jobs.try_send(Job::Write(noted)).is_err() {
            lose(&self.lost, 1);
        }
    }

    /// Waits until all that was noted before is readable, or lost.
    pub async fn settle(&self) {
        let (done, settled) = oneshot::channel();
        if let Some(jobs) = &self.jobs
            && jobs.send(Job::Settle(done)).await.is_ok()
        {
            // Only a runtime that ends takes the writer away, and then nobody reads.
            let _ = settled.await;
        }
    }

    /// What happened, newest first, after `after`, at most `limit`.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn list(
        &self,
        account: AccountId,
        filter: &Filter,
        after: Option<EventId>,
        limit: u32,
    ) -> Result<Page, Error> {
        store::activity::list(&self.db, account, filter, after, limit).await
    }

    /// Forgets what happened before `before`, and of each account all but the newest [`KEPT_PER_ACCOUNT_MAX`].
    /// Answers how many events that were.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn forget(&self, before: Timestamp) -> Result<u64, Error> {
        let mut forgotten = store::activity::forget(&self.db, before).await?;
        for account in store::account::list(&self.db).await? {
            forgotten +=
                store::activity::forget_beyond(&self.db, account.id, KEPT_PER_ACCOUNT_MAX).await?;
        }
        Ok(forgotten)
    }

    /// How many events found no room, or could not be written, since the start.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

fn lose(lost: &AtomicU64, events: u64) {
    lost.fetch_add(events, Ordering::Relaxed);
    counter!("bestand_activity_lost_total").increment(events);
}

//! What a connection knows of the requests to its address, from one worker to the next.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Notify, Semaphore};

use super::pace::Pace;

/// Requests that an adapter is asked about at once. Whoever finds no turn in time is kept for later, so that no crowd
/// of strangers ties up the process that all connections of the adapter share.
const TURNS: usize = 16;

/// Of one connection.
pub(in crate::connection) struct Inbox {
    /// Who may ask the adapter now.
    pub(super) turns: Semaphore,
    /// How fast each sender may be.
    pub(super) pace: Pace,
    /// Rung when a request was kept.
    rung: Notify,
    waiting: AtomicU64,
}

// === impl Inbox ===

impl Inbox {
    /// A request was kept.
    pub(super) fn kept(&self) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        self.rung.notify_one();
    }

    /// Waits until a request was kept that was not heard of yet.
    pub(super) async fn rung(&self) {
        self.rung.notified().await;
    }

    /// A look into the store has found so many.
    pub(super) fn found(&self, waiting: u64) {
        self.waiting.store(waiting, Ordering::Release);
    }

    /// How many requests wait to be worked, as far as is known.
    pub(in crate::connection) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Acquire)
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Self {
            turns: Semaphore::new(TURNS),
            pace: Pace::default(),
            rung: Notify::new(),
            waiting: AtomicU64::new(0),
        }
    }
}

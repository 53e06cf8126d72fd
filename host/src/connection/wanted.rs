//! What was asked of a connection from outside and is still to be done: gathered, so that however busy its worker is,
//! nothing of it is lost and nothing waits in line twice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bestand_plugin_api::{LocationId, Sku};
use tokio::sync::Notify;

use super::hints::Hints;

/// What is still to be done.
#[derive(Default)]
pub(super) struct Wanted {
    /// Locked only to put in or take out.
    gathered: Mutex<Gathered>,
    /// Rung when something was put in; a ring that nobody hears is kept for the next who listens.
    rung: Notify,
}

/// How much is to be synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// Whatever is quickest.
    Quickest,
    /// A full listing.
    Full,
}

#[derive(Default)]
struct Gathered {
    sync: Option<Extent>,
    hints: Hints,
}

// === impl Wanted ===

impl Wanted {
    /// Asks for a sync as soon as the connection may be tried.
    pub(super) fn sync(&self, extent: Extent) {
        let mut gathered = self.lock();
        gathered.sync = gathered.sync.max(Some(extent));
        self.rung.notify_one();
    }

    /// Asks for these to be read again.
    pub(super) fn hint(&self, skus: Vec<Sku>, locations: Vec<LocationId>) {
        self.lock().hints.add(skus, locations);
        self.rung.notify_one();
    }

    /// Waits until something is asked for that was not heard of yet.
    pub(super) async fn rung(&self) {
        self.rung.notified().await;
    }

    /// The sync that was asked for since the last time.
    pub(super) fn take_sync(&self) -> Option<Extent> {
        self.lock().sync.take()
    }

    /// The hints that came since the last time.
    pub(super) fn take_hints(&self) -> Hints {
        std::mem::take(&mut self.lock().hints)
    }

    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_asked_while_nobody_listens_is_kept_and_the_widest_wins() {
        let wanted = Wanted::default();
        for _ in 0..10_000 {
            wanted.hint(vec!["A".parse().unwrap()], Vec::new());
        }
        wanted.sync(Extent::Full);
        wanted.sync(Extent::Quickest);
        wanted.rung().await;
        assert_eq!(wanted.take_sync(), Some(Extent::Full));
        assert_eq!(wanted.take_sync(), None);
        assert!(!wanted.take_hints().is_empty());
        assert!(wanted.take_hints().is_empty());
    }
}

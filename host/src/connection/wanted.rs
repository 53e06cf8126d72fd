//! What was asked of a connection from outside and is still to be done: gathered, so that however busy its worker is,
//! nothing of it is lost and nothing waits in line twice.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bestand_plugin_api::{LocationId, Sku};
use tokio::sync::Notify;

use super::hints::Hints;
use crate::store::inbound::owed::{Extent, Owed};

/// What is still to be done.
#[derive(Default)]
pub(super) struct Wanted {
    /// Locked only to put in or take out.
    gathered: Mutex<Gathered>,
    /// Rung when something was put in; a ring that nobody hears is kept for the next who listens.
    rung: Notify,
}

#[derive(Default)]
struct Gathered {
    sync: Option<Owed>,
    hints: Hints,
    /// Of the newest hint.
    hinted: Option<Owed>,
}

// === impl Wanted ===

impl Wanted {
    /// Asks for a sync as soon as the connection may be tried. Answers what is owed now.
    pub(super) fn sync(&self, extent: Extent) -> Owed {
        let mut gathered = self.lock();
        let extent = gathered.sync.map_or(extent, |owed| owed.extent.max(extent));
        let owed = Owed::now(extent);
        gathered.sync = Some(owed);
        self.rung.notify_one();
        owed
    }

    /// Asks for these to be read again. Answers what is owed now.
    pub(super) fn hint(&self, skus: Vec<Sku>, locations: Vec<LocationId>) -> Owed {
        let mut gathered = self.lock();
        gathered.hints.add(skus, locations);
        // Marked under the lock: whoever takes this hint takes all with smaller marks.
        let owed = Owed::now(Extent::Quickest);
        gathered.hinted = Some(owed);
        self.rung.notify_one();
        owed
    }

    /// Waits until something is asked for that was not heard of yet.
    pub(super) async fn rung(&self) {
        self.rung.notified().await;
    }

    /// The sync that was asked for since the last time.
    pub(super) fn take_sync(&self) -> Option<Owed> {
        self.lock().sync.take()
    }

    /// The hints that came since the last time, and what is owed to them.
    pub(super) fn take_hints(&self) -> (Hints, Option<Owed>) {
        let mut gathered = self.lock();
        (std::mem::take(&mut gathered.hints), gathered.hinted.take())
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
        let taken = wanted.take_sync().map(|owed| owed.extent);
        assert_eq!(taken, Some(Extent::Full));
        assert_eq!(wanted.take_sync(), None);
        let (hints, owed) = wanted.take_hints();
        assert!(!hints.is_empty() && owed.is_some());
        let (hints, owed) = wanted.take_hints();
        assert!(hints.is_empty() && owed.is_none());
    }
}

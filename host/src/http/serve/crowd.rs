//! Who waits for whom among the connections held: when there is no place left, whoever has kept one longest without
//! asking for anything gives it up.
//!
//! A connection is in nobody's way as long as there are places, and never while a request of it is being answered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

/// The connections that wait for their clients. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Crowd(Arc<Mutex<Waiting>>);

/// Locked only to put in or take out.
#[derive(Default)]
struct Waiting {
    /// The longest first.
    by_age: BTreeMap<u64, CancellationToken>,
    next: u64,
}

/// A connection's place in the crowd. Given up when dropped.
pub(super) struct Place {
    crowd: Crowd,
    /// Nothing while a request is being answered.
    waits_as: Mutex<Option<u64>>,
    given_up: CancellationToken,
}

/// A request that is being answered; over when dropped.
pub(super) struct Answering(Arc<Place>);

// === impl Crowd ===

impl Crowd {
    /// A connection has come, and nothing was heard of it yet.
    pub(super) fn join(&self) -> Arc<Place> {
        let place = Place {
            crowd: self.clone(),
            waits_as: Mutex::default(),
            given_up: CancellationToken::new(),
        };
        place.wait();
        Arc::new(place)
    }

    /// Makes the connection that has waited longest give up its place. Answers whether there is one.
    pub(super) fn make_room(&self) -> bool {
        let longest = self.lock().by_age.pop_first();
        if let Some((_, given_up)) = &longest {
            given_up.cancel();
        }
        longest.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl Place ===

impl Place {
    /// A request has come.
    pub(super) fn answer(self: &Arc<Self>) -> Answering {
        self.leave();
        Answering(Arc::clone(self))
    }

    /// Waits until it is given up.
    pub(super) async fn given_up(&self) {
        self.given_up.cancelled().await;
    }

    fn wait(&self) {
        let mut waiting = self.crowd.lock();
        let number = waiting.next;
        waiting.next += 1;
        waiting.by_age.insert(number, self.given_up.clone());
        *self.number() = Some(number);
    }

    fn leave(&self) {
        let mut waiting = self.crowd.lock();
        if let Some(number) = self.number().take() {
            waiting.by_age.remove(&number);
        }
    }

    fn number(&self) -> MutexGuard<'_, Option<u64>> {
        self.waits_as.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_longest_gives_up_and_nobody_who_is_being_answered() {
        let crowd = Crowd::default();
        let [first, second, third] = [(); 3].map(|()| crowd.join());
        let answering = first.answer();
        assert!(crowd.make_room());
        let gave_up = || [&first, &second, &third].map(|place| place.given_up.is_cancelled());
        assert_eq!(gave_up(), [false, true, false]);
        drop(answering);
        drop(third);
        assert!(crowd.make_room(), "whoever was answered waits again");
        assert!(first.given_up.is_cancelled());
        assert!(!crowd.make_room(), "nobody waits");
    }
}

//! Something that was read from Finale and is kept for a while. Losing it costs a request, never an answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

/// A slot for the last one read.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    /// Held only to read or replace what is inside.
    slot: Mutex<Option<(Timestamp, Arc<T>)>>,
}

impl<T> Kept<T> {
    /// What was read at most `age_max` ago.
    pub(crate) fn fresh(&self, now: Timestamp, age_max: Duration) -> Option<Arc<T>> {
        let slot = self.lock();
        let (read_at, kept) = slot.as_ref()?;
        (now.since(*read_at) < age_max).then(|| Arc::clone(kept))
    }

    /// What was read at exactly this moment.
    pub(crate) fn of(&self, read_at: Timestamp) -> Option<Arc<T>> {
        let slot = self.lock();
        let (kept_at, kept) = slot.as_ref()?;
        (*kept_at == read_at).then(|| Arc::clone(kept))
    }

    pub(crate) fn keep(&self, read_at: Timestamp, read: Arc<T>) {
        let replaced = self.lock().replace((read_at, read));
        drop(replaced); // Outside the lock: a snapshot is large.
    }

    pub(crate) fn let_go(&self) {
        let gone = self.lock().take();
        drop(gone);
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Timestamp, Arc<T>)>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            slot: Mutex::new(None),
        }
    }
}

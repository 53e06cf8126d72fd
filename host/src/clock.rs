//! The time, as an argument: the system's in the daemon, a hand-set one in tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

/// Tells the time. Cheap to clone; clones of a set clock move together.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds since the epoch, when the clock is set by hand.
    set: Option<Arc<AtomicI64>>,
}

// === impl Clock ===

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { set: None }
    }

    /// A clock that stands still until it is advanced.
    #[must_use]
    pub fn set_at(now: Timestamp) -> Self {
        Self {
            set: Some(Arc::new(AtomicI64::new(now.millis()))),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let millis = match &self.set {
            Some(set) => set.load(Ordering::Relaxed),
            None => jiff::Timestamp::now().as_millisecond(),
        };
        Timestamp::from_millis(millis)
    }

    /// Moves a set clock; the system's clock cannot be moved and stays.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        if let Some(set) = &self.set {
            set.fetch_add(millis, Ordering::Relaxed);
        }
    }
}

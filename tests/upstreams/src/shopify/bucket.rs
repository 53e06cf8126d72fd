//! The leaky bucket of query points: a request needs its requested cost, and gets the unused part back.

use jiff::Timestamp;
use serde_json::{Value, json};

/// Points of one app on one shop.
#[derive(Debug)]
pub(crate) struct Bucket {
    maximum: f64,
    restore_per_sec: f64,
    available: f64,
    as_of: Timestamp,
}

impl Bucket {
    pub(crate) fn full(maximum: f64, restore_per_sec: f64, now: Timestamp) -> Self {
        Self {
            maximum,
            restore_per_sec,
            available: maximum,
            as_of: now,
        }
    }

    /// Takes `points`, or nothing when fewer are there.
    pub(crate) fn take(&mut self, points: u64, now: Timestamp) -> bool {
        self.restore(now);
        let points = points as f64;
        if self.available < points {
            return false;
        }
        self.available -= points;
        true
    }

    pub(crate) fn give_back(&mut self, points: u64) {
        self.available = (self.available + points as f64).min(self.maximum);
    }

    /// Empties it down to `points`, as other requests of the same app would.
    pub(crate) fn drain_to(&mut self, points: f64, now: Timestamp) {
        self.restore(now);
        self.available = points;
    }

    pub(crate) fn status(&mut self, now: Timestamp) -> Value {
        self.restore(now);
        json!({
            "maximumAvailable": self.maximum,
            "currentlyAvailable": self.available.floor() as i64,
            "restoreRate": self.restore_per_sec,
        })
    }

    fn restore(&mut self, now: Timestamp) {
        let elapsed_secs = now.duration_since(self.as_of).as_secs_f64().max(0.0);
        self.available = (self.available + elapsed_secs * self.restore_per_sec).min(self.maximum);
        self.as_of = now;
    }
}

//! How long an adapter's calls take and how many fail, for `/metrics` and for whoever looks at the adapter.
//!
//! Each is registered once per method: to look a metric up by its labels takes as long as a call.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bestand_plugin_api::AdapterError;
use metrics::{Counter, Histogram, counter, histogram};

use super::recent::{Failed, Minute, Minutes};
use crate::clock::Clock;

/// The meters of one adapter.
pub(super) struct Meters {
    adapter: String,
    calls: AtomicU64,
    errors: AtomicU64,
    micros: AtomicU64,
    clock: Clock,
    minutes: Minutes,
    /// Locked only to look up or put in a meter.
    by_method: Mutex<HashMap<&'static str, Meter>>,
}

/// What an adapter was asked since it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Calls that have ended.
    pub calls: u64,
    /// Those of them that failed.
    pub errors: u64,
    /// How long all of them took together.
    pub time: Duration,
}

#[derive(Clone)]
struct Meter {
    seconds: Histogram,
    errors: Counter,
}

// === impl Meters ===

impl Meters {
    /// None read yet.
    pub(super) fn of(adapter: &str, clock: Clock) -> Self {
        Self {
            adapter: adapter.into(),
            calls: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            micros: AtomicU64::new(0),
            clock,
            minutes: Minutes::default(),
            by_method: Mutex::default(),
        }
    }

    /// Notes a call that has ended.
    pub(super) fn note(&self, method: &'static str, took: Duration, error: Option<&AdapterError>) {
        let meter = self.meter(method);
        meter.seconds.record(took);
        self.calls.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        let failed = match error {
            Some(_) => Failed::Yes,
            None => Failed::No,
        };
        if failed == Failed::Yes {
            meter.errors.increment(1);
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        self.minutes.note(self.clock.now(), took, failed);
    }

    /// Notes how much memory the process uses.
    pub(super) fn note_memory(&self, bytes: u64) {
        self.minutes.note_memory(self.clock.now(), bytes);
    }

    /// The last hour, by the minute.
    pub(super) fn minutes(&self) -> Vec<Minute> {
        self.minutes.last(self.clock.now())
    }

    /// All of it together.
    pub(super) fn usage(&self) -> Usage {
        Usage {
            calls: self.calls.load(Ordering::Relaxed),
            errors: self.errors.load(Ordering::Relaxed),
            time: Duration::from_micros(self.micros.load(Ordering::Relaxed)),
        }
    }

    fn meter(&self, method: &'static str) -> Meter {
        let by_method = self.by_method.lock();
        let mut by_method = by_method.unwrap_or_else(PoisonError::into_inner);
        let meter = by_method.entry(method);
        meter
            .or_insert_with(|| Meter::of(&self.adapter, method))
            .clone()
    }
}

// === impl Meter ===

impl Meter {
    fn of(adapter: &str, method: &'static str) -> Self {
        let labels = [
            ("adapter", adapter.to_owned()),
            ("method", method.to_owned()),
        ];
        Self {
            seconds: histogram!("bestand_adapter_call_seconds", &labels),
            errors: counter!("bestand_adapter_call_errors_total", &labels),
        }
    }
}

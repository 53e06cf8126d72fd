//! How long an adapter's calls take and how many fail, for `/metrics`.
//!
//! Each is registered once per method: to look a metric up by its labels takes as long as a call.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bestand_plugin_api::AdapterError;
use metrics::{Counter, Histogram, counter, histogram};

/// The meters of one adapter.
pub(super) struct Meters {
    adapter: String,
    /// Locked only to look up or put in a meter.
    by_method: Mutex<HashMap<&'static str, Meter>>,
}

#[derive(Clone)]
struct Meter {
    seconds: Histogram,
    errors: Counter,
}

// === impl Meters ===

impl Meters {
    /// None read yet.
    pub(super) fn of(adapter: &str) -> Self {
        Self {
            adapter: adapter.into(),
            by_method: Mutex::default(),
        }
    }

    /// Notes a call that has ended.
    pub(super) fn note(&self, method: &'static str, took: Duration, error: Option<&AdapterError>) {
        let meter = self.meter(method);
        meter.seconds.record(took);
        if error.is_some() {
            meter.errors.increment(1);
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

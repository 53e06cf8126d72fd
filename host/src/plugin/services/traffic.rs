//! What an adapter sends to whom, for `/metrics`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bestand_plugin_api::Result;
use metrics::{Counter, counter};
use reqwest::Response;

/// Hosts of one adapter that are counted by name: an adapter that may speak to all below `*.example.com` could make
/// up names without end.
const HOSTS_MAX: usize = 32;
/// What all further ones are counted as.
const OTHERS: &str = "other";

/// The counters of one adapter.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    /// By host and what came back. Locked only to look up or put in a counter.
    counters: Mutex<HashMap<(String, &'static str), Counter>>,
}

// === impl Traffic ===

impl Traffic {
    /// Notes a request and what came back.
    pub(super) fn note(&self, adapter: &str, host: &str, answer: &Result<Response>) {
        let outcome = outcome(answer);
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = counters.keys().any(|(known, _)| known == host);
        let host = match is_known || counters.len() < HOSTS_MAX {
            true => host,
            false => OTHERS,
        };
        let counter = counters
            .entry((host.to_owned(), outcome))
            .or_insert_with(|| counter_of(adapter, host, outcome));
        counter.increment(1);
    }
}

fn counter_of(adapter: &str, host: &str, outcome: &'static str) -> Counter {
    let labels = [
        ("adapter", adapter.to_owned()),
        ("host", host.to_owned()),
        ("outcome", outcome.to_owned()),
    ];
    counter!("bestand_adapter_requests_total", &labels)
}

/// The class of the status, or that there was none.
fn outcome(answer: &Result<Response>) -> &'static str {
    match answer
        .as_ref()
        .map(|response| response.status().as_u16() / 100)
    {
        Ok(2) => "2xx",
        Ok(3) => "3xx",
        Ok(4) => "4xx",
        Ok(5) => "5xx",
        Ok(_) => "other",
        Err(_) => "failed",
    }
}

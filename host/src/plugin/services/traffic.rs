//! What an adapter sends to whom, for `/metrics` and for whoever looks at the adapter.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bestand_plugin_api::Result;
use metrics::{Counter, counter};
use reqwest::Response;

/// Hosts of one adapter that are counted by name: an adapter that may speak to all below `*.example.com` could make
/// up names without end.
const HOSTS_MAX: usize = 32;
/// What all further ones are counted as.
const OTHERS: &str = "other";

/// Host and outcome.
type Sort = (String, &'static str);

/// The counters of one adapter.
#[derive(Default)]
pub(super) struct Traffic {
    /// By host and what came back. Locked only to look up or put in a counter.
    counters: Mutex<BTreeMap<Sort, (Counter, u64)>>,
}

/// Requests to one host that ended in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requests {
    /// Host and port.
    pub host: String,
    /// The class of the status, such as `2xx`, or `failed` when there was no answer.
    pub outcome: &'static str,
    /// How many.
    pub count: u64,
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
        let (counter, count) = counters
            .entry((host.to_owned(), outcome))
            .or_insert_with(|| (counter_of(adapter, host, outcome), 0));
        counter.increment(1);
        *count += 1;
    }

    /// All that was noted, by host.
    pub(super) fn all(&self) -> Vec<Requests> {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let of =
            |((host, outcome), (_, count)): (&(String, &'static str), &(Counter, u64))| Requests {
                host: host.clone(),
                outcome,
                count: *count,
            };
        counters.iter().map(of).collect()
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

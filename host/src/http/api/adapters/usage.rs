//! What an adapter was asked, and what it asked for.

use serde::Serialize;
use utoipa::ToSchema;

use crate::plugin;

/// What an adapter was asked and what it asked for, since it was started.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Usage {
    /// Calls into it that have ended.
    calls: u64,
    /// Those of them that failed.
    errors: u64,
    /// How long a call took on average, in milliseconds; nothing before the first.
    mean_ms: Option<f64>,
    /// Its requests to other systems, by host and by what came back.
    requests: Vec<Requests>,
}

/// Requests to one host that ended in one way.
#[derive(Debug, Serialize, ToSchema)]
struct Requests {
    /// Host and port; `other` for all beyond the first thirty-two.
    host: String,
    /// The class of the status, such as `2xx`, or `failed` when there was no answer.
    outcome: &'static str,
    /// How many.
    count: u64,
}

// === impl Usage ===

impl Usage {
    pub(super) fn of(adapter: &plugin::Adapter) -> Self {
        let usage = adapter.usage();
        let requests = adapter.requests().into_iter().map(|requests| Requests {
            host: requests.host,
            outcome: requests.outcome,
            count: requests.count,
        });
        Self {
            calls: usage.calls,
            errors: usage.errors,
            mean_ms: mean_ms(usage),
            requests: requests.collect(),
        }
    }
}

fn mean_ms(usage: plugin::Usage) -> Option<f64> {
    let calls = u32::try_from(usage.calls).unwrap_or(u32::MAX);
    (calls > 0).then(|| usage.time.as_secs_f64() * 1000.0 / f64::from(calls))
}

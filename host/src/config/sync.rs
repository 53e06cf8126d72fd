//! `[sync]`: how often sources are asked, and how old a number may be.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Check;
use super::duration;
use super::key_path::KeyPath;

/// How often sources are asked, and how old a number may be. Changes take effect after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Sync {
    /// From the end of one sync of a connection to the start of the next, in seconds. Default 300; from 10 to 86,400.
    #[serde(rename = "interval_secs", deserialize_with = "duration::secs")]
    #[schemars(with = "u64", range(min = 10, max = 86_400))]
    pub interval: Duration,
    /// From one full listing to the next of a connection that otherwise asks for changes only, in seconds. Default
    /// 86,400, a day; from 60 to 2,592,000, and not below `interval_secs`.
    #[serde(rename = "reconcile_secs", deserialize_with = "duration::secs")]
    #[schemars(with = "u64", range(min = 60, max = 2_592_000))]
    pub reconcile: Duration,
    /// How long an order waits for an adapter before it is answered with what is stored, in milliseconds. Default
    /// 2,000; from 50 to 30,000.
    #[serde(rename = "live_query_ms", deserialize_with = "duration::millis")]
    #[schemars(with = "u64", range(min = 50, max = 30_000))]
    pub live_query: Duration,
    /// How old a number may be before it is called stale, in seconds, where a source does not say otherwise. Default
    /// 900; from 1 to 604,800.
    #[serde(rename = "max_age_secs", deserialize_with = "duration::secs")]
    #[schemars(with = "u64", range(min = 1, max = 604_800))]
    pub max_age: Duration,
}

// === impl Sync ===

impl Sync {
    pub(super) fn check(self, check: &mut Check<'_>) -> Self {
        if self.reconcile < self.interval {
            let key = KeyPath::of("sync").then("reconcile_secs");
            check.refuse(
                &key,
                format!(
                    "must not be below `sync.interval_secs` ({})",
                    self.interval.as_secs()
                ),
            );
        }
        self
    }
}

impl Default for Sync {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(300),
            reconcile: Duration::from_secs(86_400),
            live_query: Duration::from_secs(2),
            max_age: Duration::from_secs(900),
        }
    }
}

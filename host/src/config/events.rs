//! `[events]`: how long it is kept what programs are told.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::duration;

/// How long it is kept what programs are told. Changes take effect after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Events {
    /// How many days: whoever was away for longer reads all levels anew. Of each account at most the newest 512 MiB are
    /// kept in any case. Default 3; from 1 to 90.
    #[serde(rename = "retention_days", deserialize_with = "duration::days")]
    #[schemars(with = "u64", range(min = 1, max = 90))]
    pub retention: Duration,
}

// === impl Events ===

impl Default for Events {
    fn default() -> Self {
        Self {
            retention: Duration::from_secs(3 * 86_400),
        }
    }
}

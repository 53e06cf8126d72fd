//! `[activity]`: how long it is kept what happened.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::duration;

/// How long it is kept what happened. Changes take effect after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Activity {
    /// How many days; of each account at most the newest 100,000 events are kept in any case. Default 90; from 1 to
    /// 3,650.
    #[serde(rename = "retention_days", deserialize_with = "duration::days")]
    #[schemars(with = "u64", range(min = 1, max = 3650))]
    pub retention: Duration,
}

// === impl Activity ===

impl Default for Activity {
    fn default() -> Self {
        Self {
            retention: Duration::from_secs(90 * 86_400),
        }
    }
}

//! What the operator may set.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

/// What is expected of a partner that pushes; all has defaults.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// After so many minutes without a push the partner's sources are shown as degraded. Twice the time between its
    /// pushes is a good choice; whoever pushes less than once a week is better asked.
    #[schemars(title = "Silent after minutes", range(min = 1, max = 10_080))]
    pub silent_after_minutes: u32,
}

// === impl Settings ===

impl Settings {
    /// How long a silence is nothing to worry about.
    pub(crate) fn silent_after(self) -> Duration {
        Duration::from_secs(u64::from(self.silent_after_minutes) * 60)
    }
}

impl Default for Settings {
    /// An hour: most partners push every few minutes.
    fn default() -> Self {
        Self {
            silent_after_minutes: 60,
        }
    }
}

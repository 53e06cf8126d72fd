//! What the operator may set.

use std::time::Duration;

use bestand_plugin_api::{AdapterError, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// A week: whoever pushes less often is better asked.
const SILENT_AFTER_MINUTES_MAX: u32 = 7 * 24 * 60;

/// What is expected of a partner that pushes; all has defaults.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// After so many minutes without a push the partner's sources are shown as degraded. Twice the time between its
    /// pushes is a good choice.
    #[schemars(title = "Silent after minutes", range(min = 1, max = 10_080))]
    pub silent_after_minutes: u32,
}

// === impl Settings ===

impl Settings {
    /// How long a silence is nothing to worry about.
    ///
    /// # Errors
    /// `Config` when it is no time at all, or more than a week.
    pub(crate) fn silent_after(self) -> Result<Duration> {
        match self.silent_after_minutes {
            minutes @ 1..=SILENT_AFTER_MINUTES_MAX => {
                Ok(Duration::from_secs(u64::from(minutes) * 60))
            }
            _ => Err(AdapterError::config(
                "silent_after_minutes",
                format!("it must be from 1 to {SILENT_AFTER_MINUTES_MAX}"),
            )),
        }
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

//! `[installation]`: what this installation calls itself.

use schemars::JsonSchema;
use serde::Deserialize;

/// What this installation calls itself. Changes take effect after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Installation {
    /// The heading over its own warehouses in the list of inventory sources. Default `Bestand`; at most 80 characters.
    #[schemars(length(min = 1, max = 80))]
    pub heading: String,
}

impl Default for Installation {
    fn default() -> Self {
        Self {
            heading: "Bestand".into(),
        }
    }
}

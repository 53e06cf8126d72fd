//! What the operator may set.

use bestand_plugin_api::{AdapterError, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::names;

/// The settings of a built-in warehouse; all have defaults.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What the inventory warehouse is called that is there from the start. Changed later by renaming it.
    #[schemars(title = "Name of the first inventory warehouse")]
    pub first_warehouse: String,
}

// === impl Settings ===

impl Settings {
    /// The settings with the name tidied.
    ///
    /// # Errors
    /// `Config` with the field that cannot be right.
    pub(crate) fn checked(self) -> Result<Self> {
        let first_warehouse = names::site(&self.first_warehouse)
            .map_err(|reason| AdapterError::config("first_warehouse", reason))?;
        Ok(Self { first_warehouse })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            first_warehouse: "Main warehouse".into(),
        }
    }
}

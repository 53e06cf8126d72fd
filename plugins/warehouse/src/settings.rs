//! What the operator may set.

use bestand_plugin_api::{AdapterError, Currency, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::names;
use crate::shelf::Floor;

/// The settings of a built-in warehouse; all have defaults.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What the inventory warehouse is called that is there from the start. Changed later by renaming it.
    #[schemars(title = "Name of the first inventory warehouse")]
    pub first_warehouse: String,
    /// Whether more may be taken than is there, so that the number falls below zero: where goods go out before their
    /// arrival is entered. Promising and moving still need what is there.
    #[schemars(title = "Allow negative stock")]
    pub allow_negative: bool,
    /// In which currency costs are told: three letters, such as EUR or USD. Changing it converts nothing.
    #[schemars(title = "Currency of costs")]
    pub currency: String,
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
        Ok(Self {
            first_warehouse,
            ..self
        })
    }

    /// What costs are told in.
    ///
    /// # Errors
    /// `Config` when it is none.
    pub(crate) fn currency(&self) -> Result<Currency> {
        let read = self.currency.parse::<Currency>();
        read.map_err(|error| AdapterError::config("currency", error.to_string()))
    }

    /// How far numbers may fall.
    pub(crate) fn floor(&self) -> Floor {
        match self.allow_negative {
            true => Floor::None,
            false => Floor::Zero,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            first_warehouse: "Main warehouse".into(),
            allow_negative: false,
            currency: "EUR".into(),
        }
    }
}

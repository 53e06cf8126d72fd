//! What the operator fills in. The two keys are not here: the manifest names them.

use bestand_plugin_api::{AdapterError, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// A connection to one Ecomdash account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where Ecomdash's API answers.
    #[serde(default = "base_url")]
    pub base_url: String,
    /// The id of the application, where the account integration key belongs to an app of Ecomdash's App Store.
    #[serde(default)]
    pub application_id: Option<String>,
    /// How kits are counted.
    #[serde(default)]
    pub kits: Kits,
    /// The parameter by which Ecomdash filters products by the last change of their quantity. "Test connection" says
    /// whether it is known.
    #[serde(default = "changed_since_parameter")]
    pub changed_since_parameter: String,
}

/// How kits are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kits {
    /// As many as can be made of the components in each warehouse.
    #[default]
    FromComponents,
    /// By the numbers that Ecomdash shows for the kit itself.
    AsReported,
}

fn base_url() -> String {
    "https://ecomdash.azure-api.net".into()
}

fn changed_since_parameter() -> String {
    "quantityChangedSince".into()
}

// === impl Settings ===

impl Settings {
    /// The settings, or the first one that cannot be right.
    ///
    /// # Errors
    /// `Config` that names the field.
    pub(crate) fn checked(mut self) -> Result<Self> {
        let bare = self.base_url.trim_end_matches('/');
        let host = bare
            .strip_prefix("https://")
            .or_else(|| bare.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains(['/', '?', '#'])) {
            let shown: String = bare.chars().take(100).collect();
            let message = format!("`{shown}` is no address like https://ecomdash.azure-api.net");
            return Err(AdapterError::config("base_url", message));
        }
        let is_name =
            |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name(&self.changed_since_parameter) {
            let message = "the name of a parameter is made of letters and digits";
            return Err(AdapterError::config("changed_since_parameter", message));
        }
        let is_plain = |id: &String| id.bytes().all(|byte| byte.is_ascii_graphic());
        if !self.application_id.as_ref().is_none_or(is_plain) {
            let message = "an application id is made of letters, digits and signs";
            return Err(AdapterError::config("application_id", message));
        }
        self.base_url = bare.to_owned();
        Ok(self)
    }
}

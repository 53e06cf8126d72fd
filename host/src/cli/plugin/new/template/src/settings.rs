//! What the operator fills in; the comments are the help texts. The API key is not here: the manifest names it, and the
//! daemon puts it in.

use bestand_plugin_api::{AdapterError, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// A connection to one account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the API answers, such as `https://api.acme.example`.
    #[serde(default = "base_url")]
    pub base_url: String,
}

fn base_url() -> String {
    "https://api.acme.example".into()
}

// === impl Settings ===

impl Settings {
    /// The settings, or the field that cannot be right.
    pub(crate) fn checked(mut self) -> Result<Self> {
        self.base_url
            .truncate(self.base_url.trim_end_matches('/').len());
        match self.base_url.split_once("://") {
            Some(("https" | "http", host)) if !host.is_empty() => Ok(self),
            _ => {
                let message = format!("`{}` is no address like `{}`", self.base_url, base_url());
                Err(AdapterError::config("base_url", message))
            }
        }
    }
}

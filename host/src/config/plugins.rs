//! `[plugins]`: where adapters come from.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// Where adapters come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Plugins {
    /// The folder of the plugins, each a library file. Default `plugins`.
    ///
    /// Every library in it is opened to learn which adapter it holds, those of adapters that are not enabled too:
    /// put nothing there that may not run with the rights of the daemon.
    #[schemars(with = "String", length(min = 1))]
    pub dir: PathBuf,
}

impl Default for Plugins {
    fn default() -> Self {
        Self {
            dir: "plugins".into(),
        }
    }
}

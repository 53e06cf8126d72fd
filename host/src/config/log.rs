//! `[log]`: what is logged, and how it looks.

use schemars::JsonSchema;
use serde::Deserialize;

/// What is logged, and how it looks. The log goes to stderr.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `text` for people or `json`, one object a line. Default `text`. Takes effect after a restart.
    pub format: LogFormat,
    /// What is logged: a level, and others for single parts: `info,bestand::sync=debug`. Default `info`.
    #[schemars(extend("format" = "log-filter"))]
    pub filter: String,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(extend("type" = "string"))]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line.
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            filter: "info".into(),
        }
    }
}

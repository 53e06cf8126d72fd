//! `[[adapter]]`: which adapters run, and how.

use schemars::JsonSchema;
use serde::Deserialize;

/// An adapter that is to run, or not to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["id"]))]
pub struct Adapter {
    /// The id in its manifest; each once.
    #[serde(default)]
    #[schemars(extend("format" = "adapter-id"))]
    pub id: String,
    /// Whether it runs. Default `true`; with `false` its connections stay and say why they wait.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// `sandbox`, a process of its own with no access to anything, or `in-process`, which means fully trusted.
    /// Default `sandbox`.
    #[serde(default)]
    pub isolation: Isolation,
}

/// How far an adapter is kept from the daemon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("type" = "string"))]
pub enum Isolation {
    /// In a process of its own, without files and sockets.
    #[default]
    Sandbox,
    /// In the daemon itself, fully trusted.
    InProcess,
}

fn yes() -> bool {
    true
}

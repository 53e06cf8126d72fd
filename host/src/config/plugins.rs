//! `[plugins]`: where adapters come from.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::plugin::sandbox::Workers;

/// Where adapters come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Plugins {
    /// The folder of the plugins: what `bestand plugin install` has put there. Default `plugins`.
    #[schemars(with = "String", length(min = 1))]
    pub dir: PathBuf,
    /// Whether library files in that folder and packages without a signature run too. Default `false`: whoever can put
    /// a file there could otherwise run code here. For trying things out. Such a library is asked which adapter it
    /// holds even when that is not enabled; that happens in a sandbox.
    pub allow_unsigned: bool,
    /// What to do on a system that cannot confine plugins as it should: with `required` no sandboxed adapter runs, with
    /// `best-effort` each runs confined as far as the system can. `bestand doctor` says what it can. Default
    /// `required`.
    pub sandbox: Confined,
    /// How much memory the process of a sandboxed adapter may map, in MiB; 64 to 65536. Default 1024.
    #[schemars(range(min = 64, max = 65536))]
    pub memory_mib: u64,
}

/// What to do where plugins cannot be confined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("type" = "string"))]
pub enum Confined {
    /// Run no sandboxed adapter.
    #[default]
    Required,
    /// Run them confined as far as the system can.
    BestEffort,
}

// === impl Plugins ===

impl Plugins {
    /// How workers are made.
    #[must_use]
    pub fn workers(&self) -> Workers {
        Workers {
            memory_bytes_max: self.memory_mib << 20,
            must_be_confined: self.sandbox == Confined::Required,
            ..Workers::default()
        }
    }
}

impl Default for Plugins {
    fn default() -> Self {
        Self {
            dir: "plugins".into(),
            allow_unsigned: false,
            sandbox: Confined::default(),
            memory_mib: 1024,
        }
    }
}

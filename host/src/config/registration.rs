//! `[[registration]]`: the partners that may register themselves, and where each is asked for levels then.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A partner that may register itself. It brings its credentials; all else of its connection is said here.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["api_code", "name", "adapter"]))]
pub struct Registration {
    /// What the partner calls itself when it registers, its `apiCode`; the same in any case, each once.
    #[serde(default, deserialize_with = "in_small_letters")]
    #[schemars(length(min = 1, max = 64))]
    pub api_code: String,
    /// What people call the partner, and so its connection; a key that is made for the partner of this name may
    /// register it. At most 80 characters, each name once.
    #[serde(default)]
    #[schemars(length(min = 1, max = 80))]
    pub name: String,
    /// The adapter that asks the partner: one whose manifest says what becomes of the credentials.
    #[serde(default)]
    #[schemars(extend("format" = "adapter-id"))]
    pub adapter: String,
    /// What the adapter asks for, but for secrets: where the partner's system is, above all. A connection that is
    /// there already keeps its own.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// Whether the connection may speak to addresses of the own network. Default `false`.
    #[serde(default)]
    pub allow_private_network: bool,
}

fn in_small_letters<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let written = String::deserialize(deserializer)?;
    Ok(written.to_lowercase())
}

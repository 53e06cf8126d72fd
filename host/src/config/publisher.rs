//! `[[publisher]]`: whose plugins are trusted, and for which adapters.

use schemars::JsonSchema;
use serde::Deserialize;

/// Somebody whose signature makes a plugin trusted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["name", "keys", "allow"]))]
pub struct Publisher {
    /// What the operator calls them; at most 100 characters, each name once.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    pub name: String,
    /// Their minisign public keys; two while one replaces the other.
    #[serde(default)]
    #[schemars(length(min = 1), extend("items" = { "type": "string", "format": "minisign-key" }))]
    pub keys: Vec<String>,
    /// The adapters they may sign: ids, in which `*` stands for any characters.
    #[serde(default)]
    #[schemars(length(min = 1), extend("items" = { "type": "string", "format": "adapter-pattern" }))]
    pub allow: Vec<String>,
}

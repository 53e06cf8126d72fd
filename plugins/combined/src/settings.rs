//! What the operator may set.

use bestand_plugin_api::sources::SOURCES_MAX;
use bestand_plugin_api::{AdapterError, Result, SourceId};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which sources are one, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The inventory sources that are to be one, at most 16. Where one stands in for another, in the order in which they
    /// are asked.
    #[schemars(title = "Inventory sources", length(min = 1, max = SOURCES_MAX))]
    pub sources: Vec<SourceId>,
    /// Whether they are added up or stand in for each other.
    #[schemars(title = "How they are one")]
    pub mode: Mode,
    /// When adding up: an article has no count unless every source says one. Without this the known part is told, with
    /// what is missing of it.
    #[serde(default = "yes")]
    #[schemars(title = "Every source must say a count")]
    pub require_all: bool,
    /// When standing in: the next source is asked when the number of this one is older than its own settings allow.
    #[serde(default = "yes")]
    #[schemars(title = "Go on when stale")]
    pub go_on_when_stale: bool,
    /// When standing in: the next source is asked when the connection of this one does not work. One that says no count
    /// never answers.
    #[serde(default = "yes")]
    #[schemars(title = "Go on when down")]
    pub go_on_when_down: bool,
    /// When standing in: the next source is asked when this one has fewer than are needed. If none has enough, the one
    /// with the most answers; so it is in lists, where nobody says how many are needed.
    #[serde(default = "yes")]
    #[schemars(title = "Go on when short")]
    pub go_on_when_short: bool,
}

/// How several sources are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// What they have is added up.
    Sum,
    /// The first one answers, or else the next.
    Fallback,
}

// === impl Settings ===

impl Settings {
    /// What a schema cannot say.
    pub(crate) fn check(&self) -> Result<()> {
        let is_twice = |(position, id): (usize, &SourceId)| self.sources[..position].contains(id);
        if self.sources.iter().enumerate().any(is_twice) {
            let message = "an inventory source is named twice; take one of the two out";
            return Err(AdapterError::config("sources", message));
        }
        if self.sources.is_empty() || self.sources.len() > SOURCES_MAX {
            let message = format!("there must be 1 to {SOURCES_MAX} inventory sources");
            return Err(AdapterError::config("sources", message));
        }
        Ok(())
    }
}

fn yes() -> bool {
    true
}

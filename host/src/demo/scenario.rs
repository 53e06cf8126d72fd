//! What the simulated systems say of themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::secret::SecretText;

/// One line of JSON, as `bestand-upstreams demo` prints it.
#[derive(Debug, Deserialize)]
pub(super) struct Scenario {
    /// Plugin libraries, by file name.
    pub(super) plugins: Vec<String>,
    /// Connections to make.
    pub(super) connections: Vec<Connection>,
    /// Ship-from locations to make, and the source of each.
    pub(super) ship_from_locations: Vec<ShipFrom>,
    /// Stock to be written through a connection.
    pub(super) stock: Vec<WrittenStock>,
    /// Orders as NDJSON, unless somebody brings their own.
    pub(super) orders: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Connection {
    pub(super) name: String,
    pub(super) adapter: String,
    pub(super) settings: Value,
    pub(super) secrets: BTreeMap<String, SecretText>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ShipFrom {
    pub(super) name: String,
    pub(super) address: String,
    /// The connection of its source.
    pub(super) connection: String,
    /// The name of its source; empty for the only one.
    pub(super) source: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct WrittenStock {
    pub(super) connection: String,
    /// SKU and how many.
    pub(super) levels: Vec<(String, i64)>,
}

// === impl Scenario ===

impl Scenario {
    /// The adapters that its connections need.
    pub(super) fn adapters(&self) -> BTreeSet<&str> {
        self.connections
            .iter()
            .map(|connection| connection.adapter.as_str())
            .collect()
    }
}

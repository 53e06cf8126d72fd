//! What an adapter says of itself before it has done anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Idempotency;

/// An adapter's description: who made it, what it needs, what its numbers mean.
///
/// Made by [`Adapter::manifest`](crate::Adapter::manifest); capabilities, settings schema and contract version are
/// filled in by [`export_adapter!`](crate::export_adapter).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Manifest {
    /// Lower case letters, digits and `-`; never changes once published.
    pub id: String,
    /// What people call it; the heading of its sources.
    pub name: String,
    /// The adapter's own version, semver.
    pub version: String,
    /// The version of the contract it was built with.
    #[serde(default)]
    pub contract: String,
    /// Who ships it.
    #[serde(default)]
    pub publisher: String,
    /// One sentence for the operator.
    #[serde(default)]
    pub description: String,
    /// Whether its sources stand under the installation's own heading.
    #[serde(default)]
    pub built_in: bool,
    /// What it can do.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// JSON Schema of its settings.
    #[serde(default)]
    pub settings_schema: serde_json::Value,
    /// The secrets it may name.
    #[serde(default)]
    pub secrets: Vec<SecretSpec>,
    /// The hosts it may speak to: `api.example.com`, `*.example.com`, or `{base_url}` for the host of that setting.
    #[serde(default)]
    pub outbound: Vec<String>,
    /// The rate limits of the system it speaks to.
    #[serde(default)]
    pub buckets: Vec<RateBucket>,
    /// What its numbers mean.
    #[serde(default)]
    pub semantics: Semantics,
    /// An SVG of at most 16 KiB.
    #[serde(default)]
    pub icon: Option<String>,
    /// Whom staff and operators ask.
    #[serde(default)]
    pub support: Support,
}

/// Something an adapter can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Capability {
    /// [`StockListing`](crate::StockListing).
    StockListing,
    /// [`StockBySku`](crate::StockBySku).
    StockBySku {
        /// How many SKUs a call may name.
        max_batch: usize,
    },
    /// [`StockChanges`](crate::StockChanges).
    StockChanges {
        /// What the changes miss, for the operator; empty when they are complete.
        #[serde(default)]
        misses: String,
    },
    /// [`Inbound`](crate::Inbound).
    Inbound,
    /// [`StockWrites`](crate::StockWrites).
    StockWrites {
        /// How many operations a call may carry.
        max_batch: usize,
        /// What keeps a repeat from counting twice.
        idempotency: Idempotency,
    },
    /// [`LocationWrites`](crate::LocationWrites).
    LocationWrites,
    /// One that a newer contract knows and this one does not.
    #[serde(other)]
    Unknown,
}

/// A secret an adapter may name but never sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecretSpec {
    /// The name used in [`Auth`](crate::http::Auth).
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Where to find it in the partner's system.
    #[serde(default)]
    pub help: String,
    /// Whether a connection works without it.
    #[serde(default)]
    pub optional: bool,
}

/// One of a system's rate limits; a request counts against every bucket it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateBucket {
    /// The name requests use.
    pub name: String,
    /// Requests per window.
    pub capacity: u32,
    /// Length of the window in milliseconds.
    pub window_ms: u64,
}

/// What an adapter's numbers mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Semantics {
    /// How `available` comes about, in words an operator can check.
    #[serde(default)]
    pub available: String,
    /// What it means when a complete listing does not name a SKU.
    #[serde(default)]
    pub absent: Absent,
}

/// What it means when a complete listing does not name a SKU that was there before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absent {
    /// Nothing is known of it any more.
    #[default]
    Unknown,
    /// There is none of it.
    Zero,
    /// The article is not stocked at that place.
    NotStocked,
}

/// Whom to ask when the heading is missing or the numbers are wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// A person or team.
    #[serde(default)]
    pub name: String,
    /// A help page.
    #[serde(default)]
    pub url: String,
    /// An address that is read.
    #[serde(default)]
    pub email: String,
    /// What to check in the partner's system before asking.
    #[serde(default)]
    pub checks: Vec<String>,
}

// === impl Manifest ===

impl Manifest {
    /// A manifest with nothing but a name; set the rest on its public fields.
    #[must_use]
    pub fn new(id: &str, name: &str, version: &str) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            version: version.into(),
            contract: crate::CONTRACT.into(),
            publisher: String::new(),
            description: String::new(),
            built_in: false,
            capabilities: Vec::new(),
            settings_schema: serde_json::Value::Null,
            secrets: Vec::new(),
            outbound: Vec::new(),
            buckets: Vec::new(),
            semantics: Semantics::default(),
            icon: None,
            support: Support::default(),
        }
    }

    /// The schema of a whole connection form: the settings, and every secret as a write-only string.
    #[must_use]
    pub fn form_schema(&self) -> serde_json::Value {
        let mut schema = self.settings_schema.clone();
        for secret in &self.secrets {
            schema["properties"][&secret.name] = serde_json::json!({
                "type": "string", "title": secret.label, "description": secret.help,
                "writeOnly": true, "format": "password", "x-secret": true,
            });
        }
        schema
    }

    /// How many SKUs one by-SKU call may name, when the adapter answers such calls.
    #[must_use]
    pub fn by_sku_batch(&self) -> Option<usize> {
        self.capabilities
            .iter()
            .find_map(|capability| match capability {
                Capability::StockBySku { max_batch } => Some(*max_batch),
                _ => None,
            })
    }
}

// === impl SecretSpec ===

impl SecretSpec {
    /// A secret that a connection needs.
    #[must_use]
    pub fn required(name: &str, label: &str, help: &str) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: help.into(),
            optional: false,
        }
    }

    /// A secret that a connection may do without.
    #[must_use]
    pub fn optional(name: &str, label: &str, help: &str) -> Self {
        Self {
            optional: true,
            ..Self::required(name, label, help)
        }
    }
}

// === impl RateBucket ===

impl RateBucket {
    /// `capacity` requests per `window`.
    #[must_use]
    pub fn new(name: &str, capacity: u32, window: std::time::Duration) -> Self {
        Self {
            name: name.into(),
            capacity,
            window_ms: u64::try_from(window.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

//! What an adapter says of itself before it has done anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Condition, Idempotency};

mod named_sources;
mod registration;
mod rules;

pub use registration::Registration;

/// An adapter's description: who made it, what it needs, what its numbers mean.
///
/// Made by [`Adapter::manifest`](crate::Adapter::manifest); capabilities, settings schema and contract version are
/// filled in by [`export_adapter!`](crate::export_adapter). The host refuses one with [`problems`](Self::problems);
/// `testing::check_manifest` finds them, and what else a partner would regret, in an adapter's own tests.
///
/// ```
/// use std::time::Duration;
/// use bestand_plugin_api::*;
///
/// let mut manifest = Manifest::new("acme-shelf", "Acme Shelf", "1.2.0");
/// manifest.secrets = vec![SecretSpec::required("api_key", "API key", "Acme › Settings › API")];
/// manifest.outbound = vec!["api.shelf.example".into()];
/// manifest.buckets = vec![RateBucket::new("reads", 120, Duration::from_secs(60))];
/// manifest.semantics = Semantics::new("there − promised", Absent::Zero);
/// manifest.support = Support::email("help@acme.example").with_check("The key is not revoked.");
/// assert!(manifest.problems().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Manifest {
    /// 1 to 64 lower case letters, digits or `-`; never changes once published.
    pub id: String,
    /// What people call it; the heading of its sources. At most 100 characters.
    pub name: String,
    /// The adapter's own version, semver: `1.2.0`.
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
    /// What becomes of the credentials of a partner that registers itself; none where no partner can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
    /// The hosts it may speak to, at any port: `api.example.com`, `*.example.com` for all below, or `{base_url}` for
    /// the host of the URL in that setting.
    #[serde(default)]
    pub outbound: Vec<String>,
    /// The rate limits of the system it speaks to.
    #[serde(default)]
    pub buckets: Vec<RateBucket>,
    /// What its numbers mean.
    #[serde(default)]
    pub semantics: Semantics,
    /// The conditions of goods that it keeps apart, where it does; an operation that names another is not sent to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// An SVG of at most 16 KiB, as text.
    #[serde(default)]
    pub icon: Option<String>,
    /// Whom staff and operators ask.
    #[serde(default)]
    pub support: Support,
}

/// Something an adapter can do; declared by [`export_adapter!`](crate::export_adapter), never by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Capability {
    /// [`StockListing`](crate::StockListing).
    StockListing,
    /// [`StockBySku`](crate::StockBySku).
    #[non_exhaustive]
    StockBySku {
        /// How many SKUs a call may name.
        max_batch: usize,
    },
    /// [`StockChanges`](crate::StockChanges).
    #[non_exhaustive]
    StockChanges {
        /// What the changes miss, for the operator; empty when they are complete.
        #[serde(default)]
        misses: String,
    },
    /// [`Inbound`](crate::Inbound).
    Inbound,
    /// [`StockWrites`](crate::StockWrites).
    #[non_exhaustive]
    StockWrites {
        /// How many operations a call may carry.
        max_batch: usize,
        /// What keeps a repeat from counting twice.
        idempotency: Idempotency,
    },
    /// [`LocationWrites`](crate::LocationWrites).
    LocationWrites,
    /// [`StockPushes`](crate::StockPushes).
    StockPushes,
    /// [`SourceReads`](crate::SourceReads): the connections' settings say which.
    SourceReads,
    /// [`StockLedger`](crate::StockLedger).
    StockLedger,
    /// One that a newer contract knows and this one does not.
    #[serde(other)]
    Unknown,
}

/// A secret an adapter may name but never sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SecretSpec {
    /// The name used in [`Auth`](crate::http::Auth) and in the config file: 1 to 64 lower case letters, digits or `_`.
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
///
/// The host counts, per connection, and makes requests wait; a part of every bucket is kept for orders' queries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateBucket {
    /// The name requests use.
    pub name: String,
    /// Requests per window; at least one.
    pub capacity: u32,
    /// Length of the window in milliseconds; at least one.
    pub window_ms: u64,
}

/// What an adapter's numbers mean.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
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
#[non_exhaustive]
pub enum Absent {
    /// There is none of it.
    Zero,
    /// The article is not stocked at that place.
    NotStocked,
    /// Nothing is known of it any more; so with a meaning that only a newer contract knows.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whom to ask when the heading is missing or the numbers are wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
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
            registration: None,
            outbound: Vec::new(),
            buckets: Vec::new(),
            semantics: Semantics::default(),
            conditions: Vec::new(),
            icon: None,
            support: Support::default(),
        }
    }

    /// The schema of a whole connection form: the settings, and every secret as a write-only string.
    #[must_use]
    pub fn form_schema(&self) -> serde_json::Value {
        // What comes from a plugin may be anything; a form is made of an object or of nothing.
        let mut schema = match &self.settings_schema {
            serde_json::Value::Object(schema) => schema.clone().into(),
            _ => serde_json::json!({ "type": "object" }),
        };
        if !schema["properties"].is_object() {
            schema["properties"] = serde_json::json!({});
        }
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

    /// Whether its levels are pushed to the daemon's own API, and neither listed nor asked for.
    #[must_use]
    pub fn takes_pushes(&self) -> bool {
        self.capabilities.contains(&Capability::StockPushes)
    }

    /// How many operations one write may carry, when the adapter writes.
    #[must_use]
    pub fn write_batch(&self) -> Option<usize> {
        self.capabilities
            .iter()
            .find_map(|capability| match capability {
                Capability::StockWrites { max_batch, .. } => Some(*max_batch),
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

// === impl Semantics ===

impl Semantics {
    /// How `available` comes about, and what the absence of a SKU means.
    #[must_use]
    pub fn new(available: impl Into<String>, absent: Absent) -> Self {
        Self {
            available: available.into(),
            absent,
        }
    }
}

// === impl Support ===

impl Support {
    /// A person or team, or whoever else is asked.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// An address that is read.
    #[must_use]
    pub fn email(email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            ..Self::default()
        }
    }

    /// The same with a help page.
    #[must_use]
    pub fn with_url(self, url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ..self
        }
    }

    /// The same with one thing more to check in the partner's system before asking.
    #[must_use]
    pub fn with_check(mut self, check: impl Into<String>) -> Self {
        self.checks.push(check.into());
        self
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

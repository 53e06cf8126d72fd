//! `[[connection]]`: the connections that are kept in the config.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::check::Check;
use super::duration;
use super::key_path::KeyPath;
use super::problem::Problem;
use super::secret_source::SecretSource;
use crate::secret::SecretText;

/// A connection to one account of one system.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// What people call it; each name once.
    pub name: String,
    /// The adapter's id. Whether there is such an adapter shows when the plugins are loaded.
    pub adapter: String,
    /// What the adapter's manifest asks for; checked against its schema when it is loaded.
    pub settings: Map<String, Value>,
    /// By the names the manifest gives them. One that cannot be read stops this connection and no other.
    pub secrets: BTreeMap<String, Result<SecretText, Problem>>,
    /// Whether it rests.
    pub paused: bool,
    /// Whether it may speak to addresses of the own network.
    pub allow_private_network: bool,
    /// Instead of `sync.interval_secs`.
    pub sync_interval: Option<Duration>,
    /// Instead of `sync.reconcile_secs`.
    pub reconcile: Option<Duration>,
}

/// A connection as it is written.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["name", "adapter"]))]
pub(super) struct ConnectionSection {
    /// What people call it; at most 100 characters, each name once. A new name is a new connection.
    #[serde(default)]
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// The adapter's id.
    #[serde(default)]
    #[schemars(extend("format" = "adapter-id"))]
    adapter: String,
    /// What the adapter asks for, but for secrets.
    #[serde(default)]
    settings: Map<String, Value>,
    /// Where each secret is kept, by the name the adapter gives it.
    #[serde(default)]
    secrets: BTreeMap<String, SecretSource>,
    /// Whether it rests: what is known stays, nothing is asked. Default `false`.
    #[serde(default)]
    paused: bool,
    /// Whether it may speak to addresses of the own network. Default `false`: settings that come from elsewhere could
    /// otherwise be used to reach into it.
    #[serde(default)]
    allow_private_network: bool,
    /// Instead of `sync.interval_secs` for this connection, in seconds; from 10 to 86,400.
    #[serde(
        default,
        rename = "sync_interval_secs",
        deserialize_with = "duration::optional_secs"
    )]
    #[schemars(with = "Option<u64>", range(min = 10, max = 86_400))]
    sync_interval: Option<Duration>,
    /// Instead of `sync.reconcile_secs` for this connection, in seconds: what its changes miss is wrong for so long at
    /// most. From 60 to 2,592,000, as more often no system is listed in full, and after a month nobody knows what was
    /// missed; not below the time from one of its syncs to the next.
    #[serde(
        default,
        rename = "reconcile_secs",
        deserialize_with = "duration::optional_secs"
    )]
    #[schemars(with = "Option<u64>", range(min = 60, max = 2_592_000))]
    reconcile: Option<Duration>,
}

// === impl ConnectionSection ===

impl ConnectionSection {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// `at` is the place of the connection in the config; `interval` is what others sync by.
    pub(super) fn check(
        self,
        at: &KeyPath,
        interval: Duration,
        check: &mut Check<'_>,
    ) -> Connection {
        let interval = self.sync_interval.unwrap_or(interval);
        if self.reconcile.is_some_and(|reconcile| reconcile < interval) {
            let secs = interval.as_secs();
            let why = format!("must not be below the {secs} s from one sync to the next");
            check.refuse(&at.then("reconcile_secs"), why);
        }
        let at = at.then("secrets");
        let secrets = self.secrets.into_iter().filter_map(|(name, source)| {
            let secret = read(&source, &at.then(&name), check)?;
            Some((name, secret))
        });
        Connection {
            secrets: secrets.collect(),
            name: self.name,
            adapter: self.adapter,
            settings: self.settings,
            paused: self.paused,
            allow_private_network: self.allow_private_network,
            sync_interval: self.sync_interval,
            reconcile: self.reconcile,
        }
    }
}

fn read(
    source: &SecretSource,
    at: &KeyPath,
    check: &mut Check<'_>,
) -> Option<Result<SecretText, Problem>> {
    let found = source.read(at, check)?;
    Some(found.map_err(|why| check.problem(at, why)))
}

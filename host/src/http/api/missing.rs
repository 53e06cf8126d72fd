//! Headings that could be in the list of sources and are not: why, what to do, whom to ask.

use std::collections::{BTreeMap, BTreeSet};

use bestand_plugin_api::Support;
use serde::Serialize;
use utoipa::ToSchema;

use super::inventory_sources::heading;
use crate::connection::Connection;
use crate::connection::trouble::Trouble;
use crate::daemon::Parts;
use crate::plugin::NoAdapter;
use crate::source::{InventorySource, Owner};

/// A heading that could be in the list of sources and is not.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::http) struct Missing {
    /// What would stand above the sources.
    pub(in crate::http) heading: String,
    /// The adapter they would come from.
    pub(in crate::http) adapter: String,
    /// Why there are none.
    pub(in crate::http) reason: String,
    /// What to do about it.
    pub(in crate::http) advice: String,
    /// Both by their kind, for pages.
    #[serde(skip)]
    pub(in crate::http) why: WhyMissing,
    /// What to check in the other system before asking.
    pub(in crate::http) checks: Vec<String>,
    /// Whom to ask.
    #[schema(value_type = Option<Object>)]
    pub(in crate::http) support: Option<Support>,
}

/// Why there are no sources under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) enum WhyMissing {
    /// The adapter does not run.
    NoAdapter(NoAdapter),
    /// Nothing is connected through it.
    NotConnected,
    /// A connection through it does not work.
    Connection {
        /// What people call the connection.
        name: String,
        /// What is wrong with it.
        trouble: Trouble,
    },
    /// All is well, and its system names no place.
    NoPlaceNamed,
}

/// The headings without sources: of adapters that are enabled, and of those that connections use.
pub(super) fn headings(
    parts: &Parts,
    connections: &[Connection],
    sources: &[(Owner, InventorySource)],
) -> Vec<Missing> {
    let there: BTreeSet<&str> = sources
        .iter()
        .map(|(owner, _)| owner.adapter.as_str())
        .collect();
    let mut expected: BTreeMap<&str, Vec<&Connection>> = BTreeMap::new();
    for adapter in parts
        .config
        .adapters
        .iter()
        .filter(|adapter| adapter.enabled)
    {
        expected.entry(&adapter.id).or_default();
    }
    for connection in connections {
        expected
            .entry(&connection.adapter)
            .or_default()
            .push(connection);
    }
    expected.retain(|adapter, _| !there.contains(adapter));
    let explain = |(adapter, connections): (&str, Vec<_>)| explain(parts, adapter, &connections);
    expected.into_iter().map(explain).collect()
}

fn explain(parts: &Parts, adapter: &str, connections: &[&Connection]) -> Missing {
    let directory = parts.connections.directory();
    let support = directory
        .adapter(adapter)
        .map(|adapter| adapter.manifest().support.clone());
    let why = match connections {
        _ if support.is_none() => WhyMissing::NoAdapter(directory.why_missing(adapter)),
        [] => WhyMissing::NotConnected,
        connections => why_no_sources(parts, connections),
    };
    Missing {
        heading: heading(parts, &Owner::adapter(adapter)).text,
        adapter: adapter.to_owned(),
        reason: why.reason(adapter),
        advice: why.advice(),
        why,
        checks: support
            .as_ref()
            .map(|support| support.checks.clone())
            .unwrap_or_default(),
        support,
    }
}

/// The first connection in trouble tells; without any, the system itself has not named a place.
fn why_no_sources(parts: &Parts, connections: &[&Connection]) -> WhyMissing {
    let trouble = |connection: &&Connection| {
        let status = parts.connections.status(connection.id)?;
        Some(WhyMissing::Connection {
            name: connection.name.clone(),
            trouble: status.state.trouble()?,
        })
    };
    let found = connections.iter().find_map(trouble);
    found.unwrap_or(WhyMissing::NoPlaceNamed)
}

// === impl WhyMissing ===

impl WhyMissing {
    fn reason(&self, adapter: &str) -> String {
        match self {
            Self::NoAdapter(_) => format!("adapter `{adapter}` does not run"),
            Self::NotConnected => "nothing is connected through this adapter".into(),
            Self::Connection { name, trouble } => {
                format!("connection `{name}`: {}", trouble.reason)
            }
            Self::NoPlaceNamed => "its system has not named a place that holds stock yet".into(),
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::NoAdapter(why) => why.to_string(),
            Self::NotConnected => {
                "make a connection with the credentials of the other system".into()
            }
            Self::Connection { trouble, .. } => trouble.advice.to_string(),
            Self::NoPlaceNamed => {
                "wait for the connection to be ready; then check in the other system that the account may see locations"
                    .into()
            }
        }
    }
}

//! Headings that could be in the list of sources and are not: why, what to do, whom to ask.

use std::collections::{BTreeMap, BTreeSet};

use bestand_plugin_api::Support;
use serde::Serialize;
use utoipa::ToSchema;

use super::inventory_sources::heading;
use crate::connection::Connection;
use crate::connection::trouble::Trouble;
use crate::daemon::Parts;
use crate::id::ConnectionId;
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
    /// No partner has pushed anything to it.
    NothingPushed,
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

/// The headings without sources, of adapters that are enabled and of those that connections use; and those whose sources
/// lack what a connection in trouble would bring.
pub(super) fn headings(
    parts: &Parts,
    connections: &[Connection],
    sources: &[(Owner, InventorySource)],
) -> Vec<Missing> {
    let there: BTreeSet<&str> = sources
        .iter()
        .map(|(owner, _)| owner.adapter.as_str())
        .collect();
    let with_sources: BTreeSet<ConnectionId> = sources
        .iter()
        .map(|(_, source)| source.connection_id)
        .collect();
    let mut expected: BTreeMap<&str, Vec<&Connection>> = BTreeMap::new();
    let enabled = parts
        .config
        .adapters
        .iter()
        .filter(|adapter| adapter.enabled);
    for adapter in enabled.filter(|adapter| !there.contains(adapter.id.as_str())) {
        expected.entry(&adapter.id).or_default();
    }
    let without_sources = connections.iter().filter(|connection| {
        !with_sources.contains(&connection.id)
            && (!there.contains(connection.adapter.as_str()) || is_in_trouble(parts, connection))
    });
    for connection in without_sources {
        expected
            .entry(&connection.adapter)
            .or_default()
            .push(connection);
    }
    let explain = |(adapter, connections): (&str, Vec<_>)| explain(parts, adapter, &connections);
    expected.into_iter().map(explain).collect()
}

fn is_in_trouble(parts: &Parts, connection: &Connection) -> bool {
    let status = parts.connections.status(connection.id);
    status.is_some_and(|status| status.state.trouble().is_some())
}

fn explain(parts: &Parts, adapter: &str, connections: &[&Connection]) -> Missing {
    let directory = parts.connections.directory();
    let manifest = directory.adapter(adapter).map(|adapter| adapter.manifest());
    let why = match (manifest, connections) {
        (None, _) => WhyMissing::NoAdapter(directory.why_missing(adapter)),
        (Some(manifest), []) if manifest.takes_pushes() => WhyMissing::NothingPushed,
        (_, []) => WhyMissing::NotConnected,
        (_, connections) => why_no_sources(parts, connections),
    };
    let support = manifest.map(|manifest| manifest.support.clone());
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
            Self::NothingPushed => "no partner has pushed anything yet".into(),
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
            Self::NothingPushed => {
                "make an API key with the role `partner` for the partner, and enter it in its system".into()
            }
            Self::Connection { trouble, .. } => trouble.advice.to_string(),
            Self::NoPlaceNamed => {
                "wait for the connection to be ready; then check in the other system that the account may see locations"
                    .into()
            }
        }
    }
}

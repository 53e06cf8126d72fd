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

/// The headings without sources, of adapters that are enabled and of whoever has connections; and those whose sources
/// lack what a connection in trouble would bring. Those that `may_see` allows.
pub(super) fn headings(
    parts: &Parts,
    connections: &[Connection],
    sources: &[(Owner, InventorySource)],
    may_see: impl Fn(&Owner) -> bool,
) -> Vec<Missing> {
    let there: BTreeSet<&Owner> = sources.iter().map(|(owner, _)| owner).collect();
    let with_sources: BTreeSet<ConnectionId> = sources
        .iter()
        .map(|(_, source)| source.connection_id)
        .collect();
    let mut expected: BTreeMap<Owner, Vec<&Connection>> = unused(parts, connections)
        .map(|adapter| (Owner::adapter(adapter), Vec::new()))
        .collect();
    let without_sources = connections
        .iter()
        .filter(|connection| !with_sources.contains(&connection.id));
    for connection in without_sources {
        let owner = connection.owner();
        if !there.contains(&owner) || is_in_trouble(parts, connection) {
            expected.entry(owner).or_default().push(connection);
        }
    }
    expected.retain(|owner, _| may_see(owner));
    let explain = |(owner, connections): (_, Vec<_>)| explain(parts, &owner, &connections);
    expected.into_iter().map(explain).collect()
}

/// Adapters that are enabled, and by which nothing is connected.
fn unused<'a>(
    parts: &'a Parts,
    connections: &[Connection],
) -> impl Iterator<Item = &'a str> + use<'a> {
    let used: BTreeSet<String> = connections
        .iter()
        .map(|connection| connection.adapter.clone())
        .collect();
    let adapters = parts.config.adapters.iter();
    let enabled = adapters.filter(|adapter| adapter.enabled);
    enabled
        .map(|adapter| adapter.id.as_str())
        .filter(move |adapter| !used.contains(*adapter))
}

fn is_in_trouble(parts: &Parts, connection: &Connection) -> bool {
    let status = parts.connections.status(connection.id);
    status.is_some_and(|status| status.state.trouble().is_some())
}

fn explain(parts: &Parts, owner: &Owner, connections: &[&Connection]) -> Missing {
    let adapter = &owner.adapter;
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
        heading: heading(parts, owner).text,
        adapter: adapter.clone(),
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

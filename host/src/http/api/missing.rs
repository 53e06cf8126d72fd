//! Headings that could be in the list of sources and are not: why, what to do, whom to ask.

use std::collections::{BTreeMap, BTreeSet};

use bestand_plugin_api::Support;
use serde::Serialize;
use utoipa::ToSchema;

use super::inventory_sources::heading;
use crate::connection::Connection;
use crate::daemon::Parts;
use crate::source::InventorySource;

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
    /// What to check in the other system before asking.
    pub(in crate::http) checks: Vec<String>,
    /// Whom to ask.
    #[schema(value_type = Option<Object>)]
    pub(in crate::http) support: Option<Support>,
}

/// The headings without sources: of adapters that are enabled, and of those that connections use.
pub(super) fn headings(
    parts: &Parts,
    connections: &[Connection],
    sources: &[(String, InventorySource)],
) -> Vec<Missing> {
    let there: BTreeSet<&str> = sources
        .iter()
        .map(|(adapter, _)| adapter.as_str())
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
    let (reason, advice) = match connections {
        _ if support.is_none() => (
            format!("adapter `{adapter}` does not run"),
            directory.why_missing(adapter),
        ),
        [] => (
            "nothing is connected through this adapter".into(),
            "make a connection with the credentials of the other system".into(),
        ),
        connections => why_no_sources(parts, connections),
    };
    Missing {
        heading: heading(parts, adapter).text,
        adapter: adapter.to_owned(),
        reason,
        advice,
        checks: support
            .as_ref()
            .map(|support| support.checks.clone())
            .unwrap_or_default(),
        support,
    }
}

/// The first connection in trouble tells; without any, the system itself has not named a place.
fn why_no_sources(parts: &Parts, connections: &[&Connection]) -> (String, String) {
    let trouble = |connection: &&Connection| {
        let status = parts.connections.status(connection.id)?;
        let (reason, advice) = status.state.trouble()?;
        Some((
            format!("connection `{}`: {reason}", connection.name),
            advice,
        ))
    };
    connections.iter().find_map(trouble).unwrap_or_else(|| {
        (
            "its system has not named a place that holds stock yet".into(),
            "wait for the connection to be ready; then check in the other system that the account may see locations"
                .into(),
        )
    })
}

//! One glance for a wall screen: how orders stand, and what is not well.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::explain;
use super::explain::told::Told;
use super::inventory_sources::shown::{Heading, headings};
use super::moment::When;
use super::page::{Page, Place, show};
use super::tone::Tone;
use super::visitor::Visitor;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::problem::Problem;
use crate::store;
use crate::verdict::Verdict;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    page: Page,
    figures: [Figure; 3],
    connections: Vec<Connection>,
    headings: Vec<Heading>,
    is_well: bool,
    /// When the figures were found.
    as_of: When,
}

/// How many orders have a verdict.
struct Figure {
    tone: Tone,
    count: String,
    path: String,
}

struct Connection {
    name: String,
    state: Tone,
    reason: Told,
    advice: String,
}

/// The page; it fetches itself anew.
pub(super) async fn page(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let account = visitor.account();
    let standing = parts.availability.standing(account).await?;
    let tally = standing.tally;
    let figure = |verdict, count| Figure::of(verdict, count, &visitor);
    let sources = api::inventory_sources::all(&parts, account, |_| true).await?;
    let connections = store::connection::list(&parts.db, account).await?;
    let connections: Vec<_> = connections
        .into_iter()
        .map(|connection| Connection::of(&parts, connection, &visitor))
        .collect();
    show(&StatusPage {
        page: Page::new(
            &parts,
            &visitor,
            Place::Status,
            visitor.text().say("status-title"),
        ),
        figures: [
            figure(Verdict::CanShip, tally.can_ship),
            figure(Verdict::Short, tally.short),
            figure(Verdict::Unknown, tally.unknown),
        ],
        is_well: connections
            .iter()
            .all(|connection| connection.reason.is_empty()),
        as_of: visitor.when(standing.as_of),
        connections,
        headings: headings(sources, &visitor).0,
    })
}

// === impl Figure ===

impl Figure {
    fn of(verdict: Verdict, count: u64, visitor: &Visitor) -> Self {
        Self {
            tone: Tone::verdict(verdict, visitor.text()),
            count: visitor.whole(count),
            path: format!("/orders?verdict={}", verdict.as_str()),
        }
    }
}

// === impl Connection ===

impl Connection {
    fn of(parts: &Parts, connection: crate::connection::Connection, visitor: &Visitor) -> Self {
        let status = parts.connections.status(connection.id);
        let state = status.as_ref().map(|status| &status.state);
        let trouble = state.and_then(|state| state.trouble());
        let stopped = || Tone::new(visitor.text().say("source-stopped"), "bad", "close");
        Self {
            name: connection.name,
            state: state.map_or_else(stopped, |state| Tone::connection(state, visitor.text())),
            reason: trouble
                .as_ref()
                .map(|trouble| explain::connection::reason(&trouble.reason, visitor.text()))
                .unwrap_or_default(),
            advice: trouble
                .map(|trouble| explain::connection::advice(&trouble.advice, visitor))
                .unwrap_or_default(),
        }
    }
}

//! Inventory sources: under their headings, with their health, and one by one with what lies there.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::{Sku, Timestamp};
use serde::Deserialize;

use super::address;
use super::address::with_query;
use super::form::Form;
use super::page::{Page, Place, show};
use super::part::Part;
use super::visitor::Visitor;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::{ChangeId, SourceId};
use crate::source::{Direction, InventorySource};
use crate::stock::Held;
use crate::store;
use crate::store::history::ChangeFilter;

pub(super) mod changes;
mod chart;
pub(super) mod drift;
mod history;
pub(super) mod ledger;
mod level;
pub(super) mod shown;
mod why;

use history::History;
use level::Level;
use shown::{Heading, MissingHeading, ShownSource, headings};
use why::Why;

/// Levels of one page.
const LEVELS: u32 = 50;
/// Changes of a level that are shown: enough for a chart to be read.
const CHANGES: u32 = 200;

#[derive(Template)]
#[template(path = "inventory_sources/list.html")]
struct ListPage {
    page: Page,
    headings: Vec<Heading>,
    missing: Vec<MissingHeading>,
}

#[derive(Template)]
#[template(path = "inventory_sources/details.html")]
struct DetailsPage {
    page: Page,
    source: ShownSource,
    count: String,
    sku: String,
    levels: Vec<Level>,
    /// The address of the next levels, if there are more.
    next: Option<String>,
    /// What the level that is searched for was put together from.
    parts: Vec<Part>,
    why: Option<Why>,
    /// The address of the ledger that its system tells, if it does.
    ledger: Option<String>,
    history: Option<History>,
}

/// What of a source is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LevelQuery {
    sku: String,
    after: String,
    /// The change before which the history is looked at; without it up to now.
    before: String,
}

/// What an operator decides about a source; an unticked box is not sent.
#[derive(Debug, Deserialize)]
pub(super) struct Decision {
    included: Option<String>,
    max_age_minutes: String,
    direction: Direction,
}

/// All of them.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let sources = api::inventory_sources::all(&parts, visitor.account(), |_| true).await?;
    let (headings, missing) = headings(sources, &visitor);
    let title = visitor.text().say("sources-title");
    show(&ListPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        headings,
        missing,
    })
}

/// One of them: its levels, and the history of the one that is searched for.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Query(query): Query<LevelQuery>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let searched = match Sku::new(&query.sku) {
        Ok(sku) => {
            let explanation = api::explanation::explain(&parts, &source, &sku).await?;
            Some((sku, explanation))
        }
        Err(_) => None,
    };
    let found = match &searched {
        Some((sku, explanation)) => vec![(sku.clone(), explanation.held())],
        None => some(&parts, &source, &query.after).await?,
    };
    let next = (searched.is_none() && found.len() >= LEVELS as usize)
        .then(|| found.last())
        .flatten();
    let history = match &searched {
        Some((sku, explanation)) => {
            let (before, stale_at) = (query.before.parse().ok(), explanation.stale_at);
            Some(history(&parts, &visitor, &source, sku, stale_at, before).await?)
        }
        None => None,
    };
    let status = parts.connections.status(source.connection_id);
    let explanation = searched.as_ref().map(|(_, explanation)| explanation);
    let shown = api::inventory_sources::shown(&parts, visitor.account(), source.clone()).await?;
    show(&DetailsPage {
        page: Page::new(
            &parts,
            &visitor,
            Place::InventorySources,
            source.name.clone(),
        ),
        source: ShownSource::of(shown, &visitor),
        count: visitor.whole(source.levels),
        levels: found
            .iter()
            .map(|(sku, held)| Level::of(id, sku, held, &parts, &source, &visitor))
            .collect(),
        parts: explanation
            .map(|explanation| Part::all(explanation.parts(), &visitor))
            .unwrap_or_default(),
        why: explanation.map(|explanation| Why::of(explanation, status.as_ref(), &visitor)),
        ledger: parts
            .connections
            .tells_ledger(source.connection_id)
            .then(|| {
                with_query(
                    &format!("/inventory-sources/{id}/ledger"),
                    [("sku", query.sku.as_str())],
                )
            }),
        sku: query.sku,
        next: next.map(|(sku, _)| address(id, "after", sku.as_str())),
        history,
    })
}

/// Decides about one of them.
pub(super) async fn change(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Form(decision): Form<Decision>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let decided = store::source::Decision {
        included: decision.included.is_some(),
        max_age_secs: decision.max_age_secs(&visitor)?,
        direction: Some(decision.direction),
    };
    api::inventory_sources::decide(&parts, &source, decided).await?;
    Ok(Redirect::to(&format!("/inventory-sources/{id}")).into_response())
}

/// The source of this id.
pub(super) async fn find(
    parts: &Parts,
    visitor: &Visitor,
    id: SourceId,
) -> Result<InventorySource, Problem> {
    let found = store::source::find(&parts.db, visitor.account(), id).await?;
    found.ok_or_else(|| Problem::for_visitor(Kind::NotFound, visitor.text().say("source-missing")))
}

type Found = Vec<(Sku, Option<Held>)>;

async fn some(parts: &Parts, source: &InventorySource, after: &str) -> Result<Found, Problem> {
    let after = Sku::new(after).ok();
    let levels = parts
        .book
        .page(source.account_id, source.id, after.as_ref(), LEVELS)
        .await?;
    Ok(levels
        .into_iter()
        .map(|(sku, held)| (sku, Some(held)))
        .collect())
}

async fn history(
    parts: &Parts,
    visitor: &Visitor,
    source: &InventorySource,
    sku: &Sku,
    stale_at: Option<Timestamp>,
    before: Option<ChangeId>,
) -> Result<History, Problem> {
    let (account, id, filter) = (source.account_id, source.id, ChangeFilter::of(sku));
    let changes = parts
        .book
        .history_page(account, id, &filter, before, CHANGES)
        .await?;
    // Older changes are a list only: the chart is that of the time up to now.
    let fresh_until = stale_at.filter(|_| before.is_none());
    let last = changes.last().filter(|_| changes.len() >= CHANGES as usize);
    let older = last.map(|last| {
        let last = last.id.to_string();
        let query = [("sku", sku.as_str()), ("before", &last)];
        address::with_query(&format!("/inventory-sources/{id}"), query)
    });
    Ok(History::of(&changes, fresh_until, older, visitor))
}

/// Where a source is looked at, with one thing said about its levels.
fn address(id: SourceId, name: &str, value: &str) -> String {
    address::with_query(&format!("/inventory-sources/{id}"), [(name, value)])
}

// === impl Decision ===

impl Decision {
    /// Empty for the installation's own.
    fn max_age_secs(&self, visitor: &Visitor) -> Result<Option<i64>, Problem> {
        /// A year.
        const MINUTES_MAX: i64 = 365 * 24 * 60;
        match self.max_age_minutes.trim() {
            "" => Ok(None),
            minutes => match minutes.parse() {
                Ok(minutes @ 1..=MINUTES_MAX) => Ok(Some(minutes * 60)),
                _ => Err(Problem::field_for_visitor(
                    "max_age_minutes",
                    visitor.text().say("source-max-age-invalid"),
                )),
            },
        }
    }
}

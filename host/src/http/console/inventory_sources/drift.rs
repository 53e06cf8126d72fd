//! Drift of a source: what its full listings found different from what was held, as a chart and as lists.

use std::fmt::Write;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::Quantity;
use serde::Deserialize;

use super::find;
use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::console::address;
use crate::http::console::form::Form;
use crate::http::console::moment::When;
use crate::http::console::page::{Page, Place, show};
use crate::http::console::visitor::Visitor;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::SourceId;
use crate::stock::drift::{Difference, DriftRun, DriftThreshold};
use crate::store;

/// Listings of one page: enough for a chart to be read.
const LISTINGS: u32 = 100;
/// Differences of one page, the largest.
const DIFFERENCES: u32 = 100;
/// The chart's size, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 160.0;
const MARGIN: f64 = 24.0;

#[derive(Template)]
#[template(path = "inventory_sources/drift.html")]
struct DriftPage {
    page: Page,
    /// Where the source itself is looked at.
    source: String,
    name: String,
    chart: Option<Chart>,
    listings: Vec<Listing>,
    /// When the listing began whose differences are shown.
    chosen: Option<When>,
    differences: Vec<Shown>,
    threshold: ThresholdDraft,
}

/// From when on drift is high, as a form has it: text, until it is checked; empty is no limit.
#[derive(Debug, Deserialize)]
pub(in crate::http::console) struct ThresholdDraft {
    percent: String,
    differing: String,
}

/// The share of levels that were not as held, over time.
struct Chart {
    path: String,
    most: String,
    from: When,
    to: When,
    summary: String,
}

/// What a listing found.
struct Listing {
    at: When,
    path: String,
    compared: String,
    differing: String,
    percent: String,
    total: String,
    largest: String,
    is_high: bool,
    is_complete: bool,
}

/// A level that was not as held.
struct Shown {
    sku: String,
    path: String,
    held: String,
    found: String,
    difference: String,
    since: When,
}

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct DriftQuery {
    /// The listing whose differences are shown; without it the newest.
    listing: String,
}

/// What its listings found.
pub(in crate::http::console) async fn drift(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Query(query): Query<DriftQuery>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let (db, account) = (&parts.db, source.account_id);
    let runs = store::drift::runs(db, account, id, None, LISTINGS).await?;
    let asked = query.listing.parse().ok();
    let chosen = runs.iter().find(|run| Some(run.sync_id) == asked);
    let chosen = chosen.or(runs.first());
    let differences = match chosen {
        Some(run) => store::drift::differences(db, account, id, run.sync_id, DIFFERENCES).await?,
        None => Vec::new(),
    };
    let threshold = store::drift::find_threshold(db.read(), account, id).await?;
    let title = visitor.text().name("drift-title", &source.name);
    show(&DriftPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        source: format!("/inventory-sources/{id}"),
        name: source.name,
        chart: Chart::of(&runs, &visitor),
        listings: runs
            .iter()
            .map(|run| Listing::of(id, run, &visitor))
            .collect(),
        chosen: chosen.map(|run| visitor.when(run.started_at)),
        differences: differences
            .iter()
            .map(|difference| Shown::of(id, difference, &visitor))
            .collect(),
        threshold: ThresholdDraft::of(threshold),
    })
}

/// Sets from when on it is high.
pub(in crate::http::console) async fn set_threshold(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Form(draft): Form<ThresholdDraft>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let threshold = draft.read(&visitor)?;
    store::drift::put_threshold(&parts.db, source.account_id, id, &threshold).await?;
    let changed = visitor.did(EventKind::SourceChanged, Subject::source(&source));
    parts.activity.note(changed);
    Ok(Redirect::to(&format!("/inventory-sources/{id}/drift")).into_response())
}

fn percent(percent: Quantity, visitor: &Visitor) -> String {
    let number = visitor.quantity(percent);
    visitor.text().with("percent", &[("number", number.into())])
}

// === impl ThresholdDraft ===

impl ThresholdDraft {
    fn of(threshold: DriftThreshold) -> Self {
        let percent = threshold.percent.map(|percent| percent.to_string());
        let differing = threshold.differing.map(|differing| differing.to_string());
        Self {
            percent: percent.unwrap_or_default(),
            differing: differing.unwrap_or_default(),
        }
    }

    fn read(&self, visitor: &Visitor) -> Result<DriftThreshold, Problem> {
        let wrong = |field: &str| {
            let sentence = visitor
                .text()
                .say(&format!("drift-threshold-{field}-invalid"));
            Problem::field_for_visitor(field, sentence)
        };
        let percent = self.percent.trim().replace(',', ".");
        let percent: Option<Quantity> = match percent.as_str() {
            "" => None,
            typed => Some(typed.parse().map_err(|_| wrong("percent"))?),
        };
        let differing: Option<u64> = match self.differing.trim() {
            "" => None,
            typed => Some(typed.parse().map_err(|_| wrong("differing"))?),
        };
        let threshold = DriftThreshold { percent, differing };
        match threshold.wrong_limit() {
            Some(field) => Err(wrong(field)),
            None => Ok(threshold),
        }
    }
}

// === impl Chart ===

impl Chart {
    /// Of listings, newest first; one makes no line.
    fn of(runs: &[DriftRun], visitor: &Visitor) -> Option<Self> {
        let complete = || runs.iter().rev().filter(|run| run.finished_at.is_some());
        let (first, last) = (complete().next()?, complete().next_back()?);
        if first == last {
            return None;
        }
        let most = complete().map(|run| run.tally.percent()).max()?;
        let span = last.started_at.since(first.started_at).as_secs_f64();
        let mut path = String::new();
        for (position, run) in complete().enumerate() {
            let across = run.started_at.since(first.started_at).as_secs_f64() / span.max(1.0);
            let up = run.tally.percent().to_f64() / most.to_f64().max(0.01);
            let _ = write!(
                path,
                "{}{:.1} {:.1}",
                if position == 0 { 'M' } else { 'L' },
                MARGIN + across * (WIDTH - 2.0 * MARGIN),
                HEIGHT - MARGIN - up * (HEIGHT - 2.0 * MARGIN),
            );
        }
        let [from, to] = [first, last].map(|run| visitor.when(run.started_at));
        let most = percent(most, visitor);
        let summary = visitor.text().with(
            "drift-chart-summary",
            &[
                ("most", most.as_str().into()),
                ("from", from.exact.as_str().into()),
                ("to", to.exact.as_str().into()),
            ],
        );
        Some(Self {
            path,
            most,
            from,
            to,
            summary,
        })
    }
}

// === impl Listing ===

impl Listing {
    fn of(source: SourceId, run: &DriftRun, visitor: &Visitor) -> Self {
        let (tally, listing) = (run.tally, run.sync_id.to_string());
        let page = format!("/inventory-sources/{source}/drift");
        Self {
            at: visitor.when(run.started_at),
            path: address::with_query(&page, [("listing", &*listing)]),
            compared: visitor.whole(tally.compared),
            differing: visitor.whole(tally.differing),
            percent: percent(tally.percent(), visitor),
            total: visitor.quantity(tally.total),
            largest: visitor.quantity(tally.largest),
            is_high: run.high,
            is_complete: run.finished_at.is_some(),
        }
    }
}

// === impl Shown ===

impl Shown {
    fn of(source: SourceId, difference: &Difference, visitor: &Visitor) -> Self {
        let sku = difference.sku.as_str();
        let page = format!("/inventory-sources/{source}");
        Self {
            sku: sku.to_owned(),
            path: address::with_query(&page, [("sku", sku)]),
            held: visitor.quantity_or_unknown(difference.held),
            found: visitor.quantity_or_unknown(difference.found),
            difference: visitor.quantity_or_unknown(difference.distance()),
            since: visitor.when(difference.since),
        }
    }
}

//! Low stock: what is at its threshold or below it, and the thresholds themselves.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::address;
use super::form::Form;
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::paging::Cursor;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::LowPlace;
use crate::store;

mod draft;
mod row;
mod shown_threshold;

use draft::{Draft, Extent};
use row::Row;
use shown_threshold::{ShownThreshold, shown};

/// Levels of one page.
const LEVELS: u32 = 50;

#[derive(Template)]
#[template(path = "low_stock/list.html")]
struct ListPage {
    page: Page,
    /// All of the account, for the filter and the form.
    sources: Vec<Choice>,
    /// The source that is looked at; empty for all.
    source: String,
    /// The address of what is shown, to be brought up to date.
    here: String,
    rows: Vec<Row>,
    /// The address of the next levels, if there are more.
    next: Option<String>,
    thresholds: Vec<ShownThreshold>,
    /// How many are set beyond those that are shown; empty for none.
    further: String,
}

/// A source that can be chosen.
struct Choice {
    id: String,
    name: String,
    is_chosen: bool,
}

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LowStockQuery {
    source: String,
    after: Option<Cursor<LowPlace>>,
    /// The article whose thresholds are looked for.
    sku: String,
}

/// What is low now, and the thresholds.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Query(query): Query<LowStockQuery>,
) -> Result<Response, Problem> {
    let account = visitor.account();
    let sources = api::low_stock::sources(&parts, account).await?;
    let chosen: Option<SourceId> = query.source.parse().ok();
    let of_source = Vec::from_iter(chosen.filter(|id| sources.contains_key(id)));
    let after = query.after.as_ref().map(|cursor| &cursor.0);
    let low = parts.book.low_stock(account, &of_source, after, LEVELS);
    let low = low.await?;
    let last = low.last().filter(|_| low.len() >= LEVELS as usize);
    let next = last.map(|last| Cursor(LowPlace::of(last)).to_string());
    let set = store::low_stock::list(&parts.db, account).await?;
    let (thresholds, further) = shown(set, &query.sku, &sources, &visitor);
    let row = |level| Row::of(level, &sources, &parts, &visitor);
    show(&ListPage {
        page: Page::new(
            &parts,
            &visitor,
            Place::LowStock,
            visitor.text().say("low-stock-title"),
        ),
        rows: low.iter().map(row).collect(),
        sources: choices(&sources, chosen),
        here: path(&query.source, query.after.as_ref().map(ToString::to_string)),
        next: next.map(|next| path(&query.source, Some(next))),
        source: query.source,
        thresholds,
        further,
    })
}

/// Sets a threshold.
pub(super) async fn set_threshold(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let threshold = draft.read(&visitor)?;
    api::low_stock_thresholds::put(&parts, visitor.account(), &threshold).await?;
    Ok(back())
}

/// Removes one.
pub(super) async fn remove_threshold(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Form(extent): Form<Extent>,
) -> Result<Response, Problem> {
    let (source, sku) = extent.read(&visitor)?;
    // One that is gone already is gone.
    store::low_stock::delete(&parts.db, visitor.account(), source, sku.as_ref()).await?;
    parts.book.forget_thresholds(visitor.account());
    Ok(back())
}

fn back() -> Response {
    Redirect::to("/low-stock").into_response()
}

fn path(source: &str, after: Option<String>) -> String {
    let after = after.unwrap_or_default();
    address::with_query("/low-stock", [("source", source), ("after", &after)])
}

/// By their names.
fn choices(sources: &HashMap<SourceId, InventorySource>, chosen: Option<SourceId>) -> Vec<Choice> {
    let choice = |source: &InventorySource| Choice {
        id: source.id.to_string(),
        name: source.name.clone(),
        is_chosen: Some(source.id) == chosen,
    };
    let mut all: Vec<Choice> = sources.values().map(choice).collect();
    all.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    all
}

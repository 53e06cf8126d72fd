//! The ledger of a source, as its own system tells it.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use bestand_plugin_api::{self as contract, LedgerEntry, LedgerLine, Quantity, Sku};
use serde::Deserialize;

use super::find;
use crate::connection::ledger::taken;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::console::address;
use crate::http::console::moment::When;
use crate::http::console::page::{Page, Place, show};
use crate::http::console::visitor::Visitor;
use crate::http::paging::Cursor;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::SourceId;
use crate::source::InventorySource;

#[derive(Template)]
#[template(path = "inventory_sources/ledger.html")]
struct LedgerPage {
    page: Page,
    source: InventorySource,
    sku: String,
    rows: Vec<Row>,
    /// The address of the next ones, if there are more.
    next: Option<String>,
    /// The address of all of it as a file.
    file: String,
}

/// One change.
struct Row {
    at: When,
    sku: String,
    path: String,
    kind: String,
    lines: Vec<Line>,
    reason: String,
    note: String,
    author: String,
    unit_cost: String,
}

/// What it came to at one place.
struct Line {
    place: String,
    /// How many more are on hand and are allocated.
    came_to: String,
    /// Condition and lot, where they are not plain.
    goods: String,
}

/// What is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::http::console) struct LedgerQuery {
    sku: String,
    after: Option<Cursor<String>>,
    /// `csv` for all of it as a file.
    format: String,
}

/// The changes that the system of a source has kept.
pub(in crate::http::console) async fn ledger(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Query(query): Query<LedgerQuery>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let after = query.after.map(|cursor| contract::Cursor(cursor.0));
    let sku = Sku::new(&query.sku).ok();
    if query.format == "csv" {
        return api::ledger::as_csv(&parts, source, sku, None).await;
    }
    let (entries, next) = taken(parts.connections.ledger(&source, sku, after).await?);
    let path = format!("/inventory-sources/{id}/ledger");
    let next = next.map(|next| {
        let after = Cursor(next.0).to_string();
        address::with_query(&path, [("sku", query.sku.as_str()), ("after", &after)])
    });
    let names = names(&parts, &source).await;
    let rows = entries
        .iter()
        .map(|entry| Row::of(entry, id, &names, &visitor));
    let title = visitor.text().name("ledger-title", &source.name);
    show(&LedgerPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        rows: rows.collect(),
        next,
        file: address::with_query(&path, [("format", "csv"), ("sku", query.sku.as_str())]),
        source,
        sku: query.sku,
    })
}

/// What the places of a source's connection are called; of none that cannot be asked now.
async fn names(parts: &Parts, source: &InventorySource) -> HashMap<String, String> {
    let told = parts
        .connections
        .locations(source.account_id, source.connection_id);
    let places = told.await.unwrap_or_default().into_iter();
    places.map(|place| (place.id.0, place.name)).collect()
}

// === impl Row ===

impl Row {
    fn of(
        entry: &LedgerEntry,
        source: SourceId,
        names: &HashMap<String, String>,
        visitor: &Visitor,
    ) -> Self {
        let kind = format!("ledger-{}", entry.kind.as_str());
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let cost = entry.unit_cost.map(|cost| visitor.quantity(cost));
        Self {
            at: visitor.when(entry.at),
            sku: entry.sku.to_string(),
            path: super::address(source, "sku", entry.sku.as_str()),
            kind: visitor.text().say(&kind),
            lines: entry
                .lines
                .iter()
                .map(|line| Line::of(line, names, visitor))
                .collect(),
            reason: text(&entry.reason),
            note: text(&entry.note),
            author: text(&entry.author),
            unit_cost: cost.unwrap_or_default(),
        }
    }
}

// === impl Line ===

impl Line {
    fn of(line: &LedgerLine, names: &HashMap<String, String>, visitor: &Visitor) -> Self {
        let place = names.get(&line.location.0).unwrap_or(&line.location.0);
        let condition = match line.condition.is_sellable() {
            true => None,
            false => Some(visitor.text().say(&format!("kept-{}", line.condition))),
        };
        let goods = [condition, line.lot.clone()];
        Self {
            place: place.clone(),
            came_to: came_to(line, visitor),
            goods: goods.into_iter().flatten().collect::<Vec<_>>().join(", "),
        }
    }
}

fn came_to(line: &LedgerLine, visitor: &Visitor) -> String {
    let numbers = [
        ("ledger-on-hand", line.on_hand),
        ("ledger-allocated", line.allocated),
    ];
    let told = numbers
        .into_iter()
        .filter(|(_, quantity)| *quantity != Quantity::ZERO);
    let told = told.map(|(id, quantity)| {
        let count = signed(quantity, visitor);
        visitor.text().with(id, &[("count", count.into())])
    });
    told.collect::<Vec<_>>().join(", ")
}

/// With its sign; nothing for none.
pub(in crate::http::console) fn signed(quantity: Quantity, visitor: &Visitor) -> String {
    match quantity {
        Quantity::ZERO => String::new(),
        more if more > Quantity::ZERO => format!("+{}", visitor.quantity(more)),
        fewer => format!("−{}", visitor.quantity(-fewer)),
    }
}

//! Changes of a source's stock: made by hand, listed with what became of them, and settled where nobody knows.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::{Sku, WriteOutcome};
use serde::Deserialize;
use uuid::Uuid;

use super::form::Form;
use super::inventory_sources::find;
use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::paging::Cursor;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::SourceId;
use crate::operation::finding::Finding;
use crate::source::InventorySource;
use crate::store;
use crate::store::operation::{OperationFilter, OperationPlace};

mod draft;
mod row;

pub(super) use draft::Draft;
use row::Row;

/// Operations of one page.
const OPERATIONS: u32 = 50;

#[derive(Template)]
#[template(path = "operations/list.html")]
struct ListPage {
    page: Page,
    source: InventorySource,
    /// Whether stock can be changed here; if not, the page says so instead of showing a form.
    is_written: bool,
    /// Whether goods in other conditions, and lots, are kept apart here.
    keeps_conditions: bool,
    /// Where goods can be moved to: name and id.
    others: Vec<(String, String)>,
    sku: String,
    rows: Vec<Row>,
    /// The address of older ones, if there are any.
    next: Option<String>,
}

/// What of a source's operations is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    sku: String,
    after: Option<Cursor<OperationPlace>>,
}

/// What somebody has found in an operation's system.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    source: SourceId,
    was_done: bool,
}

/// The changes of a source's stock, newest first.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Query(query): Query<ListQuery>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let filter = OperationFilter {
        source: Some(id),
        sku: Sku::new(&query.sku).ok(),
        state: None,
    };
    let after = query.after.as_ref().map(|cursor| &cursor.0);
    let found =
        store::operation::list(&parts.db, visitor.account(), &filter, after, OPERATIONS).await?;
    let last = found.last().filter(|_| found.len() >= OPERATIONS as usize);
    let next = last.map(|last| {
        let cursor = Cursor(OperationPlace::of(last));
        format!("/inventory-sources/{id}/operations?after={cursor}")
    });
    let title = visitor.text().name("operations-title", &source.name);
    show(&ListPage {
        page: Page::new(&parts, &visitor, Place::InventorySources, title),
        is_written: parts.connections.may_write(&source).is_ok(),
        keeps_conditions: parts.connections.keeps_conditions(source.connection_id),
        others: others(&parts, &source)
            .await?
            .into_iter()
            .map(|other| (other.name, other.id.to_string()))
            .collect(),
        rows: found.iter().map(|each| Row::of(each, &visitor)).collect(),
        sku: query.sku,
        source,
        next,
    })
}

/// The other sources of its connection: what lies at one can be moved to another.
async fn others(parts: &Parts, source: &InventorySource) -> Result<Vec<InventorySource>, Problem> {
    let (account, connection) = (source.account_id, source.connection_id);
    let mut all = store::source::list_of_connection(&parts.db, account, connection).await?;
    all.retain(|other| other.id != source.id);
    Ok(all)
}

/// Changes stock.
pub(super) async fn adjust(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let others = others(&parts, &source).await?;
    let operation = draft.operation(&source, &others, &visitor)?;
    let sku = operation.sku.clone();
    let written = api::adjustments::write(&parts, visitor.name(), &source, vec![operation]).await?;
    if let Some(WriteOutcome::Rejected { reason }) = written.into_iter().next() {
        let sentence = visitor.text().name("operation-refused", &reason);
        return Err(Problem::for_visitor(Kind::Conflict, sentence));
    }
    Ok(back(id, sku.as_str()))
}

/// Says what became of one whose answer was lost.
pub(super) async fn settle(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<String>,
    Form(found): Form<Found>,
) -> Result<Response, Problem> {
    let finding = Finding::of(found.was_done);
    let (account, who) = (visitor.account(), visitor.name());
    api::operations::settled_by(&parts, account, who, &id, finding).await?;
    Ok(back(found.source, ""))
}

fn back(source: SourceId, sku: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("sku", sku)
        .finish();
    Redirect::to(&format!("/inventory-sources/{source}/operations?{query}")).into_response()
}

// === impl ListPage ===

impl ListPage {
    /// For the form: the same when it is sent twice.
    fn new_operation_id(&self) -> String {
        Uuid::now_v7().to_string()
    }
}

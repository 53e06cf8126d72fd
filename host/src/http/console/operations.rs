//! Changes of a source's stock: made by hand, listed with what became of them, and settled where nobody knows.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use bestand_plugin_api::{Quantity, Sku, StockChange, StockOperation, WriteOutcome};
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

mod row;

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

/// A change that somebody types.
#[derive(Debug, Deserialize)]
pub(super) struct Draft {
    sku: String,
    change: ChangeWord,
    quantity: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    note: String,
    /// Made with the form, so that sending it twice does it once.
    operation_id: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChangeWord {
    Set,
    Add,
    Take,
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
        rows: found.iter().map(|each| Row::of(each, &visitor)).collect(),
        sku: query.sku,
        source,
        next,
    })
}

/// Changes stock.
pub(super) async fn adjust(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(id): Named<SourceId>,
    Form(draft): Form<Draft>,
) -> Result<Response, Problem> {
    let source = find(&parts, &visitor, id).await?;
    let operation = draft.operation(&source, &visitor)?;
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

// === impl Draft ===

impl Draft {
    fn operation(
        self,
        source: &InventorySource,
        visitor: &Visitor,
    ) -> Result<StockOperation, Problem> {
        let text = visitor.text();
        let sku = Sku::new(&self.sku)
            .map_err(|_| Problem::field_for_visitor("sku", text.say("operation-sku-invalid")))?;
        let typed = self.quantity.trim().replace(',', ".");
        let quantity: Quantity = typed.parse().map_err(|_| {
            Problem::field_for_visitor("quantity", text.say("operation-quantity-invalid"))
        })?;
        let change = match self.change {
            ChangeWord::Set => StockChange::Set {
                quantity,
                expected: None,
            },
            ChangeWord::Add => StockChange::Adjust { delta: quantity },
            ChangeWord::Take => StockChange::Adjust { delta: -quantity },
        };
        let place = source.location_id.clone();
        let mut operation = StockOperation::new(self.operation_id, sku, place, change);
        let said = |text: String| Some(text).filter(|text| !text.trim().is_empty());
        (operation.reason, operation.note) = (said(self.reason), said(self.note));
        Ok(operation)
    }
}

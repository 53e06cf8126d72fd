//! The ledger of a source: every change of what it keeps, as its own system tells it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{
    self as contract, AdapterError, Condition, LedgerEntry, LedgerKind, LedgerLine,
};
use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::inventory_sources::find;
use crate::connection::ledger::taken;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::csv::{self, AcceptsCsv, Format};
use crate::http::paging::{Cursor, Page};
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::SourceId;
use crate::report::ledger::{ENTRY, Row};
use crate::source::InventorySource;

/// Read the ledger of an inventory source
///
/// Every change with its reason, note, author and operation id, as the system of the source tells it: newest first with
/// `sku`, otherwise by article. A system that tells none is `unsupported`; its history here says what we have seen.
#[utoipa::path(get, path = "/inventory-sources/{id}/ledger", operation_id = "list_ledger",
    tag = "Write-back", params(("id" = SourceId, Path), LedgerQuery),
    responses((status = 200, description = "A page of changes",
        content((Page<LedgerEntryShown> = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Query(query): Query<LedgerQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, id).await?;
    let cursor = query.cursor.map(|cursor| contract::Cursor(cursor.0));
    if accepts_csv.or(query.format) {
        return as_csv(&parts, source, query.sku, cursor).await;
    }
    let listing = parts.connections.ledger(&source, query.sku, cursor);
    let (entries, next) = taken(listing.await.map_err(Problem::from)?);
    let page = Page {
        items: entries.into_iter().map(LedgerEntryShown::from).collect(),
        next_cursor: next.map(|next| Cursor(next.0).to_string()),
    };
    Ok(page.linked(&uri).into_response())
}

/// All of it as a file.
pub(in crate::http) async fn as_csv(
    parts: &Parts,
    source: InventorySource,
    sku: Option<Sku>,
    first: Option<contract::Cursor>,
) -> Result<Response, Problem> {
    let shared = Arc::new((parts.connections.clone(), source, sku));
    // Nothing more to read is told from nothing read yet.
    csv::file("ledger", ENTRY, Some(first), move |cursor| {
        let shared = Arc::clone(&shared);
        async move {
            let Some(cursor) = cursor else {
                return Ok::<_, AdapterError>(None);
            };
            let (connections, source, sku) = &*shared;
            let listing = connections.ledger(source, sku.clone(), cursor).await?;
            let (entries, next) = taken(listing);
            let rows = entries.into_iter().flat_map(Row::all).collect();
            Ok(Some((rows, next.map(Some))))
        }
    })
    .await
}

/// Which changes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct LedgerQuery {
    /// Of this article alone, newest first.
    #[param(value_type = Option<String>)]
    sku: Option<Sku>,
    /// Where the page begins: `next_cursor` of the one before. The system decides how long a page is.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<String>>,
    /// How it is answered; without it as `Accept` says. As CSV all of it comes at once, a row for each place.
    #[param(inline)]
    format: Option<Format>,
}

/// One change of one article.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub(in crate::http) struct LedgerEntryShown {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// Counts the changes of this article from 1.
    number: u64,
    /// When.
    #[schema(value_type = String)]
    at: Moment,
    /// What sort of change: `increment`, `decrement`, `adjust`, `modify`, `reserve`, `release`, `ship` or `removed`.
    #[schema(value_type = String)]
    kind: LedgerKind,
    /// The operation it was made by.
    operation_id: Option<String>,
    /// Why.
    reason: Option<String>,
    /// Free text.
    note: Option<String>,
    /// Who wanted it.
    author: Option<String>,
    /// What one cost on average after it, where that is known.
    #[schema(value_type = Option<f64>)]
    unit_cost: Option<Quantity>,
    /// What it came to, place by place.
    lines: Vec<LedgerLineShown>,
}

/// What a change came to at one place.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerLine)]
struct LedgerLineShown {
    /// The place, as the system's own id of it.
    location_id: String,
    /// How many more are there.
    #[schema(value_type = f64)]
    on_hand: Quantity,
    /// How many more are promised.
    #[schema(value_type = f64)]
    allocated: Quantity,
    /// In which condition they are: `sellable`, `damaged`, `expired` or `qa_hold`.
    #[schema(value_type = String)]
    condition: Condition,
    /// The lot they are of.
    lot: Option<String>,
}

// === impl LedgerEntryShown ===

impl From<LedgerEntry> for LedgerEntryShown {
    fn from(entry: LedgerEntry) -> Self {
        Self {
            sku: entry.sku,
            number: entry.number,
            at: Moment(entry.at),
            kind: entry.kind,
            operation_id: entry.op_id,
            reason: entry.reason,
            note: entry.note,
            author: entry.author,
            unit_cost: entry.unit_cost,
            lines: entry.lines.into_iter().map(LedgerLineShown::from).collect(),
        }
    }
}

// === impl LedgerLineShown ===

impl From<LedgerLine> for LedgerLineShown {
    fn from(line: LedgerLine) -> Self {
        Self {
            location_id: line.location.0,
            on_hand: line.on_hand,
            allocated: line.allocated,
            condition: line.condition,
            lot: line.lot,
        }
    }
}

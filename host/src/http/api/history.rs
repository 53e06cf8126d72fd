//! How stock levels came about: each change with what was known before, what since, and what brought it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{Sku, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::inventory_sources::find;
use super::source_name::SourceName;
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::csv::{self, AcceptsCsv, Format, PIECE_ROWS};
use crate::http::json::moment;
use crate::http::paging::{Cursor, Limit, Linked, Page, next_address};
use crate::http::path::{Named, NamedTwice};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::{ChangeId, SourceId, SyncId};
use crate::report::history::{CHANGE, Row};
use crate::source::InventorySource;
use crate::stock::{CauseKind, Counts};
use crate::store::history::{Change, ChangeFilter};

/// Read the history of a stock level
///
/// Its changes, newest first: what was known before, what since, and what brought it. They are kept for
/// `store.history_days`, and of each source at most the newest 1,000,000.
#[utoipa::path(get, path = "/inventory-sources/{id}/levels/{sku}/history", operation_id = "list_level_history",
    tag = "Inventory sources",
    params(("id" = SourceId, Path), ("sku" = String, Path), HistoryQuery),
    responses((status = 200, description = "A page of changes",
        content((History = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn of_level(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    NamedTwice(id, sku): NamedTwice<SourceId, Sku>,
    Query(query): Query<HistoryQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, id).await?;
    if query.sku.is_some() {
        return Err(Problem::field("sku", "the path names the SKU already"));
    }
    let filter = ChangeFilter {
        sku: Some(sku),
        ..query.filter()?
    };
    answer(&parts, source, filter, &query, accepts_csv, &uri).await
}

/// Read the history of an inventory source
///
/// The changes of all its levels, newest first.
#[utoipa::path(get, path = "/inventory-sources/{id}/history", operation_id = "list_source_history",
    tag = "Inventory sources", params(("id" = SourceId, Path), HistoryQuery),
    responses((status = 200, description = "A page of changes",
        content((History = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn of_source(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Query(query): Query<HistoryQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let source = find(&parts, &caller, id).await?;
    answer(&parts, source, query.filter()?, &query, accepts_csv, &uri).await
}

async fn answer(
    parts: &Parts,
    source: InventorySource,
    filter: ChangeFilter,
    query: &HistoryQuery,
    accepts_csv: AcceptsCsv,
    uri: &Uri,
) -> Result<Response, Problem> {
    match accepts_csv.or(query.format) {
        true => as_csv(parts, source, filter, query).await,
        false => page(parts, &source, &filter, query, uri).await,
    }
}

/// All changes, newest first.
async fn as_csv(
    parts: &Parts,
    source: InventorySource,
    filter: ChangeFilter,
    query: &HistoryQuery,
) -> Result<Response, Problem> {
    let before = query.cursor.as_ref().map(|cursor| cursor.0);
    let shared = Arc::new((parts.book.clone(), source, filter));
    csv::file("history", CHANGE, before, move |before| {
        let shared = Arc::clone(&shared);
        async move {
            let (book, source, filter) = &*shared;
            let (account, id) = (source.account_id, source.id);
            let changes = book.history_page(account, id, filter, before, PIECE_ROWS);
            let changes = changes.await?;
            let rows = changes.iter().map(|change| Row::of(source, change));
            let last = changes.last().map(|last| last.id);
            Ok::<_, crate::store::Error>(last.map(|last| (rows.collect(), Some(last))))
        }
    })
    .await
}

async fn page(
    parts: &Parts,
    source: &InventorySource,
    filter: &ChangeFilter,
    query: &HistoryQuery,
    uri: &Uri,
) -> Result<Response, Problem> {
    let before = query.cursor.as_ref().map(|cursor| cursor.0);
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let changes = parts
        .book
        .history_page(source.account_id, source.id, filter, before, limit)
        .await?;
    let page = Page::cut(changes, query.limit, |change| change.id).map(LevelChange::from);
    let next = page.next_cursor.as_deref();
    let next = next.map(|cursor| next_address(uri, cursor));
    let body = History {
        source: SourceName::of(source),
        sku: filter.sku.clone(),
        items: page.items,
        next_cursor: page.next_cursor,
    };
    Ok(Linked { next, body }.into_response())
}

/// Which changes to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct HistoryQuery {
    /// Those of this SKU, where the path does not name one.
    #[param(value_type = Option<String>)]
    sku: Option<Sku>,
    /// Those that were brought by one of these, separated by commas: `sync`, `change`, `live`, `push`, `write`, `hint`.
    #[param(example = "push,write")]
    cause: Option<String>,
    /// Those that were stored then or later.
    #[serde(default, deserialize_with = "moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Those that were stored before then.
    #[serde(default, deserialize_with = "moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// How many changes a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<ChangeId>>,
    /// How it is answered; without it as `Accept` says. As CSV all of it comes at once, whatever `limit` says.
    #[param(inline)]
    format: Option<Format>,
}

/// A page of changes.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct History<'a> {
    /// Where the levels lie.
    source: SourceName<'a>,
    /// The article, where the changes are those of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    sku: Option<Sku>,
    /// The changes, newest first.
    items: Vec<LevelChange>,
    /// Sent as `cursor`, it brings the next page; nothing on the last one.
    next_cursor: Option<String>,
}

/// A change of a level.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LevelChange {
    /// Its id.
    id: ChangeId,
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// When it was stored.
    #[schema(value_type = String)]
    changed_at: Moment,
    /// What brought it: `sync`, `change`, `live`, `push`, `write` or `hint`.
    cause: &'static str,
    /// The sync run that brought it.
    sync_id: Option<SyncId>,
    /// Who, where somebody did.
    actor: Option<String>,
    /// What was known before.
    before: Counts,
    /// What is known since.
    after: Counts,
}

// === impl HistoryQuery ===

impl HistoryQuery {
    fn filter(&self) -> Result<ChangeFilter, Problem> {
        let words = self.cause.as_deref().unwrap_or_default().split(',');
        let words = words.map(str::trim).filter(|word| !word.is_empty());
        let causes: Result<Vec<CauseKind>, String> = words.map(str::parse).collect();
        Ok(ChangeFilter {
            sku: self.sku.clone(),
            causes: causes.map_err(|error| Problem::field("cause", error))?,
            since: self.since,
            until: self.until,
        })
    }
}

impl From<Change> for LevelChange {
    fn from(change: Change) -> Self {
        Self {
            id: change.id,
            sku: change.sku,
            changed_at: Moment(change.changed_at),
            cause: change.cause.kind.as_str(),
            sync_id: change.cause.run,
            actor: change.cause.actor,
            before: change.before,
            after: change.after,
        }
    }
}

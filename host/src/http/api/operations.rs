//! Operations: changes of stock that were sent to a system, and what became of them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use bestand_plugin_api::{Quantity, Sku, StockChange, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::{AccountId, SourceId};
use crate::operation::finding::Finding;
use crate::operation::{Operation, OperationState};
use crate::store;
use crate::store::operation::{OperationFilter, OperationPlace};

/// List operations
///
/// The changes of stock that were sent to systems, newest first. What was settled is kept for `store.history_days`.
#[utoipa::path(get, path = "/operations", operation_id = "list_operations", tag = "Write-back",
    params(OperationQuery),
    responses((status = 200, description = "A page of operations", body = Page<OperationShown>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<OperationQuery>,
    uri: Uri,
) -> Result<Linked<Page<OperationShown>>, Problem> {
    let filter = OperationFilter {
        source: query.source_id,
        sku: query.sku,
        state: query.state,
    };
    let after = query.cursor.as_ref().map(|cursor| &cursor.0);
    let limit = u32::try_from(query.limit.with_next()).unwrap_or(u32::MAX);
    let operations =
        store::operation::list(&parts.db, caller.account_id, &filter, after, limit).await?;
    let page = Page::cut(operations, query.limit, OperationPlace::of);
    Ok(page.map(OperationShown::from).linked(&uri))
}

/// Read an operation
#[utoipa::path(get, path = "/operations/{id}", operation_id = "get_operation", tag = "Write-back",
    params(("id" = String, Path, description = "Its operation id")),
    responses((status = 200, description = "The operation", body = OperationShown)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
) -> Result<Json<OperationShown>, Problem> {
    Ok(Json(find(&parts, caller.account_id, &id).await?.into()))
}

/// Settle an operation
///
/// Says what became of one whose answer was lost, after somebody has looked in its system. Nothing is sent.
#[utoipa::path(post, path = "/operations/{id}/settle", operation_id = "settle_operation", tag = "Write-back",
    params(("id" = String, Path, description = "Its operation id")), request_body = Found,
    responses((status = 200, description = "It is settled", body = OperationShown)))]
pub(in crate::http) async fn settle(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
    Json(found): Json<Found>,
) -> Result<Json<OperationShown>, Problem> {
    let account = caller.account_id;
    let finding = Finding::of(found.was_done);
    let settled = settled_by(&parts, account, &caller.name, &id, finding).await?;
    Ok(Json(settled.into()))
}

/// Settles an operation by what `actor` has found in its system, which is read again.
pub(in crate::http) async fn settled_by(
    parts: &Parts,
    account: AccountId,
    actor: &str,
    id: &str,
    finding: Finding,
) -> Result<Operation, Problem> {
    let (db, now) = (&parts.db, parts.clock.now());
    let settled = finding.settle(db, account, actor, id, now).await?;
    if let Some(source) = store::source::find(db, account, settled.source_id).await? {
        let skus = vec![settled.sent.sku.clone()];
        parts
            .connections
            .read_again(account, actor, &source, skus)
            .await;
    }
    Ok(settled)
}

async fn find(parts: &Parts, account: AccountId, id: &str) -> Result<Operation, Problem> {
    let found = store::operation::find(&parts.db, account, id).await?;
    found.ok_or_else(|| Problem::new(Kind::NotFound, format!("there is no operation `{id}`")))
}

/// Which operations to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OperationQuery {
    /// Those at this source.
    source_id: Option<SourceId>,
    /// Those of this article.
    #[param(value_type = Option<String>)]
    sku: Option<Sku>,
    /// Those that are in this state.
    state: Option<OperationState>,
    /// How many operations a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<OperationPlace>>,
}

/// What somebody has found in an operation's system.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Found {
    /// Whether it was done.
    was_done: bool,
}

/// A change of stock that was sent to a system.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct OperationShown {
    /// Its operation id.
    id: String,
    /// Where the stock lies.
    source_id: SourceId,
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// Its system's own id of the place.
    location_id: String,
    /// What was to be done: `set`, `adjust`, `move`, `reserve`, `release` or `ship`.
    change: &'static str,
    /// How many; of an adjustment, how many more.
    #[schema(value_type = Option<f64>)]
    quantity: Option<Quantity>,
    /// Where it was to be moved, as its system's own id of the place.
    to_location_id: Option<String>,
    /// Why, in a word.
    reason: Option<String>,
    /// Why, at length.
    note: Option<String>,
    /// Who wanted it.
    actor: String,
    /// What became of it.
    state: OperationState,
    /// Why it was rejected, or is unknown.
    state_reason: Option<String>,
    /// How often its system was asked what became of it.
    look_ups: u32,
    /// When it is asked next; none when it is settled, or waits for somebody to settle it.
    #[schema(value_type = Option<String>)]
    next_look_up_at: Option<Moment>,
    /// When it was written down, right before it was sent.
    #[schema(value_type = String)]
    made_at: Moment,
    /// When it was known what became of it.
    #[schema(value_type = Option<String>)]
    settled_at: Option<Moment>,
}

impl From<Operation> for OperationShown {
    fn from(operation: Operation) -> Self {
        let moment = |at: Option<Timestamp>| at.map(Moment);
        let (change, quantity) = operation.change();
        let to = match operation.sent.change {
            StockChange::Move { to, .. } => Some(to.0),
            _ => None,
        };
        Self {
            id: operation.sent.op_id,
            source_id: operation.source_id,
            sku: operation.sent.sku,
            location_id: operation.sent.location.0,
            change,
            quantity,
            to_location_id: to,
            reason: operation.sent.reason,
            note: operation.sent.note,
            actor: operation.actor,
            state: operation.state,
            state_reason: operation.reason,
            look_ups: operation.look_ups,
            next_look_up_at: moment(operation.due_at),
            made_at: Moment(operation.made_at),
            settled_at: moment(operation.settled_at),
        }
    }
}

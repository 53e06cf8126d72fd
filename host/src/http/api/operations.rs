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
use crate::operation::{Operation, OperationState};
use crate::store;
use crate::store::operation::{OperationFilter, OperationPlace, Settlement};

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
    params(("id" = String, Path, description = "Its operation id")), request_body = Finding,
    responses((status = 200, description = "It is settled", body = OperationShown)))]
pub(in crate::http) async fn settle(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
    Json(finding): Json<Finding>,
) -> Result<Json<OperationShown>, Problem> {
    let account = caller.account_id;
    let settled = settled_by(&parts, account, &caller.name, &id, finding.was_done).await?;
    Ok(Json(settled.into()))
}

/// Settles an operation by what somebody has found in its system.
pub(in crate::http) async fn settled_by(
    parts: &Parts,
    account: AccountId,
    actor: &str,
    id: &str,
    was_done: bool,
) -> Result<Operation, Problem> {
    let operation = find(parts, account, id).await?;
    if operation.state != OperationState::Unknown {
        let detail = format!(
            "the operation is {}; only one that is unknown is settled by hand",
            operation.state
        );
        return Err(Problem::new(Kind::Conflict, detail));
    }
    let (state, word) = match was_done {
        true => (OperationState::Applied, "done"),
        false => (OperationState::Rejected, "not done"),
    };
    let reason = format!("{actor} has found it {word}");
    let settlement = Settlement {
        id,
        state,
        reason: Some(reason.as_str()).filter(|_| !was_done),
        due_at: None,
    };
    store::operation::settle(&parts.db, account, &[settlement], parts.clock.now()).await?;
    if let Some(source) = store::source::find(&parts.db, account, operation.source_id).await? {
        let skus = vec![operation.sent.sku];
        parts
            .connections
            .read_again(account, actor, &source, skus)
            .await;
    }
    find(parts, account, id).await
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
pub(in crate::http) struct Finding {
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

/// The word for a change, and how many it is about.
pub(in crate::http) fn change_word(change: &StockChange) -> (&'static str, Option<Quantity>) {
    match change {
        StockChange::Set { quantity, .. } => ("set", Some(*quantity)),
        StockChange::Adjust { delta } => ("adjust", Some(*delta)),
        StockChange::Reserve { quantity } => ("reserve", Some(*quantity)),
        StockChange::Release { quantity } => ("release", Some(*quantity)),
        StockChange::Ship { quantity } => ("ship", Some(*quantity)),
        StockChange::Move { quantity, .. } => ("move", Some(*quantity)),
        _ => ("unknown", None),
    }
}

impl From<Operation> for OperationShown {
    fn from(operation: Operation) -> Self {
        let moment = |at: Option<Timestamp>| at.map(Moment);
        let (change, quantity) = change_word(&operation.sent.change);
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

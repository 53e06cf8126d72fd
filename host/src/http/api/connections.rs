//! Connections: configured accounts at other systems, the state they are in, and what can be done about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::activity::{EventKind, Subject};
use crate::api_key::{self, Role};
use crate::connection::state::{Moment, Status};
use crate::connection::{self, ConnectionPatch, NewConnection};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::created::Created;
use crate::http::etag::{IfMatch, Tagged};
use crate::http::json::{Json, present};
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::{Cause, Kind, Problem};
use crate::http::query::Query;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::services::bucket::Bucket;
use crate::secret::SecretText;
use crate::store;
use scope::{SyncScope, Synced};

mod check;
mod scope;

pub(in crate::http) use check::{__path_check, check};

/// List connections
#[utoipa::path(get, path = "/connections", operation_id = "list_connections", tag = "Connections",
    params(ConnectionQuery), responses((status = 200, description = "A page of connections", body = Page<Connection>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<ConnectionQuery>,
    uri: Uri,
) -> Result<Linked<Page<Connection>>, Problem> {
    let all = store::connection::list(&parts.db, caller.account_id).await?;
    let page = Page::of_all(all, query.limit, query.cursor.as_ref(), |connection| {
        connection.id
    });
    Ok(page
        .map(|record| Connection::of(&parts, record))
        .linked(&uri))
}

/// Make a connection
///
/// Its settings are checked against the adapter's schema. It starts at once, unless it is made paused: its state says
/// how it fares.
#[utoipa::path(post, path = "/connections", operation_id = "make_connection", tag = "Connections",
    request_body = ConnectionToMake, responses((status = 201, description = "It is made", body = Connection)))]
pub(in crate::http) async fn make(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(new): Json<ConnectionToMake>,
) -> Result<Created<Tagged<Connection>>, Problem> {
    guard_private_network(new.allow_private_network, caller.0.role)?;
    let record = parts
        .connections
        .add(caller.0.account_id, new.into())
        .await?;
    let made = caller.did(EventKind::ConnectionMade, Subject::connection(&record));
    parts
        .activity
        .note(made.with("adapter", record.adapter.as_str()));
    let location = format!("/api/v1/connections/{}", record.id);
    let body = Connection::tagged(&parts, record);
    Ok(Created { location, body })
}

/// Read a connection
#[utoipa::path(get, path = "/connections/{id}", operation_id = "get_connection", tag = "Connections",
    params(("id" = ConnectionId, Path)), responses((status = 200, description = "The connection", body = Connection)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<ConnectionId>,
) -> Result<Tagged<Connection>, Problem> {
    let record = find(&parts, caller.account_id, id).await?;
    Ok(Connection::tagged(&parts, record))
}

/// Change a connection
///
/// What is not named stays. Secrets are replaced or removed one by one, by name; all of them are to be given again with a setting
/// that says where they are sent. One that stands in the config file is changed there.
#[utoipa::path(patch, path = "/connections/{id}", operation_id = "change_connection", tag = "Connections",
    params(("id" = ConnectionId, Path), ("If-Match" = String, Header)), request_body = ConnectionChange,
    responses((status = 200, description = "It is changed", body = Connection)))]
pub(in crate::http) async fn change(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ConnectionId>,
    if_match: IfMatch,
    Json(change): Json<ConnectionChange>,
) -> Result<Tagged<Connection>, Problem> {
    let api_key::Caller {
        account_id, role, ..
    } = caller.0;
    guard_private_network(change.allow_private_network.unwrap_or_default(), role)?;
    let record = find(&parts, account_id, id).await?;
    if_match.require(record.version)?;
    let (change, connections) = (change.into(), &parts.connections);
    let changed = connections.change(account_id, id, record.version, change, role);
    let changed = changed.await?;
    let kind = EventKind::of_change(&record, &changed);
    parts
        .activity
        .note(caller.did(kind, Subject::connection(&changed)));
    Ok(Connection::tagged(&parts, changed))
}

/// Remove a connection
///
/// With it go its sources, their levels and history, and the links of ship-from locations to them.
#[utoipa::path(delete, path = "/connections/{id}", operation_id = "remove_connection", tag = "Connections",
    params(("id" = ConnectionId, Path), ("If-Match" = String, Header)),
    responses((status = 204, description = "It is gone")))]
pub(in crate::http) async fn remove(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ConnectionId>,
    if_match: IfMatch,
) -> Result<StatusCode, Problem> {
    let account = caller.0.account_id;
    let record = find(&parts, account, id).await?;
    if_match.require(record.version)?;
    parts
        .connections
        .remove(account, id, record.version)
        .await?;
    let removed = caller.did(EventKind::ConnectionRemoved, Subject::connection(&record));
    parts.activity.note(removed);
    Ok(StatusCode::NO_CONTENT)
}

/// Sync a connection now
///
/// Without a body, or with an empty one, the whole connection, soon: its state tells how that fares. With one, just what it
/// names, at once: answered is what the system says of it other than what was held; with `dry_run` nothing is stored. That
/// is done to its end, ten minutes at most, and what the system does not name is left as it is held.
#[utoipa::path(post, path = "/connections/{id}/sync", operation_id = "sync_connection", tag = "Connections",
    params(("id" = ConnectionId, Path), SyncQuery), request_body = Option<SyncScope>,
    responses((status = 202, description = "It will sync"),
        (status = 200, description = "What was found", body = Synced)))]
pub(in crate::http) async fn sync(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<ConnectionId>,
    Query(query): Query<SyncQuery>,
    scope: Option<Json<SyncScope>>,
) -> Result<Response, Problem> {
    let record = find(&parts, caller.account_id, id).await?;
    match scope {
        Some(Json(scope)) if scope.is_whole() => sync_whole(&parts, &record, query.full),
        Some(_) if query.full => {
            let reason = "a full listing is of the whole connection; leave the body out";
            Err(Problem::field("full", reason))
        }
        Some(Json(scope)) => {
            let synced = scope.run(&parts, &record, &caller.name).await?;
            Ok(Json(synced).into_response())
        }
        None => sync_whole(&parts, &record, query.full),
    }
}

fn sync_whole(
    parts: &Parts,
    record: &connection::Connection,
    full: bool,
) -> Result<Response, Problem> {
    let (account, id) = (record.account_id, record.id);
    if record.paused || !parts.connections.sync_now(account, id, full) {
        let detail = format!("connection `{}` does not run; resume it first", record.name);
        return Err(Problem::new(Kind::Conflict, detail));
    }
    Ok(StatusCode::ACCEPTED.into_response())
}

/// The account's connection of this id.
async fn find(
    parts: &Parts,
    account: AccountId,
    id: ConnectionId,
) -> Result<connection::Connection, Problem> {
    let found = store::connection::find(&parts.db, account, id).await?;
    found.ok_or_else(|| Problem::new(Kind::NotFound, format!("there is no connection `{id}`")))
}

/// What a connection may reach is the installation's concern: an operator must not open the way into its network.
pub(in crate::http) fn guard_private_network(wanted: bool, role: Role) -> Result<(), Problem> {
    match wanted && role < Role::Admin {
        true => Err(Problem::new(
            Kind::Forbidden,
            "`allow_private_network` opens the installation's own network and needs the role `admin`",
        )
        .by(Cause::PrivateNetwork)),
        false => Ok(()),
    }
}

/// Which connections to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ConnectionQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<ConnectionId>>,
}

/// How to sync.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct SyncQuery {
    /// Whether every level is to be brought in, and not only what changed.
    #[serde(default)]
    full: bool,
}

/// A connection. Its secrets are never shown.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Connection {
    /// Its id.
    id: ConnectionId,
    /// What people call it.
    name: String,
    /// The adapter it uses.
    adapter: String,
    /// The partner that pushes to it, or that registered itself to be asked; none where an operator made it.
    partner: Option<String>,
    /// Its settings, as the adapter's schema describes them.
    #[schema(value_type = Object)]
    settings: Value,
    /// Where it was configured, and so where it can be changed: `config` or `api`.
    origin: &'static str,
    /// Whether the operator has stopped it.
    paused: bool,
    /// Whether it may reach addresses of the own network.
    allow_private_network: bool,
    /// Seconds between syncs, when it is not the installation's default.
    sync_interval_secs: Option<i64>,
    /// Seconds between full listings where it otherwise asks for changes only, when it is not the installation's default.
    reconcile_secs: Option<i64>,
    /// How it fares; nothing while it does not run.
    status: Option<Status>,
    /// The rate limits it keeps to, with what is left of each; none before it was opened.
    rate_buckets: Vec<RateBucket>,
    /// Where its system may send webhooks.
    hook_path: String,
    /// When it was made.
    #[schema(value_type = String)]
    created_at: Moment,
    /// When it was last changed.
    #[schema(value_type = String)]
    updated_at: Moment,
    /// What a change is based on; the `ETag` in quotes.
    version: i64,
}

/// A rate limit that a connection keeps to.
#[derive(Debug, Serialize, ToSchema)]
struct RateBucket {
    /// The name its adapter gives it.
    name: String,
    /// Requests it takes in a window.
    capacity: usize,
    /// Requests that can be sent at once.
    left: usize,
}

/// A connection to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ConnectionToMake {
    /// What people shall call it.
    #[schema(example = "Finale main", max_length = 100)]
    name: String,
    /// The id of its adapter.
    #[schema(example = "finale")]
    adapter: String,
    /// Its settings, as the adapter's schema describes them.
    #[serde(default = "no_settings")]
    #[schema(value_type = Object)]
    settings: Value,
    /// Its secrets by the names the adapter gives them.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    secrets: BTreeMap<String, SecretText>,
    /// Whether it may reach addresses of the own network; needs the role `admin`.
    #[serde(default)]
    allow_private_network: bool,
    /// Whether it is made without being started.
    #[serde(default)]
    paused: bool,
    /// Seconds between syncs, when not the installation's default.
    #[schema(minimum = 10, maximum = 86_400)]
    sync_interval_secs: Option<i64>,
    /// Seconds between full listings, when not the installation's default; not below the time between syncs.
    #[schema(minimum = 60, maximum = 2_592_000)]
    reconcile_secs: Option<i64>,
}

/// What is to be different about a connection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ConnectionChange {
    /// Another name.
    name: Option<String>,
    /// Other settings, whole.
    #[schema(value_type = Option<Object>)]
    settings: Option<Value>,
    /// Secrets to replace; `null` removes one.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, Option<String>>)]
    secrets: BTreeMap<String, Option<SecretText>>,
    /// Whether it may reach addresses of the own network; needs the role `admin`.
    allow_private_network: Option<bool>,
    /// Stop it, or let it go on.
    paused: Option<bool>,
    /// Seconds between syncs; `null` for the installation's default.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 10, maximum = 86_400)]
    sync_interval_secs: Option<Option<i64>>,
    /// Seconds between full listings; `null` for the installation's default.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>, minimum = 60, maximum = 2_592_000)]
    reconcile_secs: Option<Option<i64>>,
}

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

// === impl Connection ===

impl Connection {
    fn of(parts: &Parts, record: connection::Connection) -> Self {
        Self {
            status: parts.connections.status(record.id),
            reconcile_secs: record.reconcile_secs,
            rate_buckets: RateBucket::all(parts, record.id),
            hook_path: format!("/hooks/{}", record.id),
            id: record.id,
            name: record.name,
            adapter: record.adapter,
            partner: record.partner,
            settings: record.settings,
            origin: record.origin.as_str(),
            paused: record.paused,
            allow_private_network: record.allow_private_network,
            sync_interval_secs: record.sync_interval_secs,
            created_at: Moment(record.created_at),
            updated_at: Moment(record.updated_at),
            version: record.version,
        }
    }

    fn tagged(parts: &Parts, record: connection::Connection) -> Tagged<Self> {
        Tagged {
            version: record.version,
            body: Self::of(parts, record),
        }
    }
}

impl RateBucket {
    fn all(parts: &Parts, id: ConnectionId) -> Vec<Self> {
        let buckets = parts.connections.rate_buckets(id).into_iter();
        let of = |bucket: Arc<Bucket>| Self {
            name: bucket.name().to_owned(),
            capacity: bucket.capacity(),
            left: bucket.left(),
        };
        buckets.map(of).collect()
    }
}

impl From<ConnectionToMake> for NewConnection {
    fn from(new: ConnectionToMake) -> Self {
        Self {
            name: new.name,
            adapter: new.adapter,
            settings: new.settings,
            secrets: new.secrets,
            allow_private_network: new.allow_private_network,
            paused: new.paused,
            sync_interval_secs: new.sync_interval_secs,
            reconcile_secs: new.reconcile_secs,
        }
    }
}

impl From<ConnectionChange> for ConnectionPatch {
    fn from(change: ConnectionChange) -> Self {
        Self {
            name: change.name,
            settings: change.settings,
            secrets: change.secrets,
            allow_private_network: change.allow_private_network,
            paused: change.paused,
            sync_interval_secs: change.sync_interval_secs,
            reconcile_secs: change.reconcile_secs,
        }
    }
}

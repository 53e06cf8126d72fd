//! Inventory warehouses: every inventory source, and new ones where a connection can make them.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bestand_plugin_api::{Location, LocationChange};
use serde::Deserialize;

use super::answer::List;
use super::building::{self, Building, Warehouse};
use super::envelope::REQUIRED;
use super::removal::RemovalQuery;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::http::query::Query;
use crate::id::{AccountId, ConnectionId};
use crate::store;
use crate::store::shipstation::number::{self, Kind};

/// What a warehouse or location shall be called.
#[derive(Debug, Deserialize)]
pub(super) struct NameToSet {
    name: Option<String>,
}

pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    list: List,
) -> Result<Response, Problem> {
    let buildings = building::all(&parts, caller.account_id).await?;
    let shown = buildings.iter().map(Building::shown).collect();
    list.answer_all("inventory_warehouses", shown, Vec::new())
}

pub(super) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
) -> Result<Json<Warehouse>, Problem> {
    Ok(Json(
        building::find(&parts, caller.account_id, &id)
            .await?
            .shown(),
    ))
}

pub(super) async fn make(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(new): Json<NameToSet>,
) -> Result<Json<Warehouse>, Problem> {
    let account = caller.account_id;
    let name = new.name()?;
    let connection = maker(&parts, account).await?;
    let made = change(&parts, account, connection, LocationChange::create(name)).await?;
    let buildings = building::all(&parts, account).await?;
    let is_made = |building: &&Building| {
        building.source.connection_id == connection && building.source.location_id == made.id
    };
    let building = buildings.iter().find(is_made);
    let gone = || {
        Problem::new(
            ProblemKind::NotFound,
            "the inventory warehouse is gone again",
        )
    };
    Ok(Json(building.ok_or_else(gone)?.shown()))
}

pub(super) async fn rename(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
    Json(new): Json<NameToSet>,
) -> Result<StatusCode, Problem> {
    let account = caller.account_id;
    let building = building::find(&parts, account, &id).await?;
    let renamed = LocationChange::rename(building.source.location_id.clone(), new.name()?);
    change(&parts, account, building.source.connection_id, renamed).await?;
    let now = parts.clock.now();
    number::keep(
        &parts.db,
        account,
        Kind::Warehouse,
        building.number,
        None,
        now,
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
    Query(query): Query<RemovalQuery>,
) -> Result<StatusCode, Problem> {
    let account = caller.account_id;
    let building = building::find(&parts, account, &id).await?;
    let removed = query.of(&building.source.location_id)?;
    change(&parts, account, building.source.connection_id, removed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where new warehouses are made: at the account's first connection that can.
async fn maker(parts: &Parts, account: AccountId) -> Result<ConnectionId, Problem> {
    let connections = store::connection::list(&parts.db, account).await?;
    let mut able = connections
        .iter()
        .filter(|it| parts.connections.shapes_places(it.id));
    let none = || {
        let detail = "no connection of this account can make warehouses; \
            enable the adapter of the built-in warehouse and make a connection with it";
        Problem::new(ProblemKind::Malformed, detail)
    };
    able.next().map(|connection| connection.id).ok_or_else(none)
}

/// Changes the places of a connection, a warehouse or a bin in one; the answer is the place as it is then.
pub(super) async fn change(
    parts: &Parts,
    account: AccountId,
    connection: ConnectionId,
    change: LocationChange,
) -> Result<Location, Problem> {
    let changed = parts
        .connections
        .change_location(account, connection, change)
        .await;
    changed.map_err(Problem::from)
}

// === impl NameToSet ===

impl NameToSet {
    /// The name, when there is one.
    pub(super) fn name(self) -> Result<String, Problem> {
        let name = self.name.filter(|name| !name.trim().is_empty());
        name.ok_or_else(|| Problem::field("name", REQUIRED))
    }
}

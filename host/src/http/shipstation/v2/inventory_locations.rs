//! Inventory locations: each warehouse as a whole, and the bins in those that are shaped from here.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use bestand_plugin_api::LocationChange;
use serde::Deserialize;

use super::answer::List;
use super::building::{self, Building};
use super::envelope::REQUIRED;
use super::inventory_warehouses::{NameToSet, change};
use super::place::{self, Extent, InventoryLocation, Place};
use super::removal::RemovalQuery;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::http::query::Query;
use crate::id::AccountId;
use crate::store::shipstation::number::{self, Kind};

/// A location to be made.
#[derive(Debug, Deserialize)]
pub(super) struct LocationToMake {
    #[serde(flatten)]
    name: NameToSet,
    inventory_warehouse_id: Option<String>,
}

pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    list: List,
) -> Result<Response, Problem> {
    let buildings = building::all(&parts, caller.account_id).await?;
    let all = place::all(&parts, caller.account_id, &buildings).await?;
    let shown = all.places.iter().map(Place::shown).collect();
    list.answer_all("inventory_locations", shown, all.faults)
}

pub(super) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
) -> Result<Json<InventoryLocation>, Problem> {
    Ok(Json(
        place::find(&parts, caller.account_id, &id).await?.shown(),
    ))
}

pub(super) async fn make(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(new): Json<LocationToMake>,
) -> Result<Json<InventoryLocation>, Problem> {
    let account = caller.account_id;
    let name = new.name.name()?;
    let building = around(&parts, account, new.inventory_warehouse_id.as_deref()).await?;
    let made = LocationChange::create_in(building.source.location_id.clone(), name);
    let made = change(&parts, account, building.source.connection_id, made).await?;
    Ok(Json(
        place::of_location(&parts, account, building, made)
            .await?
            .shown(),
    ))
}

pub(super) async fn rename(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
    Json(new): Json<NameToSet>,
) -> Result<StatusCode, Problem> {
    let account = caller.account_id;
    let bin = bin(&parts, account, &id).await?;
    let renamed = LocationChange::rename(bin.location, new.name()?);
    change(&parts, account, bin.building.source.connection_id, renamed).await?;
    let (number, now) = (bin.numbered.number, parts.clock.now());
    number::keep(&parts.db, account, Kind::Location, number, None, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
    Query(query): Query<RemovalQuery>,
) -> Result<StatusCode, Problem> {
    let account = caller.account_id;
    let bin = bin(&parts, account, &id).await?;
    let removed = query.of(&bin.location)?;
    change(&parts, account, bin.building.source.connection_id, removed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The building that a new location shall lie in.
async fn around(parts: &Parts, account: AccountId, id: Option<&str>) -> Result<Building, Problem> {
    let field = "inventory_warehouse_id";
    let id = id.ok_or_else(|| Problem::field(field, REQUIRED))?;
    let found = building::find(parts, account, id).await;
    found.map_err(|problem| match problem.status() {
        StatusCode::NOT_FOUND => Problem::field(field, problem.detail()),
        _ => problem,
    })
}

/// The bin of this id. A building is changed as the warehouse that it is.
async fn bin(parts: &Parts, account: AccountId, id: &str) -> Result<Place, Problem> {
    let found = place::find(parts, account, id).await?;
    match found.extent {
        Extent::Bin => Ok(found),
        Extent::Building => {
            let detail = format!(
                "`{id}` stands for all of `{}`; change the inventory warehouse itself",
                found.name
            );
            Err(Problem::new(ProblemKind::Conflict, detail))
        }
    }
}

//! Inventory: how much of each article lies where, and changing that.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::answer::{List, Page};
use super::building::{self, Building};
use super::levels::{self, Rows};
use super::place::{self, Place};
use super::transaction::Transaction;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::id::AccountId;

/// Which levels to list.
#[derive(Debug, Deserialize)]
pub(super) struct InventoryQuery {
    #[serde(default)]
    sku: String,
    #[serde(default)]
    inventory_warehouse_id: String,
    #[serde(default)]
    inventory_location_id: String,
    #[serde(default)]
    group_by: String,
}

pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<InventoryQuery>,
    list: List,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let skus = levels::skus(&query.sku)?;
    let at = query.place(&parts, account).await?;
    let buildings = query.buildings(&parts, account, at.as_ref()).await?;
    if query.is_by_location()? || at.is_some() {
        let rows = levels::by_location(&parts, account, &buildings, &skus).await?;
        let Rows { items, faults } = match &at {
            Some(place) => rows.at(place),
            None => rows,
        };
        return list.answer_all("inventory", items, faults);
    }
    let wholes = place::wholes(&parts, account, buildings).await?;
    let (offset, size) = (list.asked.offset(), list.asked.size);
    let found = levels::by_warehouse(&parts, account, &wholes, &skus, offset, size).await?;
    let (total, items) = found;
    let faults = Vec::new();
    list.answer(
        "inventory",
        Page {
            total,
            items,
            faults,
        },
    )
}

pub(super) async fn transact(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(transaction): Json<Transaction>,
) -> Result<StatusCode, Problem> {
    transaction.run(&parts, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

// === impl InventoryQuery ===

impl InventoryQuery {
    fn is_by_location(&self) -> Result<bool, Problem> {
        match self.group_by.trim().to_ascii_lowercase().as_str() {
            "" | "warehouse" => Ok(false),
            "location" => Ok(true),
            _ => Err(Problem::field(
                "group_by",
                "it is `warehouse` or `location`",
            )),
        }
    }

    async fn place(&self, parts: &Parts, account: AccountId) -> Result<Option<Place>, Problem> {
        match self.inventory_location_id.trim() {
            "" => Ok(None),
            id => place::find(parts, account, id).await.map(Some),
        }
    }

    /// The buildings that are asked about.
    async fn buildings(
        &self,
        parts: &Parts,
        account: AccountId,
        at: Option<&Place>,
    ) -> Result<Vec<Building>, Problem> {
        let mut buildings = match self.inventory_warehouse_id.trim() {
            "" => building::all(parts, account).await?,
            id => vec![building::find(parts, account, id).await?],
        };
        if let Some(place) = at {
            buildings.retain(|building| building.number == place.building.number);
        }
        Ok(buildings)
    }
}

//! Stores: where orders come from, as far as those who send them say.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Value, json};

use super::moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::AccountId;
use crate::store::shipstation::order::{STORE_OF_NONE, stores};

/// The one marketplace there is: orders are brought here, not fetched.
const MARKETPLACE_ID: i64 = 0;
const MARKETPLACE: &str = "ShipStation";

pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
) -> Result<Json<Vec<Value>>, Problem> {
    let ids = all(&parts, caller.account_id).await?;
    Ok(Json(ids.into_iter().map(|id| shown(&parts, id)).collect()))
}

pub(super) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<i64>,
) -> Result<Json<Value>, Problem> {
    let is_there = all(&parts, caller.account_id).await?.contains(&id);
    let no_such = || Problem::new(ProblemKind::NotFound, format!("there is no store {id}"));
    is_there
        .then(|| Json(shown(&parts, id)))
        .ok_or_else(no_such)
}

pub(super) async fn marketplaces(Caller(_): Caller) -> Json<Value> {
    Json(json!([{
        "name": MARKETPLACE,
        "marketplaceId": MARKETPLACE_ID,
        "canRefresh": false,
        "supportsCustomMappings": false,
        "supportsCustomStatuses": false,
        "canConfirmShipments": false,
    }]))
}

/// The one of orders that name none is always there.
async fn all(parts: &Parts, account: AccountId) -> Result<Vec<i64>, Problem> {
    let mut ids = stores(&parts.db, account).await?;
    ids.retain(|id| *id != STORE_OF_NONE);
    ids.insert(0, STORE_OF_NONE);
    Ok(ids)
}

fn shown(parts: &Parts, id: i64) -> Value {
    let name = match id {
        STORE_OF_NONE => "Manual Orders".to_owned(),
        id => format!("Store {id}"),
    };
    let made_at = moment::write(parts.account.created_at);
    json!({
        "storeId": id,
        "storeName": name,
        "marketplaceId": MARKETPLACE_ID,
        "marketplaceName": MARKETPLACE,
        "accountName": null,
        "email": null,
        "integrationUrl": null,
        "active": true,
        "companyName": "",
        "phone": "",
        "publicEmail": "",
        "website": "",
        "refreshDate": null,
        "lastRefreshAttempt": null,
        "createDate": made_at,
        "modifyDate": made_at,
        "autoRefresh": false,
        "statusMappings": null,
    })
}

//! `/_control/…`: the same switches over HTTP, for a person with curl or a test in another process.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::FaultRule;
use super::http::Site;
use super::log::Logged;
use super::stock::{LevelKey, NewItem, NewLocation};
use super::webhook::{self, Delivery, Twist};

/// One quantity of one level to be written, as if somebody did so in the admin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetQuantity {
    item: u64,
    location: u64,
    #[serde(default = "available")]
    name: String,
    quantity: i32,
}

/// How far the clock moves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_secs: i64,
}

/// How events are delivered.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Deliver {
    twist: Twist,
}

fn available() -> String {
    "available".to_owned()
}

pub(crate) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/_control/locations", post(add_locations))
        .route("/_control/items", post(add_items))
        .route("/_control/levels", put(set_quantities))
        .route("/_control/faults", post(add_fault).delete(clear_faults))
        .route("/_control/requests", get(requests).delete(forget_requests))
        .route("/_control/clock", post(advance))
        .route("/_control/tokens", axum::routing::delete(revoke_tokens))
        .route("/_control/webhooks/deliver", post(deliver))
}

/// Sends the waiting events and counts what came of it.
pub(crate) async fn deliver_events(site: &Site, twist: Twist) -> Vec<Delivery> {
    let parcels = site.with(|shop, now| webhook::pack(shop, twist, now));
    let deliveries = webhook::send(&site.client, parcels).await;
    site.with(|shop, _| webhook::settle(shop, &deliveries));
    deliveries
        .into_iter()
        .map(|(_, delivery)| delivery)
        .collect()
}

async fn add_locations(
    State(site): State<Arc<Site>>,
    Json(seeds): Json<Vec<NewLocation>>,
) -> Json<Value> {
    let ids: Vec<u64> = site.with(|shop, now| {
        seeds
            .into_iter()
            .map(|seed| shop.add_location(seed, now))
            .collect()
    });
    Json(json!({ "ids": ids }))
}

async fn add_items(State(site): State<Arc<Site>>, Json(seeds): Json<Vec<NewItem>>) -> Json<Value> {
    let ids: Vec<u64> = site.with(|shop, now| {
        seeds
            .into_iter()
            .map(|seed| shop.add_item(seed, now))
            .collect()
    });
    Json(json!({ "ids": ids }))
}

async fn set_quantities(
    State(site): State<Arc<Site>>,
    Json(rows): Json<Vec<SetQuantity>>,
) -> Json<Value> {
    site.with(|shop, now| {
        for row in &rows {
            let key = LevelKey {
                item: row.item,
                location: row.location,
            };
            shop.set_quantity(key, &row.name, row.quantity, now);
        }
    });
    Json(json!({ "written": rows.len() }))
}

async fn add_fault(State(site): State<Arc<Site>>, Json(rule): Json<FaultRule>) -> Json<Value> {
    site.with(|shop, _| shop.faults.add(rule));
    Json(json!({}))
}

async fn clear_faults(State(site): State<Arc<Site>>) -> Json<Value> {
    site.with(|shop, _| shop.faults.clear());
    Json(json!({}))
}

async fn requests(State(site): State<Arc<Site>>) -> Json<Vec<Logged>> {
    Json(site.with(|shop, _| shop.log.clone()))
}

async fn forget_requests(State(site): State<Arc<Site>>) -> Json<Value> {
    site.with(|shop, _| shop.log.clear());
    Json(json!({}))
}

async fn advance(State(site): State<Arc<Site>>, Json(advance): Json<Advance>) -> Json<Value> {
    site.clock
        .advance(SignedDuration::from_secs(advance.advance_secs));
    Json(json!({ "now": site.clock.now().to_string() }))
}

async fn revoke_tokens(State(site): State<Arc<Site>>) -> Json<Value> {
    site.with(|shop, _| shop.tokens.clear());
    Json(json!({}))
}

async fn deliver(
    State(site): State<Arc<Site>>,
    Json(deliver): Json<Deliver>,
) -> Json<Vec<Delivery>> {
    Json(deliver_events(&site, deliver.twist).await)
}

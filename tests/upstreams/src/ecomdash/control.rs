//! The control API for people who play: the same as the methods of `Ecomdash`, under `/_control/`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Units;
use super::book::Stock;
use super::service::Service;
use crate::json_api::{FaultRule, Request};

const HELP: &str = "\
a simulated Ecomdash

POST   /_control/stock           [{sku, warehouse, on_hand}]: replaces what is on hand
POST   /_control/products/{sku}  {active}
POST   /_control/kits/{sku}      [{sku, quantity}]: makes a kit of these
POST   /_control/faults          {fault, times, on}; DELETE clears them
GET    /_control/requests        what was asked
POST   /_control/clock           {advance_secs}

faults: unauthorized, rate_limited {retry_after_secs}, status {code}, error_body, page, truncated,
slow_body {pause_ms}, stalled_body, reset, dropped_after_commit
";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductChange {
    active: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Component {
    sku: String,
    quantity: Units,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    advance_secs: i64,
}

/// The routes, without their state.
pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/_control/", get(async || HELP))
        .route("/_control/stock", post(set_stock))
        .route("/_control/products/{sku}", post(change_product))
        .route("/_control/kits/{sku}", post(make_kit))
        .route("/_control/faults", post(add_fault).delete(clear_faults))
        .route("/_control/requests", get(list_requests))
        .route("/_control/clock", post(change_clock))
}

async fn set_stock(
    State(service): State<Arc<Service>>,
    Json(stock): Json<Vec<Stock>>,
) -> StatusCode {
    let now = service.options.clock.now();
    let mut state = service.state();
    for stock in stock {
        state.book.set(&stock, now);
    }
    StatusCode::NO_CONTENT
}

async fn change_product(
    State(service): State<Arc<Service>>,
    Path(sku): Path<String>,
    Json(change): Json<ProductChange>,
) -> StatusCode {
    service.state().book.set_active(&sku, change.active);
    StatusCode::NO_CONTENT
}

async fn make_kit(
    State(service): State<Arc<Service>>,
    Path(sku): Path<String>,
    Json(components): Json<Vec<Component>>,
) -> Result<StatusCode, (StatusCode, String)> {
    let parts = components
        .iter()
        .map(|part| (part.sku.as_str(), part.quantity));
    let parts: Vec<_> = parts.collect();
    let made = service.state().book.kit(&sku, &parts);
    made.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add_fault(State(service): State<Arc<Service>>, Json(rule): Json<FaultRule>) -> StatusCode {
    service.state().faults.add(rule);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(service): State<Arc<Service>>) -> StatusCode {
    service.state().faults.clear();
    StatusCode::NO_CONTENT
}

async fn list_requests(State(service): State<Arc<Service>>) -> Json<Vec<Request>> {
    Json(service.state().requests.clone())
}

async fn change_clock(
    State(service): State<Arc<Service>>,
    Json(change): Json<ClockChange>,
) -> Json<Value> {
    let clock = &service.options.clock;
    clock.advance(SignedDuration::from_secs(change.advance_secs));
    Json(json!({ "now": clock.now() }))
}

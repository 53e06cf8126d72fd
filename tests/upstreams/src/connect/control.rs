//! The control API for people who play: the same as the methods of `Module`, under `/_control/`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::book::Stock;
use super::service::Service;
use crate::json_api::{FaultRule, Request};

const HELP: &str = "\
a simulated module of ShipEngine Connect

POST   /_control/stock       [{sku, warehouse, available, on_hand, allocated, committed}]: replaces what there is
GET    /_control/stock       what there is
POST   /_control/lock/{sku}  locks an article; DELETE unlocks it
POST   /_control/faults      {fault, times, on}; DELETE clears them
GET    /_control/requests    what was asked
POST   /_control/clock       {advance_secs}

faults: unauthorized, rate_limited {retry_after_secs}, status {code}, error_body, page, truncated,
slow_body {pause_ms}, stalled_body, reset, dropped_after_commit
";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    advance_secs: i64,
}

/// The routes, without their state.
pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/_control/", get(async || HELP))
        .route("/_control/stock", get(list_stock).post(set_stock))
        .route("/_control/lock/{sku}", post(lock).delete(unlock))
        .route("/_control/faults", post(add_fault).delete(clear_faults))
        .route("/_control/requests", get(list_requests))
        .route("/_control/clock", post(change_clock))
}

async fn list_stock(State(service): State<Arc<Service>>) -> Json<Vec<Stock>> {
    let state = service.state();
    Json(
        state
            .book
            .items()
            .map(|(_, item)| item.stock.clone())
            .collect(),
    )
}

async fn set_stock(
    State(service): State<Arc<Service>>,
    Json(stock): Json<Vec<Stock>>,
) -> StatusCode {
    let now = service.options.clock.now();
    let mut state = service.state();
    for stock in stock {
        state.book.set(stock, now);
    }
    StatusCode::NO_CONTENT
}

async fn lock(State(service): State<Arc<Service>>, Path(sku): Path<String>) -> StatusCode {
    service.state().book.set_locked(&sku, true);
    StatusCode::NO_CONTENT
}

async fn unlock(State(service): State<Arc<Service>>, Path(sku): Path<String>) -> StatusCode {
    service.state().book.set_locked(&sku, false);
    StatusCode::NO_CONTENT
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

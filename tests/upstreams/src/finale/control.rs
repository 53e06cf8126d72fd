//! The control API for people who play: the same as the methods of `Finale`, under `/_control/`.

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::FaultRule;
use super::requests::Request;
use super::service::Service;
use super::stock::{Stock, StockRow};

const HELP: &str = "\
a simulated Finale Inventory

POST   /_control/stock           [{sku, title, location, on_hand, reserved, on_order}]: replaces what a product has there
GET    /_control/stock           what stands where
POST   /_control/rows            [{sku, facility, lot, packing, held: on_hand|reserved|on_order, order, quantity}]
POST   /_control/facilities      [{name, parent, active, stock_columns}]
POST   /_control/products/{sku}  {active, rename}
POST   /_control/faults          {fault, times, on}; DELETE clears them
GET    /_control/requests        what was asked; DELETE forgets it
POST   /_control/clock           {advance_secs, freeze}

faults: unauthorized, rate_limited {retry_after_secs}, status {code}, error_body, login_page, truncated,
slow_body {pause_ms}, stalled_body, reset, duplicated_rows, dropped_after_commit, gzip_bomb {inflated_mib}
";

type Refusal = (StatusCode, String);

/// What to change about a location or sublocation; it is made when it is new.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FacilityChange {
    name: String,
    parent: Option<String>,
    active: Option<bool>,
    stock_columns: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductChange {
    active: Option<bool>,
    rename: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    #[serde(default)]
    advance_secs: i64,
    #[serde(default)]
    freeze: bool,
}

/// The routes, without their state.
pub(crate) fn router() -> Router<Arc<Service>> {
    Router::new()
        .route("/_control/", get(async || HELP))
        .route("/_control/stock", get(list_stock).post(set_stock))
        .route("/_control/rows", post(set_rows))
        .route("/_control/facilities", post(change_facilities))
        .route("/_control/products/{sku}", post(change_product))
        .route("/_control/faults", post(add_fault).delete(clear_faults))
        .route(
            "/_control/requests",
            get(list_requests).delete(forget_requests),
        )
        .route("/_control/clock", post(change_clock))
        .layer(DefaultBodyLimit::disable())
}

async fn list_stock(State(service): State<Arc<Service>>) -> Json<Value> {
    let account = service.account();
    let book = &account.book;
    let locations = || {
        book.facilities()
            .iter()
            .filter(|(_, facility)| facility.parent.is_none())
    };
    let levels = book.products().values().flat_map(|product| {
        locations().map(move |(id, location)| (product, location, book.totals(product, Some(*id))))
    });
    let listed = levels
        .filter(|(_, _, totals)| totals.any)
        .map(|(product, location, totals)| {
            json!({
                "sku": product.id,
                "location": location.name,
                "on_hand": totals.on_hand,
                "reserved": totals.reserved,
                "on_order": totals.on_order,
            })
        });
    Json(listed.collect())
}

async fn set_stock(
    State(service): State<Arc<Service>>,
    Json(stock): Json<Vec<Stock>>,
) -> StatusCode {
    let now = service.clock.now();
    let mut account = service.account();
    for stock in stock {
        account.book.set_stock(stock, now);
    }
    StatusCode::NO_CONTENT
}

async fn set_rows(
    State(service): State<Arc<Service>>,
    Json(rows): Json<Vec<StockRow>>,
) -> Result<StatusCode, Refusal> {
    let mut account = service.account();
    for row in rows {
        account
            .book
            .set_row(row)
            .map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn change_facilities(
    State(service): State<Arc<Service>>,
    Json(changes): Json<Vec<FacilityChange>>,
) -> StatusCode {
    let now = service.clock.now();
    let mut account = service.account();
    for change in changes {
        let parent = change
            .parent
            .map(|parent| account.book.location(&parent, now));
        account.book.facility(&change.name, parent, now);
        if let Some(facility) = account.book.facility_named_mut(&change.name) {
            facility.active = change.active.unwrap_or(facility.active);
            facility.stock_columns = change.stock_columns.unwrap_or(facility.stock_columns);
            facility.last_updated = now;
        }
    }
    StatusCode::NO_CONTENT
}

async fn change_product(
    State(service): State<Arc<Service>>,
    Path(sku): Path<String>,
    Json(change): Json<ProductChange>,
) -> Result<StatusCode, Refusal> {
    let now = service.clock.now();
    let mut account = service.account();
    let product = account.book.product_mut(&sku).ok_or_else(|| {
        (
            StatusCode::NOT_FOUND,
            format!("there is no product `{sku}`"),
        )
    })?;
    product.active = change.active.unwrap_or(product.active);
    product.last_updated = now;
    if let Some(new) = change.rename {
        account.book.rename_product(&sku, &new, now);
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn add_fault(State(service): State<Arc<Service>>, Json(rule): Json<FaultRule>) -> StatusCode {
    service.account().faults.add(rule);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(service): State<Arc<Service>>) -> StatusCode {
    service.account().faults.clear();
    StatusCode::NO_CONTENT
}

async fn list_requests(State(service): State<Arc<Service>>) -> Json<Vec<Request>> {
    Json(service.account().requests.clone())
}

async fn forget_requests(State(service): State<Arc<Service>>) -> StatusCode {
    service.account().requests.clear();
    StatusCode::NO_CONTENT
}

async fn change_clock(
    State(service): State<Arc<Service>>,
    Json(change): Json<ClockChange>,
) -> Json<Value> {
    if change.freeze {
        service.clock.freeze();
    }
    service
        .clock
        .advance(SignedDuration::from_secs(change.advance_secs));
    Json(json!({ "now": service.clock.now() }))
}

//! Orders of the older API: every order of the account, whichever way it came in.
//!
//! What a tool sends is [tidied](tidy), becomes an order of ours by its [draft], and is kept whole, so that it is
//! [shown] as it was sent. What became of the order since holds: its status, its lines, where it ships from.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value};

use super::super::text_or_number::as_whole;
use super::done::{Done, done};
use super::page::Page;
use super::query::Parameters;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::store;
use known::Known;
use shown::Places;
use status::Word;

mod draft;
mod fields;
mod known;
mod put;
mod search;
mod shelf_text;
mod shown;
mod status;
mod tidy;

pub(super) use put::{put_many, put_one};
pub(super) use shelf_text::write as write_shelf_text;

type Object = Map<String, Value>;

pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let page = Page::asked(&parameters)?;
    let filter = search::filter(&parameters)?;
    let (offset, size) = (page.offset(), page.size);
    let found = store::shipstation::order::list(&parts.db, account, &filter, offset, size).await?;
    let orders = store::order::find_many(&parts.db, account, &found.numbers).await?;
    let known = known::all(&parts, account, orders).await?;
    let places = Places::of(&parts, account).await?;
    let shown = known
        .iter()
        .map(|known| shown::order(known, &places).into());
    Ok(page.answer("orders", shown.collect(), found.total))
}

pub(super) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<i64>,
) -> Result<Json<Object>, Problem> {
    let known = known::find(&parts, caller.account_id, id).await?;
    let places = Places::of(&parts, caller.account_id).await?;
    Ok(Json(shown::order(&known, &places)))
}

/// An order that is deleted there is called off here: what was ordered is not forgotten.
pub(super) async fn remove(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<i64>,
) -> Result<Json<Done>, Problem> {
    let known = known::find(&parts, caller.account_id, id).await?;
    known.become_now(&parts, Word::CANCELLED, |_| ()).await?;
    Ok(done("The requested order has been deleted"))
}

pub(super) async fn hold(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<Object>,
) -> Result<Json<Done>, Problem> {
    let known = known_of(&parts, &caller, &sent).await?;
    let until = sent
        .get("holdUntilDate")
        .filter(|until| !until.is_null())
        .cloned();
    let until = until.ok_or_else(|| Problem::field("holdUntilDate", "it is required"))?;
    let held = known.become_now(&parts, Word::ON_HOLD, |document| {
        document.insert("holdUntilDate".to_owned(), until);
    });
    held.await?;
    Ok(done("The requested order has been placed on hold"))
}

pub(super) async fn restore(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<Object>,
) -> Result<Json<Done>, Problem> {
    let known = known_of(&parts, &caller, &sent).await?;
    let restored = known.become_now(&parts, Word::AWAITING_SHIPMENT, |document| {
        document.remove("holdUntilDate");
    });
    restored.await?;
    Ok(done("The requested order has been restored from on hold"))
}

pub(super) async fn mark_shipped(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<Object>,
) -> Result<Json<Value>, Problem> {
    let known = known_of(&parts, &caller, &sent).await?;
    let shipped = known.become_now(&parts, Word::SHIPPED, |document| {
        for field in ["carrierCode", "shipDate", "trackingNumber"] {
            let said = sent.get(field).filter(|value| !value.is_null());
            document.extend(said.map(|value| (field.to_owned(), value.clone())));
        }
    });
    let Known { order, number, .. } = shipped.await?;
    Ok(Json(
        serde_json::json!({ "orderId": number, "orderNumber": order.number }),
    ))
}

/// The order that a body is about.
async fn known_of(
    parts: &Parts,
    caller: &crate::api_key::Caller,
    sent: &Object,
) -> Result<Known, Problem> {
    let id = sent.get("orderId").and_then(as_whole);
    let id = id.ok_or_else(|| Problem::field("orderId", "it is required"))?;
    known::find(parts, caller.account_id, id).await
}

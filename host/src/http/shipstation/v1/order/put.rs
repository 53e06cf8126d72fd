//! Orders that tools send: made, or put in place of what was sent under the same key before.

use std::sync::Arc;

use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::super::text_or_number::as_whole;
use super::fields::text;
use super::known::{self, Known};
use super::shown::{self, Places};
use super::status::Word;
use super::{draft, tidy::tidy};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::AccountId;
use crate::order::{OrderNumber, OrderStatus};
use crate::store::shipstation::order::{self, Sent};

/// Most orders of one request: as many as ShipStation takes.
const ORDERS_AT_ONCE_MAX: usize = 100;
/// Longest key, in bytes: four times what ShipStation takes.
const KEY_BYTES_MAX: usize = 200;

type Object = Map<String, Value>;

/// What became of several orders.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Results {
    has_errors: bool,
    results: Vec<Outcome>,
}

/// What became of one of them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    order_id: Option<i64>,
    order_number: Option<String>,
    order_key: Option<String>,
    success: bool,
    error_message: Option<String>,
}

pub(in super::super) async fn put_one(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<Object>,
) -> Result<Json<Object>, Problem> {
    let known = put(&parts, caller.account_id, sent).await?;
    let places = Places::of(&parts, caller.account_id).await?;
    Ok(Json(shown::order(&known, &places)))
}

pub(in super::super) async fn put_many(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<Vec<Object>>,
) -> Result<Json<Results>, Problem> {
    if sent.len() > ORDERS_AT_ONCE_MAX {
        let detail = format!(
            "at most {ORDERS_AT_ONCE_MAX} orders are taken at once; these are {}",
            sent.len()
        );
        return Err(Problem::new(ProblemKind::Malformed, detail));
    }
    let mut results = Vec::with_capacity(sent.len());
    for sent in sent {
        results.push(outcome(&parts, caller.account_id, sent).await?);
    }
    Ok(Json(Results {
        has_errors: results.iter().any(|outcome| !outcome.success),
        results,
    }))
}

/// An order that is refused leaves the others alone; trouble of our own is an error of them all.
async fn outcome(parts: &Parts, account: AccountId, sent: Object) -> Result<Outcome, Problem> {
    let said = |field| text(&sent, field).map(str::to_owned);
    let (number, key) = (said("orderNumber"), said("orderKey"));
    match put(parts, account, sent).await {
        Ok(known) => Ok(Outcome {
            order_id: Some(known.number),
            order_number: Some(known.order.number.into()),
            order_key: Some(known.sent.key),
            success: true,
            error_message: None,
        }),
        Err(problem) if problem.status().is_client_error() => Ok(Outcome {
            order_id: None,
            order_number: number,
            order_key: key,
            success: false,
            error_message: Some(problem.detail().to_owned()),
        }),
        Err(problem) => Err(problem),
    }
}

async fn put(parts: &Parts, account: AccountId, sent: Object) -> Result<Known, Problem> {
    let id = sent.get("orderId").and_then(as_whole).filter(|id| *id != 0);
    let document = tidy(sent)?;
    let number = number_of(&document)?;
    let known = before(parts, account, id, &document, &number).await?;
    refuse_locked(known.as_ref())?;
    let status = Word::read("orderStatus", text(&document, "orderStatus"))?;
    let draft = draft::draft(parts, account, &document, number.clone(), status).await?;
    let now = parts.clock.now();
    let sent = Sent {
        key: key_of(&document, known.as_ref(), &number)?,
        number,
        status: status.text.to_owned(),
        stands_for: status.ours,
        store_id: None,
        customer: String::new(),
        created_at: known.map_or(now, |known| known.sent.created_at),
        paid_at: None,
        hold_until: None,
        document: String::new(),
    };
    known::keep(
        parts,
        account,
        draft,
        None,
        known::of_document(sent, document)?,
    )
    .await
}

fn number_of(document: &Object) -> Result<OrderNumber, Problem> {
    let number = text(document, "orderNumber");
    let number = number.ok_or_else(|| Problem::field("orderNumber", "it is required"))?;
    OrderNumber::new(number).map_err(|error| Problem::field("orderNumber", error.to_string()))
}

/// The order that is sent again: the one of this id, or else of this key, or else of this number.
async fn before(
    parts: &Parts,
    account: AccountId,
    id: Option<i64>,
    document: &Object,
    number: &OrderNumber,
) -> Result<Option<Known>, Problem> {
    let key = text(document, "orderKey");
    let of_key = match key {
        Some(key) => order::find_by_key(&parts.db, account, key).await?,
        None => None,
    };
    let of_id = match id {
        Some(id) => Some(known::find(parts, account, id).await?.order.number),
        None => None,
    };
    let named = of_id.or(of_key.map(|sent| sent.number));
    if let Some(named) = named.filter(|named| named != number) {
        let reason = format!("this is the order `{named}`, whose number cannot be changed");
        return Err(Problem::field("orderNumber", reason));
    }
    let known = known::by_name(parts, account, number).await?;
    let is_another =
        |known: &&Known| key.is_some_and(|key| is_sent(known) && known.sent.key != key);
    match known.as_ref().filter(is_another) {
        None => Ok(known),
        Some(known) => {
            let reason = format!(
                "this number belongs to the order with the key `{}`",
                known.sent.key
            );
            Err(Problem::field("orderNumber", reason))
        }
    }
}

/// Whether a tool has sent it, and not only looked at it.
fn is_sent(known: &Known) -> bool {
    known.sent.document != "{}"
}

/// What is gone or called off is changed no more through this API.
fn refuse_locked(known: Option<&Known>) -> Result<(), Problem> {
    let locked = known.filter(|known| {
        matches!(
            known.order.status,
            OrderStatus::Shipped | OrderStatus::Cancelled
        )
    });
    match locked {
        None => Ok(()),
        Some(known) => {
            let detail = format!(
                "the order `{}` is {} and cannot be changed any more",
                known.order.number,
                known.status()
            );
            Err(Problem::new(ProblemKind::Conflict, detail))
        }
    }
}

fn key_of(
    document: &Object,
    known: Option<&Known>,
    number: &OrderNumber,
) -> Result<String, Problem> {
    let sent = text(document, "orderKey").map(str::to_owned);
    let before = || known.map(|known| known.sent.key.clone());
    let key = sent.or_else(before).unwrap_or_else(|| number.to_string());
    match key.len() > KEY_BYTES_MAX {
        true => Err(Problem::field(
            "orderKey",
            format!("it has more than {KEY_BYTES_MAX} bytes"),
        )),
        false => Ok(key),
    }
}

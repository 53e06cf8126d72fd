//! Where items of orders lie, as a text that a partner writes for whoever picks them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use serde_json::{Map, Value};

use super::super::super::text_or_number::as_whole;
use super::super::done::{Done, done};
use super::known::{self, Known};
use super::shown::{self, of_item};
use super::status::Word;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::problem::{Kind as ProblemKind, Problem};

/// Most items of one request.
const ITEMS_MAX: usize = 100;

pub(in super::super) async fn write(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Json(sent): Json<Map<String, Value>>,
) -> Result<Json<Done>, Problem> {
    let text = sent
        .get("warehouseLocation")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let orders = by_order(&sent)?;
    for (order, lines) in orders {
        let known = known::find(&parts, caller.account_id, order).await?;
        put(&parts, known, &lines, text).await?;
    }
    Ok(done("The warehouse location has been updated"))
}

/// The places of the items, by their orders.
fn by_order(sent: &Map<String, Value>) -> Result<BTreeMap<i64, Vec<i64>>, Problem> {
    let field = "orderItemIds";
    let ids = sent.get(field).and_then(Value::as_array);
    let ids = ids.ok_or_else(|| Problem::field(field, "it is required"))?;
    if ids.len() > ITEMS_MAX {
        return Err(Problem::field(
            field,
            format!("at most {ITEMS_MAX} are taken at once"),
        ));
    }
    let mut orders: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for id in ids {
        let id = as_whole(id).ok_or_else(|| Problem::field(field, format!("{id} is no id")))?;
        let (order, line) = of_item(id);
        orders.entry(order).or_default().push(line);
    }
    Ok(orders)
}

async fn put(parts: &Parts, known: Known, lines: &[i64], text: &str) -> Result<(), Problem> {
    let mut items = shown::items_of(&known);
    for line in lines {
        let item = usize::try_from(line - 1)
            .ok()
            .and_then(|index| items.get_mut(index));
        let item = item.and_then(Value::as_object_mut).ok_or_else(|| {
            let detail = format!(
                "the order `{}` has no item at place {line}",
                known.order.number
            );
            Problem::new(ProblemKind::NotFound, detail)
        })?;
        item.insert("warehouseLocation".to_owned(), text.into());
    }
    let status = Word::read("orderStatus", Some(known.status()))?;
    let written = known.become_now(parts, status, |document| {
        document.insert("items".to_owned(), items.into());
    });
    written.await.map(drop)
}

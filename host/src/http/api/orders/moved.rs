//! Many orders to another ship-from location at once.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::book;
use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::{Json, present};
use crate::http::problem::Problem;
use crate::id::ShipFromId;
use crate::order::OrderNumber;
use crate::order::book::NotMoved;

/// Change where orders ship from
///
/// All of them at once, or none: when one is not there, nothing is changed. The move has an address of its own, because
/// any word below `/orders` may be the number of an order.
#[utoipa::path(post, path = "/order-moves", operation_id = "move_orders", tag = "Orders",
    request_body = OrdersToMove, responses((status = 200, description = "They ship from there", body = OrdersMoved)))]
pub(in crate::http) async fn move_to(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(orders): Json<OrdersToMove>,
) -> Result<Json<OrdersMoved>, Problem> {
    let Some(ship_from) = orders.ship_from_location_id else {
        let reason = "name a location, or `null` for the account's default one";
        return Err(Problem::field("ship_from_location_id", reason));
    };
    let moved = book(&parts)
        .move_to(caller.0.account_id, &orders.order_numbers, ship_from)
        .await
        .map_err(what_is_wrong)?;
    let event = caller.did(EventKind::OrdersMoved, Subject::orders(""));
    let event = event.with("moved", moved.moved);
    parts.activity.note(match ship_from {
        Some(id) => event.with("ship_from_location_id", id.to_string()),
        None => event,
    });
    Ok(Json(OrdersMoved {
        moved: moved.moved,
        unchanged: moved.unchanged,
    }))
}

fn what_is_wrong(error: NotMoved) -> Problem {
    match error {
        NotMoved::TooMany(_) | NotMoved::NoSuchOrders(_) => {
            Problem::field("order_numbers", error.to_string())
        }
        NotMoved::NoSuchLocation(_) => Problem::field("ship_from_location_id", error.to_string()),
        NotMoved::Store(error) => error.into(),
    }
}

/// Orders that are to ship from elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct OrdersToMove {
    /// The orders, by their numbers.
    #[schema(value_type = Vec<String>, max_items = 1_000, example = json!(["10249", "10250"]))]
    order_numbers: Vec<OrderNumber>,
    /// Where they shall ship from; `null` for the account's default location.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<ShipFromId>, required = true)]
    ship_from_location_id: Option<Option<ShipFromId>>,
}

/// What became of orders that were to ship from elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct OrdersMoved {
    /// How many ship from there now.
    moved: u64,
    /// How many did so before.
    unchanged: u64,
}

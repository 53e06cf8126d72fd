//! Letting many orders ship from another location at once.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::activity::{EventKind, Subject};
use crate::daemon::Parts;
use crate::http::console::entrance::safe_next;
use crate::http::console::visitor::Visitor;
use crate::http::problem::Problem;
use crate::id::ShipFromId;
use crate::order::OrderNumber;
use crate::order::book::{MOVED_AT_ONCE_MAX, NotMoved, OrderBook};

/// Orders that are named when they are not there; whoever has more of them sees enough from these.
const MISSING_SHOWN: usize = 5;

/// What was selected, and where it shall ship from. A form names each order under the same name.
#[derive(Debug, Default)]
struct Selection {
    orders: Vec<OrderNumber>,
    ship_from: Option<ShipFromId>,
    next: Option<String>,
}

/// Lets what was selected ship from there, and goes back to the list.
pub(in crate::http::console) async fn move_selected(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    body: Bytes,
) -> Result<Response, Problem> {
    let selection = Selection::read(&body)?;
    let book = OrderBook::open(parts.db.clone(), parts.clock.clone());
    let moved = book
        .move_to(visitor.account(), &selection.orders, selection.ship_from)
        .await
        .map_err(|error| not_moved(error, &visitor))?;
    let event = visitor.did(EventKind::OrdersMoved, Subject::orders(""));
    parts.activity.note(event.with("moved", moved.moved));
    Ok(Redirect::to(safe_next(selection.next.as_deref())).into_response())
}

fn not_moved(error: NotMoved, visitor: &Visitor) -> Problem {
    let text = visitor.text();
    let sentence = match error {
        NotMoved::TooMany(_) => text.count("move-too-many", MOVED_AT_ONCE_MAX),
        NotMoved::NoSuchOrders(missing) => text.name("move-no-such-orders", listed(&missing)),
        NotMoved::NoSuchLocation(_) => text.say("location-missing"),
        NotMoved::Store(error) => return error.into(),
    };
    Problem::field_for_visitor("order", sentence)
}

/// The first few, which are enough to see what happened.
fn listed(missing: &[OrderNumber]) -> String {
    let shown = missing.iter().take(MISSING_SHOWN).map(OrderNumber::as_str);
    let more = (missing.len() > MISSING_SHOWN).then_some("…");
    shown.chain(more).collect::<Vec<_>>().join(", ")
}

// === impl Selection ===

impl Selection {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut selection = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let wrong = |error: String| Problem::field(name.clone(), error);
            match &*name {
                "order" => {
                    let number = value.parse().map_err(|error| wrong(format!("{error}")));
                    selection.orders.push(number?);
                }
                "ship_from" => {
                    let id = value.parse().map_err(|error| wrong(format!("{error}")));
                    selection.ship_from = Some(id?);
                }
                "next" => selection.next = Some(value.into_owned()),
                _ => {}
            }
        }
        Ok(selection)
    }
}

//! Orders: what is to ship, and whether it can.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api_key;
use crate::availability::Look;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::csv::{self, AcceptsCsv, Format};
use crate::http::etag::{IfMatch, Tagged};
use crate::http::json::Json;
use crate::http::paging::{Cursor, Limit, Page};
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::id::{AccountId, ShipFromId};
use crate::order::book::OrderBook;
use crate::order::{Order, OrderNumber, OrderStatus};
use crate::report::order::{LINE, Row};
use crate::search::SearchText;
use crate::store;
use crate::store::order::{Filter, Sequence, ShipsFrom};
use crate::verdict::Verdict;
use draft::OrderToPut;
use place::PlaceKey;
use shown::{ShownOrder, Summary};

mod allocation;
mod draft;
mod import;
mod moved;
pub(in crate::http) mod place;
mod shown;

pub(in crate::http) use allocation::{
    __path_allocate, __path_override_it, __path_release, __path_stop_overriding, allocate,
    override_it, release, stop_overriding,
};
pub(in crate::http) use import::{__path_import, import};
pub(in crate::http) use moved::{__path_move_to, move_to};

/// Orders of one piece of a file: some thousand rows.
const ORDERS_PER_PIECE: u32 = 500;

/// List orders
///
/// Each with its verdict by what is stored; no other system is asked for a list. A page may hold fewer orders than
/// asked for, even none, when few have the wanted verdict: go on while there is a `next_cursor`.
#[utoipa::path(get, path = "/orders", operation_id = "list_orders", tag = "Orders", params(OrderQuery),
    responses((status = 200, description = "A page of orders; as CSV a row for each line",
        content((Page<Summary> = "application/json"), (String = "text/csv")))))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<OrderQuery>,
    accepts_csv: AcceptsCsv,
    uri: Uri,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let filter = query.filter(&parts, account).await?;
    if accepts_csv.or(query.format) {
        let after = query.cursor.map(|cursor| cursor.0.0);
        return as_csv(&parts, account, filter, query.verdict, after).await;
    }
    let after = query.cursor.as_ref().map(|cursor| &cursor.0.0);
    let limit = u32::try_from(query.limit.get()).unwrap_or(u32::MAX);
    let page = parts
        .availability
        .list(account, &filter, query.verdict, after, limit)
        .await?;
    let next = page.next.map(|place| Cursor(PlaceKey(place)).to_string());
    let items = page.orders.iter().map(Summary::of).collect();
    Ok(Page {
        items,
        next_cursor: next,
    }
    .linked(&uri)
    .into_response())
}

/// All of them as a file.
pub(in crate::http) async fn as_csv(
    parts: &Parts,
    account: AccountId,
    filter: Filter,
    verdict: Option<Verdict>,
    first: Option<store::order::Place>,
) -> Result<Response, Problem> {
    let shared = Arc::new((parts.availability.clone(), filter));
    // Nothing more to read is told from nothing read yet.
    csv::file("orders", LINE, Some(first), move |after| {
        let shared = Arc::clone(&shared);
        async move {
            let Some(after) = after else {
                return Ok::<_, store::Error>(None);
            };
            let (availability, filter) = &*shared;
            let page =
                availability.list(account, filter, verdict, after.as_ref(), ORDERS_PER_PIECE);
            let page = page.await?;
            let rows = page.orders.iter().flat_map(Row::all).collect();
            Ok(Some((rows, page.next.map(Some))))
        }
    })
    .await
}

/// Read an order
///
/// With the verdict on it and, for each line, what is there. Counts that are old are asked for anew, within the time
/// that `sync.live_query_ms` allows.
#[utoipa::path(get, path = "/orders/{order_number}", operation_id = "get_order", tag = "Orders",
    params(("order_number" = String, Path), LookQuery),
    responses((status = 200, description = "The order", body = ShownOrder)))]
pub(in crate::http) async fn get(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(number): Named<OrderNumber>,
    Query(query): Query<LookQuery>,
) -> Result<Response, Problem> {
    let found = book(&parts).find(caller.account_id, &number).await?;
    let no_such = || Problem::new(Kind::NotFound, format!("there is no order `{number}`"));
    show(&parts, &found.ok_or_else(no_such)?, query.look()).await
}

/// Put an order
///
/// Whole, in place of what was stored under its number. What is not named stays as stored, or takes its default on a
/// new order; the lines are always replaced. `If-Match` may be left out.
#[utoipa::path(put, path = "/orders/{order_number}", operation_id = "put_order", tag = "Orders",
    params(("order_number" = String, Path), ("If-Match" = Option<String>, Header)), request_body = OrderToPut,
    responses((status = 200, description = "It is replaced", body = ShownOrder),
        (status = 201, description = "It is new", body = ShownOrder)))]
pub(in crate::http) async fn put(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(number): Named<String>,
    if_match: IfMatch,
    Json(order): Json<OrderToPut>,
) -> Result<Response, Problem> {
    let draft = order.into_draft(&number)?;
    let expected = expected(&parts, &caller, &draft.number, &if_match).await?;
    let put = book(&parts).put(caller.account_id, draft, expected).await;
    let (order, stored) = put.map_err(no_such_location)?;
    let mut response = show(&parts, &order, Look::Stored).await?;
    if stored.created > 0 {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
}

/// What an order names that is not there is its ship-from location.
fn no_such_location(error: store::Error) -> Problem {
    match error {
        store::Error::NotFound { .. } => Problem::field("ship_from_location_id", error.to_string()),
        error => error.into(),
    }
}

async fn show(parts: &Parts, order: &Order, look: Look) -> Result<Response, Problem> {
    let answer = parts.availability.of_order(order, look).await?;
    let body = ShownOrder::of(order, &answer);
    Ok(Tagged {
        version: order.version,
        body,
    }
    .into_response())
}

/// The version that the stored order must still have, when the client names one.
async fn expected(
    parts: &Parts,
    caller: &api_key::Caller,
    number: &OrderNumber,
    if_match: &IfMatch,
) -> Result<Option<i64>, Problem> {
    if !if_match.is_given() {
        return Ok(None);
    }
    let stored = book(parts).find(caller.account_id, number).await?;
    let no_such = || {
        Problem::new(
            Kind::Changed,
            format!("there is no order `{number}` to replace"),
        )
    };
    let version = stored.ok_or_else(no_such)?.version;
    if_match.allow(version)?;
    Ok(Some(version))
}

fn book(parts: &Parts) -> OrderBook {
    OrderBook::open(parts.db.clone(), parts.clock.clone())
}

/// Which orders to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OrderQuery {
    /// Those of this status.
    #[param(inline)]
    status: Option<OrderStatus>,
    /// Those of this verdict.
    #[param(inline)]
    verdict: Option<Verdict>,
    /// Those that ship from this location.
    ship_from: Option<ShipFromId>,
    /// Those whose number begins with this, in capitals or not, or that have this very SKU on a line.
    #[param(max_length = 200, example = "10249")]
    search: Option<String>,
    /// Which come first: those that have waited longest, or those that came last.
    #[serde(default)]
    #[param(inline, default = "oldest_first")]
    sequence: SequenceWord,
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<PlaceKey>>,
    /// How it is answered; without it as `Accept` says. As CSV all of them come at once, a row for each line.
    #[param(inline)]
    format: Option<Format>,
}

/// Which orders come first.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum SequenceWord {
    /// Those that have waited longest.
    #[default]
    OldestFirst,
    /// Those that came last.
    NewestFirst,
}

/// How to look at an order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct LookQuery {
    /// Whether to wait for the source's system where counts are old; `false` answers at once with what is stored.
    #[param(default = true)]
    live: Option<bool>,
}

// === impl OrderQuery ===

impl OrderQuery {
    async fn filter(&self, parts: &Parts, account: AccountId) -> Result<Filter, Problem> {
        let ship_from = match self.ship_from {
            Some(id) => {
                let found = store::ship_from::find(&parts.db, account, id).await?;
                let no_such = || {
                    Problem::field(
                        "ship_from",
                        format!("there is no ship-from location `{id}`"),
                    )
                };
                let is_default = found.ok_or_else(no_such)?.is_default;
                Some(ShipsFrom { id, is_default })
            }
            None => None,
        };
        let search = SearchText::read(self.search.as_deref().unwrap_or_default());
        Ok(Filter {
            status: self.status,
            ship_from,
            search: search.map_err(|error| Problem::field("search", error.to_string()))?,
            sequence: match self.sequence {
                SequenceWord::OldestFirst => Sequence::OldestFirst,
                SequenceWord::NewestFirst => Sequence::NewestFirst,
            },
        })
    }
}

// === impl LookQuery ===

impl LookQuery {
    fn look(&self) -> Look {
        match self.live {
            Some(false) => Look::Stored,
            None | Some(true) => Look::Live,
        }
    }
}

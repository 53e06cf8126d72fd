//! Orders: the grid with its filters, the side panel, and an order in full.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use super::page::{Page, Place, show};
use super::visitor::Visitor;
use crate::availability::Look;
use crate::daemon::Parts;
use crate::http::api;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Query;
use crate::order::book::OrderBook;
use crate::order::{Order, OrderNumber};
use crate::store;

mod allocation;
mod filter;
mod grid;
mod looked_at;
mod moving;

pub(super) use allocation::{change as change_allocation, decide as decide_override};
pub(super) use moving::move_selected;

use filter::FilterQuery;
use grid::GridPage;
use looked_at::{DetailsPage, Elsewhere, LookedAt, Panel};

/// The grid.
pub(super) async fn list(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Query(query): Query<FilterQuery>,
) -> Result<Response, Problem> {
    if query.format == "csv" {
        let account = visitor.account();
        let filter = query.to_filter(&parts, account).await?;
        return api::orders::as_csv(&parts, account, filter, query.verdict(), None).await;
    }
    show(&GridPage::of(&parts, &visitor, &query).await?)
}

/// The side panel of one order, with counts as fresh as they can be had in time.
pub(super) async fn panel(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(number): Named<OrderNumber>,
) -> Result<Response, Problem> {
    let order = find(&parts, &visitor, &number).await?;
    let answer = parts.availability.of_order(&order, Look::Live).await?;
    show(&Panel {
        page: Page::new(&parts, &visitor, Place::Orders, number.to_string()),
        order: LookedAt::of(&order, &answer, &visitor),
    })
}

/// An order in full: the same, and what the other locations could do.
pub(super) async fn details(
    State(parts): State<Arc<Parts>>,
    visitor: Visitor,
    Named(number): Named<OrderNumber>,
) -> Result<Response, Problem> {
    let order = find(&parts, &visitor, &number).await?;
    let answer = parts.availability.of_order(&order, Look::Live).await?;
    let title = visitor.text().name("order-title", number.as_str());
    show(&DetailsPage {
        page: Page::new(&parts, &visitor, Place::Orders, title),
        elsewhere: elsewhere(
            &parts,
            &visitor,
            &order,
            answer.ship_from().map(|from| from.id),
        )
        .await?,
        order: LookedAt::of(&order, &answer, &visitor),
    })
}

async fn find(parts: &Parts, visitor: &Visitor, number: &OrderNumber) -> Result<Order, Problem> {
    let book = OrderBook::open(parts.db.clone(), parts.clock.clone());
    let found = book.find(visitor.account(), number).await?;
    let missing = || visitor.text().name("order-missing", number.as_str());
    found.ok_or_else(|| Problem::for_visitor(Kind::NotFound, missing()))
}

/// What the other ship-from locations could do, by what is stored.
async fn elsewhere(
    parts: &Parts,
    visitor: &Visitor,
    order: &Order,
    here: Option<crate::id::ShipFromId>,
) -> Result<Vec<Elsewhere>, Problem> {
    let mut others = Vec::new();
    for location in store::ship_from::list(&parts.db, visitor.account()).await? {
        if Some(location.id) == here {
            continue;
        }
        let answer = parts
            .availability
            .of_items(
                visitor.account(),
                Some(location.id),
                order.goods(),
                Look::Stored,
            )
            .await?;
        others.push(Elsewhere::of(&location, &answer, visitor));
    }
    Ok(others)
}

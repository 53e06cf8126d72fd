//! What is promised to an order: made, taken back, overridden, shown.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bestand_plugin_api::{Quantity, Sku};
use serde::Serialize;
use utoipa::ToSchema;

use super::{book, show};
use crate::allocation::{Allocation, AllocationState, Standing};
use crate::availability::Look;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::path::Named;
use crate::http::problem::{Kind, Problem};
use crate::id::{AccountId, SourceId};
use crate::order::{Order, OrderNumber};

/// Allocate an order
///
/// Promises it all its goods, or none: they are kept for it and nobody else gets them. Allocated already, it stays so.
/// Only stock of the installation's own warehouses is promised here; another system promises its own.
#[utoipa::path(put, path = "/orders/{order_number}/allocation", operation_id = "allocate_order", tag = "Orders",
    params(("order_number" = String, Path)),
    responses((status = 200, description = "It is allocated", body = super::ShownOrder)))]
pub(in crate::http) async fn allocate(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(number): Named<OrderNumber>,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let allocated = parts.allocator.allocate(account, &caller.name, &number);
    allocated.await?;
    answer(&parts, account, &number).await
}

/// Release an order
///
/// Takes back what is promised to it. Where orders are allocated by themselves, put it on hold instead.
#[utoipa::path(delete, path = "/orders/{order_number}/allocation", operation_id = "release_order", tag = "Orders",
    params(("order_number" = String, Path)),
    responses((status = 200, description = "Nothing is promised to it", body = super::ShownOrder)))]
pub(in crate::http) async fn release(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(number): Named<OrderNumber>,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let released = parts.allocator.release(account, &caller.name, &number);
    released.await?;
    answer(&parts, account, &number).await
}

/// Let an order ship without stock
///
/// Whatever is there: it is no longer blocked, what is promised to it is released, and nothing is deducted when it ships.
#[utoipa::path(put, path = "/orders/{order_number}/override", operation_id = "override_order", tag = "Orders",
    params(("order_number" = String, Path)),
    responses((status = 200, description = "It may ship", body = super::ShownOrder)))]
pub(in crate::http) async fn override_it(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(number): Named<OrderNumber>,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    let overridden = parts
        .allocator
        .override_by(account, &number, Some(&caller.name));
    overridden.await?;
    answer(&parts, account, &number).await
}

/// Take back that an order ships without stock
#[utoipa::path(delete, path = "/orders/{order_number}/override", operation_id = "stop_overriding_order",
    tag = "Orders", params(("order_number" = String, Path)),
    responses((status = 200, description = "It is an order like any other", body = super::ShownOrder)))]
pub(in crate::http) async fn stop_overriding(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(number): Named<OrderNumber>,
) -> Result<Response, Problem> {
    let account = caller.account_id;
    parts.allocator.override_by(account, &number, None).await?;
    answer(&parts, account, &number).await
}

async fn answer(
    parts: &Parts,
    account: AccountId,
    number: &OrderNumber,
) -> Result<Response, Problem> {
    let found = book(parts).find(account, number).await?;
    let no_such = || Problem::new(Kind::NotFound, format!("there is no order `{number}`"));
    show(parts, &found.ok_or_else(no_such)?, Look::Stored).await
}

/// What is promised to an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderAllocation)]
pub(super) struct ShownAllocation<'a> {
    /// How far it is.
    state: Standing,
    /// Whether its goods are kept for it, so that nobody else gets them.
    locked: bool,
    /// Who lets it ship without.
    overridden_by: Option<&'a str>,
    /// What is promised to it, by article.
    lines: Vec<AllocatedLine<'a>>,
}

/// What is promised of one article.
#[derive(Debug, Serialize, ToSchema)]
struct AllocatedLine<'a> {
    /// The article.
    #[schema(value_type = String)]
    sku: &'a Sku,
    /// How many.
    #[schema(value_type = f64)]
    quantity: Quantity,
    /// Where they lie.
    source_id: SourceId,
    /// How far that is.
    state: AllocationState,
}

// === impl ShownAllocation ===

impl<'a> ShownAllocation<'a> {
    pub(super) fn of(order: &'a Order) -> Self {
        let state = Standing::of(order);
        Self {
            state,
            locked: state == Standing::Allocated,
            overridden_by: order.overridden_by.as_deref(),
            lines: order.allocations.iter().map(AllocatedLine::of).collect(),
        }
    }
}

// === impl AllocatedLine ===

impl<'a> AllocatedLine<'a> {
    fn of(allocation: &'a Allocation) -> Self {
        Self {
            sku: &allocation.sku,
            quantity: allocation.quantity,
            source_id: allocation.source_id,
            state: allocation.state,
        }
    }
}

//! The older API: orders, ship-from locations (its warehouses), stores and products, by whole numbers as ids; and the
//! registration of partners that are asked for levels.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;

use super::addressed::V1_PREFIX;
use super::routes::Routes;
use crate::api_key::Role;
use crate::daemon::Parts;

mod done;
mod message;
mod moment;
mod order;
mod page;
mod product;
mod query;
mod registration;
mod store;
mod tag;
mod warehouse;

/// What ShipStation lets a key ask for.
const REQUESTS_PER_MINUTE: u32 = 40;

/// Every route, below [`V1_PREFIX`], in small letters.
pub(super) fn router(parts: &Arc<Parts>) -> Router {
    Routes::new(parts, V1_PREFIX, REQUESTS_PER_MINUTE)
        .read("/warehouses", warehouse::list)
        .write("POST", "/warehouses/createwarehouse", warehouse::make)
        .read("/warehouses/{id}", warehouse::get)
        .write("PUT", "/warehouses/{id}", warehouse::change)
        .write("DELETE", "/warehouses/{id}", warehouse::remove)
        .read("/orders", order::list)
        .read("/orders/list", order::list)
        .write("POST", "/orders/createorder", order::put_one)
        .write("POST", "/orders/createorders", order::put_many)
        .write("POST", "/orders/holduntil", order::hold)
        .write("POST", "/orders/restorefromhold", order::restore)
        .write("POST", "/orders/markasshipped", order::mark_shipped)
        .write(
            "POST",
            "/orders/updatewarehouselocation",
            order::write_shelf_text,
        )
        .read("/orders/{id}", order::get)
        .write("DELETE", "/orders/{id}", order::remove)
        .read("/products", product::list)
        .read("/products/{id}", product::get)
        .read("/accounts/listtags", tag::list)
        .write_by(
            Role::Partner,
            "POST",
            "/integratedapp/register",
            registration::register,
        )
        .read("/stores", store::list)
        .read("/stores/marketplaces", store::marketplaces)
        .read("/stores/{id}", store::get)
        .finish()
        .layer(from_fn(message::speak))
}

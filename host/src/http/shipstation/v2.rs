//! The newer API: inventory, in warehouses (our inventory sources) and locations in them.
//!
//! Reads tell of every source; writes go where the source's adapter can. A location stands for a whole building or for
//! a bin in it; bins are known of buildings that are shaped from here.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;

use super::addressed::V2_PREFIX;
use super::routes::Routes;
use crate::daemon::Parts;

mod answer;
mod building;
mod envelope;
mod id;
mod inventory;
mod inventory_locations;
mod inventory_warehouses;
mod levels;
mod lying;
mod numbers;
mod page;
mod place;
mod removal;
mod transaction;

/// What ShipStation lets a key ask for.
const REQUESTS_PER_MINUTE: u32 = 200;

/// Every route, below [`V2_PREFIX`].
pub(super) fn router(parts: &Arc<Parts>) -> Router {
    Routes::new(parts, V2_PREFIX, REQUESTS_PER_MINUTE)
        .read("/inventory", inventory::list)
        .write("POST", "/inventory", inventory::transact)
        .read("/inventory_warehouses", inventory_warehouses::list)
        .write("POST", "/inventory_warehouses", inventory_warehouses::make)
        .read("/inventory_warehouses/{id}", inventory_warehouses::get)
        .write(
            "PUT",
            "/inventory_warehouses/{id}",
            inventory_warehouses::rename,
        )
        .write(
            "DELETE",
            "/inventory_warehouses/{id}",
            inventory_warehouses::remove,
        )
        .read("/inventory_locations", inventory_locations::list)
        .write("POST", "/inventory_locations", inventory_locations::make)
        .read("/inventory_locations/{id}", inventory_locations::get)
        .write(
            "PUT",
            "/inventory_locations/{id}",
            inventory_locations::rename,
        )
        .write(
            "DELETE",
            "/inventory_locations/{id}",
            inventory_locations::remove,
        )
        .finish()
        .layer(from_fn(envelope::speak))
}

//! The HTTP API: requests in, answers and problems out.
//!
//! `connection → gate → handler → answer`: [`serve()`] takes connections, the gate before each route does what all have
//! in common, and a handler extracts, asks the part that knows, and answers. SQL is in [`store`](crate::store), rules
//! are in their own modules; JSON shapes are here and nowhere else.

use std::io;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use utoipa_axum::routes;

use crate::api_key::Role::{Admin, Operator, Partner, Reader};
use crate::daemon::Parts;
use auth::Access::{Anyone, Key, Local};
use routes::Routes;

pub mod api;
pub mod auth;
pub mod console;
pub mod created;
pub mod etag;
pub mod json;
pub mod paging;
pub mod path;
pub mod problem;
pub mod query;

mod body;
mod csv;
mod gate;
mod health;
mod hooks;
mod idempotency;
mod limit;
mod openapi;
mod routes;
mod sender;
mod serve;
mod shipstation;
mod trace;

/// Answers on `listener` until `shutdown`, then lets requests under way end.
///
/// # Errors
/// When the listener does not listen.
pub async fn serve(
    listener: TcpListener,
    parts: Arc<Parts>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    tracing::info!(address = %listener.local_addr()?, "listening");
    let stopping = parts.stopping.clone();
    let shutdown = async {
        shutdown.await;
        stopping.cancel();
    };
    serve::run(listener, router(parts), shutdown).await;
    Ok(())
}

/// Everything that is answered, and who may ask for it. Method and path stand at each handler.
pub fn router(parts: Arc<Parts>) -> Router {
    let own = Routes::new(Arc::clone(&parts))
        .read(Anyone, routes!(health::healthz))
        .read(Anyone, routes!(health::readyz))
        .read(Local, routes!(health::metrics))
        // Whoever sends proves itself to the connection's adapter.
        .read(Anyone, routes!(hooks::receive))
        .read(Anyone, routes!(hooks::challenge))
        .under("/api/v1")
        .read(Key(Reader), routes!(api::availability::ask))
        .read(Key(Reader), routes!(api::orders::list))
        .import(Key(Operator), routes!(api::orders::import))
        .write(Key(Operator), routes!(api::orders::move_to))
        .read(Key(Reader), routes!(api::orders::get))
        .write(Key(Operator), routes!(api::orders::put))
        .write(Key(Operator), routes!(api::orders::allocate))
        .write(Key(Operator), routes!(api::orders::release))
        .write(Key(Admin), routes!(api::orders::override_it))
        .write(Key(Admin), routes!(api::orders::stop_overriding))
        .read(Key(Partner), routes!(api::inventory_sources::list))
        .read(Key(Partner), routes!(api::inventory_sources::get))
        .write(Key(Operator), routes!(api::inventory_sources::change))
        .read(Key(Partner), routes!(api::levels::list))
        .read(Key(Partner), routes!(api::history::of_level))
        .read(Key(Partner), routes!(api::history::of_source))
        .read(Key(Reader), routes!(api::explanation::of_level))
        .read(Key(Reader), routes!(api::drift::list))
        .read(Key(Reader), routes!(api::drift::get))
        .read(Key(Reader), routes!(api::drift::threshold))
        .write(Key(Operator), routes!(api::drift::set_threshold))
        .write(Key(Operator), routes!(api::adjustments::adjust))
        .read(Key(Reader), routes!(api::operations::list))
        .read(Key(Reader), routes!(api::operations::get))
        .write(Key(Operator), routes!(api::operations::settle))
        .import(Key(Partner), routes!(api::partner::levels::push))
        .write(Key(Partner), routes!(api::partner::locations::push))
        .read(Key(Reader), routes!(api::products::list))
        .read(Key(Reader), routes!(api::products::get))
        .read(Key(Reader), routes!(api::ship_from_locations::list))
        .write(Key(Operator), routes!(api::ship_from_locations::make))
        .read(Key(Reader), routes!(api::ship_from_locations::get))
        .write(Key(Operator), routes!(api::ship_from_locations::change))
        .write(Key(Operator), routes!(api::ship_from_locations::remove))
        .write(Key(Operator), routes!(api::ship_from_locations::link))
        .write(Key(Operator), routes!(api::ship_from_locations::unlink))
        .read(Key(Partner), routes!(api::adapters::list))
        .write(Key(Operator), routes!(api::adapters::release))
        .read(Key(Operator), routes!(api::adapters::recent))
        .read(Key(Reader), routes!(api::connections::list))
        .write(Key(Operator), routes!(api::connections::make))
        .read(Key(Reader), routes!(api::connections::get))
        .write(Key(Operator), routes!(api::connections::change))
        .write(Key(Operator), routes!(api::connections::remove))
        .write(Key(Operator), routes!(api::connections::check))
        // A part of a connection is read to its end, however long the system takes.
        .import(Key(Operator), routes!(api::connections::sync))
        .read(Key(Reader), routes!(api::activity::list))
        .read(Key(Reader), routes!(api::changes::follow))
        .read(Key(Reader), routes!(api::low_stock::list))
        .read(Key(Reader), routes!(api::aliases::list))
        .write(Key(Operator), routes!(api::aliases::set))
        .write(Key(Operator), routes!(api::aliases::remove))
        .read(Key(Reader), routes!(api::alias_suggestions::list))
        .read(Key(Reader), routes!(api::ledger::list))
        .read(Key(Reader), routes!(api::stock_takes::list))
        .write(Key(Operator), routes!(api::stock_takes::start))
        .read(Key(Reader), routes!(api::stock_takes::get))
        .read(Key(Reader), routes!(api::stock_takes::counts))
        .write(Key(Operator), routes!(api::stock_takes::count_goods))
        .read(Key(Reader), routes!(api::stock_takes::uncounted))
        .write(Key(Operator), routes!(api::stock_takes::commit))
        .write(Key(Operator), routes!(api::stock_takes::cancel))
        .read(Key(Reader), routes!(api::kits::list))
        .write(Key(Operator), routes!(api::kits::set))
        .write(Key(Operator), routes!(api::kits::remove))
        .write(Key(Operator), routes!(api::kits::import))
        .write(Key(Operator), routes!(api::aliases::import))
        .read(Key(Reader), routes!(api::low_stock_thresholds::list))
        .write(Key(Operator), routes!(api::low_stock_thresholds::set))
        .write(Key(Operator), routes!(api::low_stock_thresholds::remove))
        .read(Key(Operator), routes!(api::webhooks::list))
        .write(Key(Operator), routes!(api::webhooks::make))
        .read(Key(Operator), routes!(api::webhooks::get))
        .write(Key(Operator), routes!(api::webhooks::change))
        .write(Key(Operator), routes!(api::webhooks::remove))
        .write(Key(Operator), routes!(api::webhooks::rotate))
        .write(Key(Operator), routes!(api::webhooks::ping))
        .write(Key(Operator), routes!(api::webhooks::resend_all))
        .read(Key(Operator), routes!(api::webhooks::deliveries))
        .read(Key(Operator), routes!(api::webhooks::delivery))
        .write(Key(Operator), routes!(api::webhooks::resend))
        .read(Key(Admin), routes!(api::api_keys::list))
        .write(Key(Admin), routes!(api::api_keys::make))
        .write(Key(Admin), routes!(api::api_keys::regenerate))
        .write(Key(Admin), routes!(api::api_keys::revoke))
        .finish(console::router);
    shipstation::beside(own, &parts)
}

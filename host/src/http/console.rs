//! The console: what shipping staff and operators look at, as pages made here and brought up to date by htmx.
//!
//! `request → dress → gate → entrance → page`: the [`dress`] is what every answer wears, the gate is the API's own, the
//! [`entrance`] knows the visitor by the session and says who may open what, and a page asks the same parts of the
//! daemon as the API does and fills its template. Templates lie beside the code that fills them, texts in [`text`].
//!
//! **Invariant:** no page loads anything from another host, and none needs a script to be read.

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};

use crate::api_key::Role::{Admin, Operator, Reader};
use crate::daemon::Parts;
use entrance::Entry::{Anyone, Of};
use routes::Pages;

mod address;
mod assets;
mod cookie;
mod dress;
mod entrance;
mod explain;
mod form;
mod icon;
mod kits;
mod language;
mod live;
mod moment;
mod number;
mod page;
mod part;
mod routes;
mod same_origin;
mod stock_takes;
mod text;
mod tone;
mod user_fault;
mod visitor;
mod webhooks;

mod activity;
mod aliases;
mod api_keys;
mod component;
mod connections;
mod inventory_sources;
mod low_stock;
mod me;
mod operations;
mod orders;
mod plugins;
mod preferences;
mod products;
mod set_up;
mod ship_from_locations;
mod sign_in;
mod status;
mod users;

pub(super) use dress::for_people;

/// Every page and form, and who may use it.
pub(super) fn router(parts: Arc<Parts>) -> Router {
    Pages::new(parts)
        .read(Anyone, "/", get(async || Redirect::to("/orders")))
        .read(Anyone, "/assets/{version}/{name}", get(assets::get))
        .read(Anyone, "/sign-in", get(sign_in::page).post(sign_in::submit))
        .read(Anyone, "/set-up", get(set_up::page).post(set_up::submit))
        .write(Anyone, "/language", post(preferences::language))
        .write(Of(Reader), "/sign-out", post(sign_in::out))
        .read(Of(Reader), "/me", get(me::page))
        .write(Of(Reader), "/me/password", post(me::password))
        .write(Of(Reader), "/me/sessions/{id}/end", post(me::end_session))
        .read(Of(Reader), "/live", get(live::changes))
        .read(Of(Reader), "/orders", get(orders::list))
        .write(Of(Operator), "/order-moves", post(orders::move_selected))
        .read(Of(Reader), "/orders/{number}", get(orders::details))
        .read(Of(Reader), "/orders/{number}/panel", get(orders::panel))
        .write(
            Of(Operator),
            "/orders/{number}/allocation",
            post(orders::change_allocation),
        )
        .write(
            Of(Admin),
            "/orders/{number}/override",
            post(orders::decide_override),
        )
        .read(Of(Reader), "/products", get(products::list))
        .read(Of(Reader), "/products/{sku}", get(products::details))
        .read(Of(Reader), "/kits", get(kits::list))
        .write(Of(Operator), "/kits", post(kits::set))
        .write(Of(Operator), "/kits/remove", post(kits::remove))
        .write(Of(Operator), "/kits/import", post(kits::import))
        .write(
            Of(Operator),
            "/inventory-sources/{id}/aliases/import",
            post(aliases::import),
        )
        .read(
            Of(Reader),
            "/inventory-sources/{id}/aliases",
            get(aliases::list),
        )
        .write(
            Of(Operator),
            "/inventory-sources/{id}/aliases",
            post(aliases::set),
        )
        .write(
            Of(Operator),
            "/inventory-sources/{id}/aliases/remove",
            post(aliases::remove),
        )
        .read(Of(Reader), "/stock-takes", get(stock_takes::list))
        .write(Of(Operator), "/stock-takes", post(stock_takes::start))
        .read(Of(Reader), "/stock-takes/{id}", get(stock_takes::details))
        .write(
            Of(Operator),
            "/stock-takes/{id}/count",
            post(stock_takes::count_goods),
        )
        .write(
            Of(Operator),
            "/stock-takes/{id}/commit",
            post(stock_takes::commit),
        )
        .write(
            Of(Operator),
            "/stock-takes/{id}/cancel",
            post(stock_takes::cancel),
        )
        .read(Of(Reader), "/low-stock", get(low_stock::list))
        .write(
            Of(Operator),
            "/low-stock/thresholds",
            post(low_stock::set_threshold),
        )
        .write(
            Of(Operator),
            "/low-stock/thresholds/remove",
            post(low_stock::remove_threshold),
        )
        .read(
            Of(Reader),
            "/ship-from-locations",
            get(ship_from_locations::list),
        )
        .write(
            Of(Operator),
            "/ship-from-locations/new",
            post(ship_from_locations::make),
        )
        .read(
            Of(Reader),
            "/ship-from-locations/{id}",
            get(ship_from_locations::details),
        )
        .write(
            Of(Operator),
            "/ship-from-locations/{id}/change",
            post(ship_from_locations::change),
        )
        .write(
            Of(Operator),
            "/ship-from-locations/{id}/remove",
            post(ship_from_locations::remove),
        )
        .read(
            Of(Reader),
            "/inventory-sources",
            get(inventory_sources::list),
        )
        .read(
            Of(Reader),
            "/inventory-sources/{id}",
            get(inventory_sources::details),
        )
        .read(
            Of(Reader),
            "/inventory-sources/{id}/history",
            get(inventory_sources::changes::changes),
        )
        .read(
            Of(Reader),
            "/inventory-sources/{id}/ledger",
            get(inventory_sources::ledger::ledger),
        )
        .read(
            Of(Reader),
            "/inventory-sources/{id}/drift",
            get(inventory_sources::drift::drift),
        )
        .write(
            Of(Operator),
            "/inventory-sources/{id}/drift-threshold",
            post(inventory_sources::drift::set_threshold),
        )
        .write(
            Of(Operator),
            "/inventory-sources/{id}/change",
            post(inventory_sources::change),
        )
        .read(
            Of(Reader),
            "/inventory-sources/{id}/operations",
            get(operations::list),
        )
        .write(
            Of(Operator),
            "/inventory-sources/{id}/operations",
            post(operations::adjust),
        )
        .write(
            Of(Operator),
            "/operations/{id}/settle",
            post(operations::settle),
        )
        .read(Of(Reader), "/connections", get(connections::list))
        .read(
            Of(Operator),
            "/connections/new/{adapter}",
            get(connections::new).post(connections::make),
        )
        .read(Of(Reader), "/connections/{id}", get(connections::details))
        .write(
            Of(Operator),
            "/connections/{id}/change",
            post(connections::change),
        )
        .write(
            Of(Operator),
            "/connections/{id}/check",
            post(connections::check),
        )
        .write(
            Of(Operator),
            "/connections/{id}/sync",
            post(connections::sync),
        )
        .write(
            Of(Operator),
            "/connections/{id}/reread",
            post(connections::reread),
        )
        .write(
            Of(Operator),
            "/connections/{id}/pause",
            post(connections::pause),
        )
        .write(
            Of(Operator),
            "/connections/{id}/remove",
            post(connections::remove),
        )
        .read(Of(Reader), "/status", get(status::page))
        .read(Of(Reader), "/activity", get(activity::list))
        .read(Of(Reader), "/plugins", get(plugins::list))
        .write(
            Of(Operator),
            "/plugins/{id}/release",
            post(plugins::release),
        )
        .read(Of(Operator), "/webhooks", get(webhooks::list))
        .write(Of(Operator), "/webhooks/new", post(webhooks::make))
        .read(Of(Operator), "/webhooks/{id}", get(webhooks::details))
        .write(
            Of(Operator),
            "/webhooks/{id}/change",
            post(webhooks::change),
        )
        .write(Of(Operator), "/webhooks/{id}/ping", post(webhooks::ping))
        .write(
            Of(Operator),
            "/webhooks/{id}/rotate",
            post(webhooks::rotate),
        )
        .write(
            Of(Operator),
            "/webhooks/{id}/resend",
            post(webhooks::resend_all),
        )
        .write(
            Of(Operator),
            "/webhooks/{id}/deliveries/{event_id}/resend",
            post(webhooks::resend),
        )
        .write(
            Of(Operator),
            "/webhooks/{id}/remove",
            post(webhooks::remove),
        )
        .read(Of(Admin), "/api-keys", get(api_keys::list))
        .write(Of(Admin), "/api-keys/new", post(api_keys::make))
        .read(Of(Admin), "/api-keys/{id}", get(api_keys::details))
        .write(
            Of(Admin),
            "/api-keys/{id}/regenerate",
            post(api_keys::regenerate),
        )
        .write(Of(Admin), "/api-keys/{id}/revoke", post(api_keys::revoke))
        .read(Of(Admin), "/users", get(users::list))
        .write(Of(Admin), "/users/new", post(users::add))
        .read(Of(Admin), "/users/{id}", get(users::details))
        .write(Of(Admin), "/users/{id}/role", post(users::change_role))
        .write(Of(Admin), "/users/{id}/password", post(users::set_password))
        .write(Of(Admin), "/users/{id}/disable", post(users::disable))
        .write(Of(Admin), "/users/{id}/enable", post(users::enable))
        .write(Of(Admin), "/users/{id}/remove", post(users::remove))
        .finish()
}

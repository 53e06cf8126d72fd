//! A simulated module of ShipEngine Connect: the inventory part of the order-source contract, 2.5.0.
//!
//! One order source behind credentials in the body of every request. A request passes, in this order, `service`
//! (faults, the contract's `rules`, credentials), then `fetch` or `push` on the module's `book`. People who play steer
//! it under `/_control/`.
//!
//! Not known about real ones, and assumed here: a cursor that is not the module's own is refused with 400, what is
//! asked for by SKU and not there comes back as an error `not_found`, and wrong credentials are answered 401 before
//! the request is looked at any further.

mod book;
mod control;
mod cursor;
mod fetch;
mod push;
mod rules;
mod service;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, Uri};
use axum::response::Response;

pub use book::Stock;
pub use rules::published;

use crate::clock::Clock;
use crate::json_api::{FaultRule, Request};
use crate::server::Server;
use service::Service;

/// Larger than any request that somebody would send.
const REQUEST_BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Items a page.
const PAGE_ITEMS: usize = 100;

/// A running module; it stops when this is dropped.
#[derive(Debug)]
pub struct Module {
    service: Arc<Service>,
    server: Server,
}

/// How the module is made, and what it knows.
#[derive(Clone, Debug)]
pub struct ModuleOptions {
    /// The code of its order source.
    pub api_code: String,
    /// What `auth` must hold, by the contract's names: `api_key`, `username`, `password`, `access_token`.
    pub credentials: BTreeMap<String, String>,
    /// Items a page of a fetch.
    pub page_items: usize,
    /// How long a listing is prepared, in milliseconds; 0 answers at once.
    pub prepares_for_ms: u32,
    /// Whether it has `/validate_connection`.
    pub validates: bool,
    /// Under which name an item's id goes; the contract's two forms disagree.
    pub id_name: IdName,
    /// The time it lives in.
    pub clock: Clock,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
}

/// The name of an item's id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdName {
    /// `integration_entity_id`, as in the published document.
    #[default]
    Entity,
    /// `integration_inventory_item_id`, as in the published types.
    InventoryItem,
}

impl Default for ModuleOptions {
    fn default() -> Self {
        Self {
            api_code: "acme_wms".to_owned(),
            credentials: BTreeMap::from([("api_key".to_owned(), "connect-key".to_owned())]),
            page_items: PAGE_ITEMS,
            prepares_for_ms: 0,
            validates: true,
            id_name: IdName::default(),
            clock: Clock::default(),
            port: 0,
        }
    }
}

impl Module {
    /// Starts a module without items.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: ModuleOptions) -> anyhow::Result<Self> {
        let port = options.port;
        let service = Arc::new(Service::new(options));
        let router = Router::new()
            .merge(control::router())
            .fallback(answer)
            .layer(DefaultBodyLimit::max(REQUEST_BODY_BYTES_MAX))
            .with_state(Arc::clone(&service));
        let server = Server::start(router, port).await?;
        Ok(Self { service, server })
    }

    /// `http://127.0.0.1:PORT`, to which a client appends `/inventory_fetch`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The clock that decides the module's time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.service.options.clock
    }

    /// Replaces what there is of each article in its warehouse.
    pub fn stock(&self, stock: impl IntoIterator<Item = Stock>) {
        let now = self.clock().now();
        let mut state = self.service.state();
        for stock in stock {
            state.book.set(stock, now);
        }
    }

    /// What there is of an article in a warehouse.
    #[must_use]
    pub fn find(&self, sku: &str, warehouse: Option<&str>) -> Option<Stock> {
        self.service.state().book.find(sku, warehouse).cloned()
    }

    /// Locks an article, as a count that is under way would, or unlocks it.
    pub fn set_locked(&self, sku: &str, locked: bool) {
        self.service.state().book.set_locked(sku, locked);
    }

    /// Switches a fault on; the first one that fits a request hits it.
    pub fn fault(&self, rule: impl Into<FaultRule>) {
        self.service.state().faults.add(rule.into());
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.service.state().faults.clear();
    }

    /// Every request to the module so far, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.service.state().requests.clone()
    }
}

async fn answer(
    State(service): State<Arc<Service>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    service.answer(&method, &uri, &body)
}

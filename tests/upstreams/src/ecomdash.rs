//! A simulated Ecomdash.
//!
//! One account behind two keys in two headers, with the published limit of 120 calls a minute. A request passes, in
//! this order, `service` (faults, keys, `limit`), then `lists` or `lookup` or `update` on the account's `book`. People
//! who play steer it under `/_control/`.
//!
//! Documented: the keys and how each is refused, pages of 25 and at most 200, `include`, the look-up, the answers of
//! an update, decimals, kits, and the limit with its `Retry-After`. Not known about the real one, and assumed here:
//! the name of the parameter that filters by the last change of a quantity, that an unknown parameter is ignored, the
//! shape of a kit's components, that a kit has no stock of its own, that a look-up of nothing is a `Failure`, and that
//! the index in a message counts from 0. Its limit of three calls at once for each operation is not simulated: an
//! answer here takes no time.

mod book;
mod control;
mod limit;
mod lists;
mod lookup;
mod service;
mod update;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;

pub use crate::finale::Units;
pub use book::Stock;

use crate::clock::Clock;
use crate::json_api::{FaultRule, Request};
use crate::server::Server;
use service::{Call, Service};

/// A running simulated account; it stops when this is dropped.
#[derive(Debug)]
pub struct Ecomdash {
    service: Arc<Service>,
    server: Server,
}

/// How the account is set up.
#[derive(Clone, Debug)]
pub struct EcomdashOptions {
    /// The merchant's account integration key.
    pub account_key: String,
    /// The API portal's subscription key.
    pub portal_key: String,
    /// The id of the app, where the key belongs to one.
    pub application_id: Option<String>,
    /// The parameter that filters by the last change of a quantity.
    pub changed_since_parameter: String,
    /// The time the account lives in.
    pub clock: Clock,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
}

impl Default for EcomdashOptions {
    fn default() -> Self {
        Self {
            account_key: "ecomdash-account".to_owned(),
            portal_key: "ecomdash-portal".to_owned(),
            application_id: None,
            changed_since_parameter: "quantityChangedSince".to_owned(),
            clock: Clock::default(),
            port: 0,
        }
    }
}

impl Ecomdash {
    /// Starts an account without warehouses and products.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: EcomdashOptions) -> anyhow::Result<Self> {
        let port = options.port;
        let service = Arc::new(Service::new(options));
        let router = Router::new()
            .merge(control::router())
            .fallback(answer)
            .with_state(Arc::clone(&service));
        let server = Server::start(router, port).await?;
        Ok(Self { service, server })
    }

    /// `http://127.0.0.1:PORT`, to which a client appends `/api/…`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The clock that decides the account's time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.service.options.clock
    }

    // === stock ===

    /// Replaces what each product has in its warehouse; products and warehouses are made when they are new.
    pub fn stock(&self, stock: impl IntoIterator<Item = Stock>) {
        let now = self.clock().now();
        let mut state = self.service.state();
        for stock in stock {
            state.book.set(&stock, now);
        }
    }

    /// Makes a kit of so many of each product.
    ///
    /// # Errors
    /// When one of the products is not known.
    pub fn kit(&self, sku: &str, components: &[(&str, Units)]) -> anyhow::Result<()> {
        self.service.state().book.kit(sku, components)
    }

    /// Switches a product on or off; Ecomdash lists active ones only.
    pub fn set_product_active(&self, sku: &str, active: bool) {
        self.service.state().book.set_active(sku, active);
    }

    /// What is on hand of a product in a warehouse.
    #[must_use]
    pub fn on_hand(&self, sku: &str, warehouse: &str) -> Option<Units> {
        self.service.state().book.on_hand(sku, warehouse)
    }

    // === faults and requests ===

    /// Switches a fault on; the first one that fits a request hits it.
    pub fn fault(&self, rule: impl Into<FaultRule>) {
        self.service.state().faults.add(rule.into());
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.service.state().faults.clear();
    }

    /// Every request to the account so far, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.service.state().requests.clone()
    }
}

async fn answer(
    State(service): State<Arc<Service>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    service.answer(&Call {
        method,
        uri,
        headers,
        body,
    })
}

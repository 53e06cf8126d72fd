//! A simulated Finale Inventory.
//!
//! One account behind HTTP Basic, with column-major REST collections, GraphQL, inventory variances, the published
//! rate limits and the quirks clients trip over. A request passes, in this order, `service` (faults, credentials,
//! limits), then `collections`, `graphql` or `variance`, all on the account's `book`, and leaves as a
//! `reply`. People who play steer it under `/_control/`.
//!
//! Not known about the real one, and assumed here: quantities of packed rows are in units, a reserved row stands at
//! the location and not at a sublocation, GraphQL does not count in the hourly limit, and has pages of 1,000 at most.

mod account;
mod bomb;
mod book;
mod collections;
mod columns;
mod control;
mod fault;
mod filter;
mod graphql;
mod limits;
mod reply;
mod requests;
mod resource;
mod service;
mod stock;
mod units;
mod variance;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use axum::routing::any;

pub use fault::{Fault, FaultRule};
pub use requests::Request;
pub use stock::{Held, Stock, StockRow};
pub use units::Units;

use crate::clock::Clock;
use crate::server::Server;
use account::Account;
use resource::Resource;
use service::{Call, Service};

/// At this many entities the real one cuts a collection.
const COLLECTION_ROWS_MAX: usize = 120_000;
/// Larger than any variance somebody would post.
const REQUEST_BODY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A running simulated account; it stops when this is dropped.
#[derive(Debug)]
pub struct Finale {
    service: Arc<Service>,
    server: Server,
}

/// How the account is set up.
#[derive(Clone, Debug)]
pub struct FinaleOptions {
    /// The account's path component: lower-case letters and digits.
    pub account: String,
    /// The API key, which is the Basic user name.
    pub key: String,
    /// The API secret, which is the Basic password.
    pub secret: String,
    /// The time the account lives in.
    pub clock: Clock,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where collections are cut; 120,000 with the real one.
    pub collection_rows_max: usize,
}

impl Default for FinaleOptions {
    fn default() -> Self {
        Self {
            account: "demo".to_owned(),
            key: "finale-key".to_owned(),
            secret: "finale-secret".to_owned(),
            clock: Clock::default(),
            port: 0,
            collection_rows_max: COLLECTION_ROWS_MAX,
        }
    }
}

impl Finale {
    /// Starts an account without locations and products.
    ///
    /// # Errors
    /// When the port cannot be bound, or when the account's name is not lower-case letters and digits.
    pub async fn start(options: FinaleOptions) -> anyhow::Result<Self> {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        anyhow::ensure!(
            !options.account.is_empty() && options.account.chars().all(plain),
            "account `{}` must be lower-case letters and digits",
            options.account
        );
        let account = Account::new(&options.account, options.collection_rows_max);
        let service = Arc::new(Service::new(
            account,
            &options.key,
            &options.secret,
            options.clock,
        ));
        let router = Router::new()
            .route("/{account}/api/{*resource}", any(answer))
            .layer(DefaultBodyLimit::max(REQUEST_BODY_BYTES_MAX))
            .merge(control::router())
            .with_state(Arc::clone(&service));
        let server = Server::start(router, options.port).await?;
        Ok(Self { service, server })
    }

    /// `http://127.0.0.1:PORT`, to which a client appends `/{account}/api/…`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The clock that decides the account's time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.service.clock
    }

    // === stock ===

    /// Replaces what each product has at its location; products and locations are made when they are new.
    pub fn stock(&self, stock: impl IntoIterator<Item = Stock>) {
        let now = self.service.clock.now();
        let mut account = self.service.account();
        for stock in stock {
            account.book.set_stock(stock, now);
        }
    }

    /// Replaces what one product has at one location by so much on hand.
    pub fn set_stock(&self, sku: &str, location: &str, on_hand: impl Into<Units>) {
        self.stock([Stock::on_hand(sku, location, on_hand)]);
    }

    /// Adds or replaces one row of `inventoryitem/`.
    ///
    /// # Errors
    /// When the product or the facility is not known, or when order and kind do not fit.
    pub fn row(&self, row: StockRow) -> anyhow::Result<()> {
        self.service.account().book.set_row(row)
    }

    /// What is on hand at a location and its sublocations; `None` when product or location is not known.
    #[must_use]
    pub fn on_hand(&self, sku: &str, location: &str) -> Option<Units> {
        let account = self.service.account();
        let product = account.book.products().get(sku)?;
        let (id, _) = account
            .book
            .facilities()
            .iter()
            .find(|(_, facility)| facility.name == location)?;
        Some(account.book.totals(product, Some(*id)).on_hand)
    }

    // === products and locations ===

    /// Makes a product without stock, or names one that is known.
    pub fn product(&self, sku: &str, title: &str) {
        self.service
            .account()
            .book
            .product(sku, title, self.service.clock.now());
    }

    /// Switches a product on or off.
    pub fn set_product_active(&self, sku: &str, active: bool) {
        if let Some(product) = self.service.account().book.product_mut(sku) {
            product.active = active;
        }
    }

    /// Gives a product another `productId`; its `productUrl` stays what it was.
    pub fn rename_product(&self, old: &str, new: &str) {
        self.service
            .account()
            .book
            .rename_product(old, new, self.service.clock.now());
    }

    /// Makes a sublocation, and its location when that is new.
    pub fn sublocation(&self, location: &str, name: &str) {
        let now = self.service.clock.now();
        let mut account = self.service.account();
        let parent = account.book.location(location, now);
        account.book.facility(name, Some(parent), now);
    }

    /// Switches a location or sublocation on or off.
    pub fn set_facility_active(&self, name: &str, active: bool) {
        if let Some(facility) = self.service.account().book.facility_named_mut(name) {
            facility.active = active;
        }
    }

    /// Says whether GraphQL's product has stock columns for a location or sublocation. New locations have them, new
    /// sublocations do not.
    pub fn set_stock_columns(&self, name: &str, shown: bool) {
        if let Some(facility) = self.service.account().book.facility_named_mut(name) {
            facility.stock_columns = shown;
        }
    }

    // === faults and requests ===

    /// Switches a fault on; the first one that fits a request hits it.
    pub fn fault(&self, rule: impl Into<FaultRule>) {
        self.service.account().faults.add(rule.into());
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.service.account().faults.clear();
    }

    /// Every request to the account so far, the oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.service.account().requests.clone()
    }

    /// Empties the log of requests.
    pub fn forget_requests(&self) {
        self.service.account().requests.clear();
    }
}

async fn answer(
    State(service): State<Arc<Service>>,
    Path((account_name, resource)): Path<(String, String)>,
    Query(mut query): Query<HashMap<String, String>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    service.answer(Call {
        account_name,
        resource: Resource::parse(&resource),
        method,
        uri,
        query: collections::Query {
            filter: query.remove("filter"),
            limit: query.remove("limit").and_then(|limit| limit.parse().ok()),
        },
        headers,
        body: body.to_vec(),
    })
}

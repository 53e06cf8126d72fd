//! A simulated Shopify Admin API.
//!
//! GraphQL requests are validated against the real schema when that lies beside the project, priced and throttled
//! by the rules recorded from real shops, and executed on a shop held in memory. Start with [`Shopify::start`], seed
//! it with [`Shopify::add_location`] and [`Shopify::add_items`], break it with [`Shopify::fault`]. The same switches
//! are served under `/_control/…`.
//!
//! Reading order: `stock` (what a shop holds), `resolve` (how a field is answered), `graphql` (how a request is
//! worked), `http` (how it arrives), `bulk`, `inventory` and `webhook` (the three things a shop does).

pub mod fault;
pub mod log;
pub mod quantities;
pub mod schema;
pub mod stock;
pub mod version;
pub mod webhook;

mod bucket;
mod bulk;
mod control;
mod cost;
mod gid;
mod graphql;
mod http;
mod idempotency;
mod inventory;
mod resolve;
mod search;
mod shop;
mod token;

use std::sync::Arc;

use jiff::SignedDuration;

use crate::clock::Clock;
use crate::server::Server;
use fault::FaultRule;
use http::Site;
use log::Logged;
use shop::Shop;
use stock::{LevelKey, NewItem, NewLocation};
use webhook::{Delivery, Twist};

/// How a simulated shop is set up.
#[derive(Clone, Debug)]
pub struct ShopifyOptions {
    /// Its domain, `….myshopify.com`.
    pub shop: String,
    /// The token an admin made; none when only granted tokens work.
    pub access_token: Option<String>,
    /// The app's id for the client-credentials grant.
    pub client_id: String,
    /// The app's secret, which also signs webhooks.
    pub client_secret: String,
    /// The secret from before its rotation.
    pub old_client_secret: String,
    /// Whether the app is installed on the shop.
    pub installed: bool,
    /// The access scopes granted.
    pub scopes: Vec<String>,
    /// The size of the throttle bucket.
    pub bucket_points: f64,
    /// How fast it fills.
    pub restore_points_per_sec: f64,
    /// How long a bulk operation takes.
    pub bulk_duration: SignedDuration,
    /// The time it lives in.
    pub clock: Clock,
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
}

/// A running shop; it stops when this is dropped.
#[derive(Debug)]
pub struct Shopify {
    server: Server,
    site: Arc<Site>,
}

impl Default for ShopifyOptions {
    fn default() -> Self {
        let scopes = [
            "read_inventory",
            "write_inventory",
            "read_locations",
            "read_products",
        ];
        Self {
            shop: "simulated.myshopify.com".to_owned(),
            access_token: Some("shpat_simulated".to_owned()),
            client_id: "simulated-client".to_owned(),
            client_secret: "shpss_simulated".to_owned(),
            old_client_secret: "shpss_simulated_before".to_owned(),
            installed: true,
            scopes: scopes.map(str::to_owned).to_vec(),
            bucket_points: 2_000.0,
            restore_points_per_sec: 100.0,
            bulk_duration: SignedDuration::ZERO,
            clock: Clock::default(),
            port: 0,
        }
    }
}

impl Shopify {
    /// Starts an empty shop.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: ShopifyOptions) -> std::io::Result<Self> {
        let (clock, port) = (options.clock.clone(), options.port);
        let site = Arc::new(Site::new(Shop::new(options, clock.now()), clock));
        let server = Server::start(http::router(Arc::clone(&site)), port).await?;
        site.with(|shop, _| shop.base_url = server.url());
        Ok(Self { server, site })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The clock this shop lives by.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.site.clock.clone()
    }

    /// Opens a location and answers its number.
    pub fn add_location(&self, location: NewLocation) -> u64 {
        self.site.with(|shop, now| shop.add_location(location, now))
    }

    /// Adds items and answers their numbers, in order.
    pub fn add_items(&self, items: impl IntoIterator<Item = NewItem>) -> Vec<u64> {
        self.site.with(|shop, now| {
            items
                .into_iter()
                .map(|item| shop.add_item(item, now))
                .collect()
        })
    }

    /// Takes an item off the shop.
    pub fn delete_item(&self, item: u64) {
        self.site.with(|shop, _| shop.delete_item(item));
    }

    /// Gives an item another SKU, or none.
    pub fn rename_item(&self, item: u64, sku: Option<&str>) {
        self.site
            .with(|shop, now| shop.rename_item(item, sku.map(str::to_owned), now));
    }

    /// Writes one named quantity, as somebody in the admin would.
    pub fn set_quantity(&self, item: u64, location: u64, name: &str, quantity: i32) {
        self.site
            .with(|shop, now| shop.set_quantity(LevelKey { item, location }, name, quantity, now));
    }

    /// An order of `quantity` pieces: from available to committed.
    pub fn commit(&self, item: u64, location: u64, quantity: i32) {
        self.site
            .with(|shop, now| shop.commit(LevelKey { item, location }, quantity, now));
    }

    /// Makes a level inactive; its row stays.
    pub fn deactivate(&self, item: u64, location: u64) {
        self.site
            .with(|shop, now| shop.deactivate(LevelKey { item, location }, now));
    }

    /// One named quantity as it is now.
    #[must_use]
    pub fn quantity(&self, item: u64, location: u64, name: &str) -> Option<i32> {
        self.site.with(|shop, _| {
            shop.level(LevelKey { item, location })?
                .quantities
                .get(name)
        })
    }

    /// Switches a fault on; a bare [`fault::Fault`] strikes once.
    pub fn fault(&self, rule: impl Into<FaultRule>) {
        let rule = rule.into();
        self.site.with(|shop, _| shop.faults.add(rule));
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.site.with(|shop, _| shop.faults.clear());
    }

    /// Every GraphQL request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Logged> {
        self.site.with(|shop, _| shop.log.clone())
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.site.with(|shop, _| shop.log.clear());
    }

    /// Ends every access token, as an admin who uninstalls the app does.
    pub fn revoke_tokens(&self) {
        self.site.with(|shop, _| shop.tokens.clear());
    }

    /// Leaves that many points in the throttle bucket.
    pub fn drain_bucket(&self, points: f64) {
        self.site
            .with(|shop, now| shop.bucket.drain_to(points, now));
    }

    /// The subscribed topics with their addresses.
    #[must_use]
    pub fn subscriptions(&self) -> Vec<(String, String)> {
        let pair = |known: &webhook::Subscription| (known.topic_path(), known.uri.clone());
        self.site
            .with(|shop, _| shop.subscriptions.values().map(pair).collect())
    }

    /// Deletes every subscription, as the service does after failed deliveries.
    pub fn drop_subscriptions(&self) {
        self.site.with(|shop, _| shop.subscriptions.clear());
    }

    /// Delivers the events that wait, with bodies built now.
    pub async fn deliver_webhooks(&self, twist: Twist) -> Vec<Delivery> {
        control::deliver_events(&self.site, twist).await
    }
}

//! A simulated shop and how to connect to it.

use std::collections::BTreeMap;

use bestand::connection::NewConnection;
use bestand::secret::SecretText;
use bestand_upstreams::shopify::log::Logged;
use bestand_upstreams::shopify::stock::NewLocation;
use bestand_upstreams::shopify::{Shopify, ShopifyOptions};
use serde_json::json;

use super::Site;
use super::secrets::Secrets;

/// A running shop with one location and a token of its own.
#[derive(Debug)]
pub(crate) struct ShopifySystem {
    pub(crate) shop: Shopify,
    /// The number of the location `Main`.
    pub(crate) main: u64,
    token: String,
    client_secret: String,
}

// === impl ShopifySystem ===

impl ShopifySystem {
    pub(crate) async fn start(site: &Site) -> Self {
        Self::with(site, ShopifyOptions::default()).await
    }

    pub(crate) async fn with(site: &Site, options: ShopifyOptions) -> Self {
        let clock = site.upstream_clock.clone();
        Self::begin(&site.secrets, ShopifyOptions { clock, ..options }).await
    }

    /// A shop that lives by the time of the day, for programs that do.
    pub(crate) async fn in_real_time(secrets: &Secrets) -> Self {
        Self::begin(secrets, ShopifyOptions::default()).await
    }

    async fn begin(secrets: &Secrets, options: ShopifyOptions) -> Self {
        let (token, client_secret) = (secrets.make(), secrets.make());
        let options = ShopifyOptions {
            access_token: Some(token.clone()),
            client_secret: client_secret.clone(),
            ..options
        };
        let shop = Shopify::start(options).await.expect("a free port");
        let main = shop.add_location(NewLocation::named("Main"));
        Self {
            shop,
            main,
            token,
            client_secret,
        }
    }

    /// A connection that works and lists page by page.
    pub(crate) fn connection(&self) -> NewConnection {
        self.connection_with_bulk_above(1_000_000)
    }

    /// A connection that lists a shop with more items than this by a bulk operation.
    pub(crate) fn connection_with_bulk_above(&self, items: u32) -> NewConnection {
        NewConnection {
            name: "Web shop".into(),
            adapter: "shopify".into(),
            settings: json!({
                "shop": "simulated.myshopify.com", "base_url": self.shop.url(), "bulk_above_items": items,
            }),
            secrets: self.secrets(),
            allow_private_network: true,
            paused: false,
            sync_interval_secs: None,
            reconcile_secs: None,
        }
    }

    pub(crate) fn secrets(&self) -> BTreeMap<String, SecretText> {
        BTreeMap::from([
            (
                "access_token".to_owned(),
                SecretText::from(self.token.as_str()),
            ),
            (
                "client_secret".to_owned(),
                SecretText::from(self.client_secret.as_str()),
            ),
        ])
    }

    /// How many pages of a listing were asked for; an order's query by SKU is the same operation with a search.
    pub(crate) fn listed_pages(&self) -> usize {
        let requests = self.shop.requests();
        let is_page = |request: &&Logged| {
            request.operation.as_deref() == Some("InventoryItemsPage")
                && request.variables["query"].is_null()
        };
        requests.iter().filter(is_page).count()
    }

    /// How many requests of this operation came.
    pub(crate) fn requests_of(&self, operation: &str) -> usize {
        let requests = self.shop.requests();
        requests
            .iter()
            .filter(|request| request.operation.as_deref() == Some(operation))
            .count()
    }
}

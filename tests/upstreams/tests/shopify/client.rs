//! A shop under a frozen clock, and a client that speaks to it as an adapter would.

use bestand_upstreams::clock::Clock;
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};
use bestand_upstreams::shopify::{Shopify, ShopifyOptions};
use serde_json::{Value, json};

pub(crate) struct Client {
    pub(crate) shop: Shopify,
    pub(crate) http: reqwest::Client,
    pub(crate) location: u64,
}

pub(crate) const ITEMS: &str = r"query InventoryItemsPage($first: Int!, $after: String, $query: String, $levels: Int!) {
  inventoryItems(first: $first, after: $after, query: $query) {
    nodes { id sku tracked duplicateSkuCount updatedAt
      variants(first: 1) { nodes { id product { id title status } } }
      inventoryLevels(first: $levels) {
        nodes { id isActive updatedAt location { id } quantities(names: [AVAILABLE_ON_HAND]) { name quantity updatedAt } }
        pageInfo { hasNextPage endCursor } } }
    pageInfo { hasNextPage endCursor } } }";

pub(crate) fn options() -> ShopifyOptions {
    let clock = Clock::frozen("2026-11-20T10:00:00Z".parse().unwrap());
    ShopifyOptions {
        clock,
        ..ShopifyOptions::default()
    }
}

pub(crate) fn gid(kind: &str, number: u64) -> String {
    format!("gid://shopify/{kind}/{number}")
}

impl Client {
    pub(crate) async fn new() -> Self {
        Self::with(options()).await
    }

    pub(crate) async fn with(options: ShopifyOptions) -> Self {
        let shop = Shopify::start(options).await.unwrap();
        let location = shop.add_location(NewLocation::named("Main"));
        Self {
            shop,
            http: reqwest::Client::new(),
            location,
        }
    }

    pub(crate) fn add(&self, sku: &str, available: i32) -> u64 {
        self.shop
            .add_items([NewItem::sku(sku).at(self.location, available)])[0]
    }

    pub(crate) async fn send(
        &self,
        version: &str,
        query: &str,
        variables: Value,
    ) -> reqwest::Response {
        let url = format!("{}/admin/api/{version}/graphql.json", self.shop.url());
        let body = json!({ "query": query, "variables": variables });
        let request = self
            .http
            .post(url)
            .header("X-Shopify-Access-Token", "shpat_simulated")
            .json(&body);
        request.send().await.unwrap()
    }

    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        self.send("2026-10", query, variables)
            .await
            .json()
            .await
            .unwrap()
    }

    pub(crate) async fn items(&self, variables: Value) -> Value {
        let query = ITEMS.replace("AVAILABLE_ON_HAND", r#""available", "on_hand""#);
        self.ask(&query, variables).await
    }

    /// The SKUs a search finds.
    pub(crate) async fn search(&self, query: &str) -> Vec<String> {
        let answer = self
            .items(json!({ "first": 50, "levels": 1, "query": query }))
            .await;
        let nodes = answer["data"]["inventoryItems"]["nodes"]
            .as_array()
            .unwrap();
        nodes
            .iter()
            .map(|node| node["sku"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

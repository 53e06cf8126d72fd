//! A connected shop with a script, and the shapes that tests read off it.

use bestand_plugin_api::testing::{Answer, Connection, FakeHost};
use bestand_plugin_api::{
    AdapterError, ErrorKind, Quantity, Sku, SkuQuery, StockLevel, Timestamp, Tracking,
};
use serde_json::{Value, json};

pub(crate) const GRAPHQL: &str = "POST https://acme.myshopify.com/admin/api/2026-10/graphql.json";

pub(crate) struct Shop {
    pub(crate) host: FakeHost,
    pub(crate) connection: Connection,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(json!({ "shop": "acme.myshopify.com" })).await
    }

    pub(crate) async fn with(settings: Value) -> Self {
        let host = FakeHost::at(now());
        let connection = Connection::open(bestand_plugin_shopify::wiring, &settings, &host)
            .await
            .unwrap();
        Self { host, connection }
    }

    /// Scripts the next GraphQL answer.
    pub(crate) fn answers(&self, text: &str) -> &Self {
        let answer = Answer::json_text(text).header("X-Shopify-API-Version", "2026-10");
        self.host.answer(GRAPHQL, answer);
        self
    }

    pub(crate) fn answers_json(&self, value: &Value) -> &Self {
        self.answers(&value.to_string())
    }

    /// Name and variables of every GraphQL request so far.
    pub(crate) fn asked(&self) -> Vec<(String, Value)> {
        let graphql = self
            .host
            .sent()
            .into_iter()
            .filter(|sent| sent.line() == GRAPHQL)
            .map(|sent| sent.json());
        graphql
            .map(|body| {
                (
                    body["operationName"].as_str().unwrap().to_owned(),
                    body["variables"].clone(),
                )
            })
            .collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.asked().into_iter().map(|(name, _)| name).collect()
    }
}

pub(crate) fn skus(skus: &[&str]) -> SkuQuery {
    SkuQuery::of(skus.iter().map(|sku| Sku::new(sku).unwrap()).collect())
}

/// SKU, last part of the location's id, tracking, available.
pub(crate) fn shown(levels: &[StockLevel]) -> Vec<(&str, &str, Tracking, Option<i64>)> {
    let row = |level: &'_ StockLevel| level.quantities.available.map(Quantity::floor);
    let location = |level: &StockLevel| level.location.0.rfind('/').map_or(0, |slash| slash + 1);
    levels
        .iter()
        .map(|level| {
            (
                level.sku.as_str(),
                &level.location.0[location(level)..],
                level.tracking,
                row(level),
            )
        })
        .collect()
}

pub(crate) fn item(number: u64, sku: &str, levels: Value) -> Value {
    json!({
        "id": format!("gid://shopify/InventoryItem/{number}"),
        "sku": sku,
        "tracked": true,
        "duplicateSkuCount": 0,
        "inventoryLevels": { "nodes": levels, "pageInfo": { "hasNextPage": false, "endCursor": null } },
    })
}

pub(crate) fn level(location: u64, available: i64) -> Value {
    json!({
        "id": "gid://shopify/InventoryLevel/901",
        "isActive": true,
        "updatedAt": "2026-11-20T09:00:00Z",
        "location": { "id": format!("gid://shopify/Location/{location}") },
        "quantities": [{ "name": "available", "quantity": available }],
    })
}

pub(crate) fn items(nodes: &[Value], next: Option<&str>) -> Value {
    let page_info = json!({ "hasNextPage": next.is_some(), "endCursor": next });
    json!({ "data": { "inventoryItems": { "nodes": nodes, "pageInfo": page_info } } })
}

pub(crate) fn kind<T: std::fmt::Debug>(result: Result<T, AdapterError>) -> ErrorKind {
    result.unwrap_err().kind
}

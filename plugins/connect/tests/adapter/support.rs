//! A connection with a fake host behind it, and answers as modules send them.

use bestand_plugin_api::testing::{Answer, Connection, FakeHost};
use bestand_plugin_api::{
    AdapterError, LocationId, Quantity, Sku, SkuQuery, StockLevel, Timestamp,
};
use serde_json::{Value, json};

pub(crate) const MODULE: &str = "https://modules.acme.example/stock";

/// One connection and its host, whose clock stands at [`now`].
pub(crate) struct Fixture {
    pub(crate) host: FakeHost,
    pub(crate) connection: Connection,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

pub(crate) fn settings() -> Value {
    json!({ "base_url": MODULE, "order_source_api_code": "acme_wms" })
}

pub(crate) fn item(sku: &str, warehouse: &str, available: i64) -> Value {
    json!({
        "integration_entity_id": format!("id-{sku}"), "sku": sku, "available_quantity": available,
        "onhand_quantity": available + 2, "warehouse_id": warehouse, "fetched_at": "2026-11-20T10:00:00Z",
    })
}

pub(crate) fn done(items: &[Value]) -> Answer {
    Answer::json(&json!({ "items": items }))
}

pub(crate) fn page(items: &[Value], cursor: &str) -> Answer {
    Answer::json(&json!({ "items": items, "cursor": cursor }))
}

pub(crate) fn later(millis: u64, cursor: Option<&str>) -> Answer {
    Answer::json(&json!({ "poll_after_ms": millis, "cursor": cursor }))
}

pub(crate) fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(crate) fn query(skus: &[&str], places: &[&str]) -> SkuQuery {
    SkuQuery::of(skus.iter().map(|text| sku(text)).collect())
        .at(places.iter().map(|id| LocationId::from(*id)).collect())
}

/// `SKU @ place: available of on hand`, which is what most tests look at.
pub(crate) fn summaries(levels: &[StockLevel]) -> Vec<String> {
    let shown =
        |quantity: Option<Quantity>| quantity.map_or("?".into(), |quantity| quantity.to_string());
    let summary = |level: &StockLevel| {
        let quantities = &level.quantities;
        format!(
            "{} @ {}: {} of {}",
            level.sku,
            level.location,
            shown(quantities.available),
            shown(quantities.on_hand)
        )
    };
    levels.iter().map(summary).collect()
}

impl Fixture {
    pub(crate) async fn open() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: Value) -> Self {
        let host = FakeHost::at(now());
        let connection = Connection::open(bestand_plugin_connect::wiring, &settings, &host)
            .await
            .unwrap();
        Self { host, connection }
    }

    /// What opening with these settings is answered.
    pub(crate) async fn refusal(settings: Value) -> AdapterError {
        let host = FakeHost::at(now());
        let opened = Connection::open(bestand_plugin_connect::wiring, &settings, &host).await;
        opened.err().unwrap()
    }

    pub(crate) fn fetch(&self, answer: Answer) -> &Self {
        self.answer("inventory_fetch", answer)
    }

    pub(crate) fn push(&self, answer: Answer) -> &Self {
        self.answer("inventory_push", answer)
    }

    pub(crate) fn answer(&self, method: &str, answer: Answer) -> &Self {
        self.host.answer(&format!("POST {MODULE}/{method}"), answer);
        self
    }

    /// The bodies that were sent to a method.
    pub(crate) fn sent(&self, method: &str) -> Vec<Value> {
        let line = format!("POST {MODULE}/{method}");
        let sent = self.host.sent().into_iter();
        sent.filter(|sent| sent.line() == line)
            .map(|sent| sent.json())
            .collect()
    }
}

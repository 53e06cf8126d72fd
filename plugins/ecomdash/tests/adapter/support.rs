//! A connection with a fake host behind it, and answers as Ecomdash sends them.

use bestand_plugin_api::testing::{Answer, Connection, FakeHost};
use bestand_plugin_api::{
    AdapterError, LocationId, Quantity, Sku, SkuQuery, StockLevel, Timestamp,
};
use serde_json::{Value, json};

pub(crate) const ROOT: &str = "https://ecomdash.azure-api.net/api/";

/// One connection and its host, whose clock stands at [`now`].
pub(crate) struct Fixture {
    pub(crate) host: FakeHost,
    pub(crate) connection: Connection,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// A product with so many on hand in each warehouse.
pub(crate) fn product(sku: &str, on_hand: &[(u32, f64)]) -> Value {
    let row = |(warehouse, on_hand): &(u32, f64)| json!({ "WarehouseId": warehouse, "QuantityOnHand": on_hand, "IsActive": true });
    let rows: Vec<Value> = on_hand.iter().map(row).collect();
    json!({ "Id": 235_040.0, "Sku": sku, "Type": "Product", "Warehouses": rows })
}

/// A kit of so many of each.
pub(crate) fn kit(sku: &str, components: &[(&str, u32)]) -> Value {
    let mut kit = product(sku, &[]);
    kit["Type"] = json!("Kit");
    let component =
        |(sku, each): &(&str, u32)| json!({ "Product": { "Id": 1, "Sku": sku }, "Quantity": each });
    kit["KitComponents"] = components.iter().map(component).collect();
    kit
}

/// The last page of a list.
pub(crate) fn list(data: &[Value]) -> Answer {
    page(data, 1)
}

/// A page of a list that has so many.
pub(crate) fn page(data: &[Value], pages: u32) -> Answer {
    let pagination = json!({ "CurrentPage": 1, "TotalNumberOfEntries": data.len(), "TotalNumberOfPages": pages });
    Answer::json(
        &json!({ "status": "Success", "messages": [], "pagination": pagination, "data": data }),
    )
}

/// What a look-up found.
pub(crate) fn found(data: &[Value]) -> Answer {
    Answer::json(&json!({ "status": "Success", "messages": [], "data": data }))
}

/// What became of an update.
pub(crate) fn updated(status: &str, messages: &[&str]) -> Answer {
    Answer::json(&json!({ "status": status, "messages": messages }))
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

/// `SKU @ place: on hand`, or why there is no count.
pub(crate) fn summaries(levels: &[StockLevel]) -> Vec<String> {
    let shown = |level: &StockLevel| {
        let count = level.quantities.on_hand.map(|on_hand| on_hand.to_string());
        let count = count.unwrap_or_else(|| format!("{:?}", level.tracking));
        format!("{} @ {}: {count}", level.sku, level.location)
    };
    levels.iter().map(shown).collect()
}

impl Fixture {
    pub(crate) async fn open() -> Self {
        Self::with(json!({})).await
    }

    pub(crate) async fn with(settings: Value) -> Self {
        let host = FakeHost::at(now());
        let connection = Connection::open(bestand_plugin_ecomdash::wiring, &settings, &host)
            .await
            .unwrap();
        Self { host, connection }
    }

    /// What opening with these settings is answered.
    pub(crate) async fn refusal(settings: Value) -> AdapterError {
        let host = FakeHost::at(now());
        let opened = Connection::open(bestand_plugin_ecomdash::wiring, &settings, &host).await;
        opened.err().unwrap()
    }

    /// Scripts the next page of a list.
    pub(crate) fn get(&self, list: &str, answer: Answer) -> &Self {
        self.host.answer(&format!("GET {ROOT}{list}?"), answer);
        self
    }

    pub(crate) fn look_up(&self, answer: Answer) -> &Self {
        self.host
            .answer(&format!("POST {ROOT}inventory/getProducts"), answer);
        self
    }

    pub(crate) fn update(&self, answer: Answer) -> &Self {
        self.host.answer(
            &format!("POST {ROOT}inventory/updateQuantityOnHand"),
            answer,
        );
        self
    }

    /// The lines of all requests, without their host.
    pub(crate) fn lines(&self) -> Vec<String> {
        let sent = self.host.sent().into_iter();
        sent.map(|sent| sent.line().replace(ROOT, "")).collect()
    }

    /// The body of the last request.
    pub(crate) fn last_body(&self) -> Value {
        self.host.sent().last().unwrap().json()
    }
}

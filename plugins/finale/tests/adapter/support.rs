//! A connection with a fake host behind it, and the recorded answers it gives.

use std::path::Path;

use bestand_plugin_api::testing::{Answer, Connection, FakeHost, Sent};
use bestand_plugin_api::{
    AdapterError, LocationId, Quantity, Result, Sku, SkuQuery, StockLevel, Timestamp,
};
use serde_json::{Value, json};

pub(crate) const ROOT: &str = "https://app.finaleinventory.com/acme/api/";
pub(crate) const BERLIN: &str = "100000";
pub(crate) const HAMBURG: &str = "100003";

/// One connection and its host, whose clock stands at [`now`].
pub(crate) struct Fixture {
    pub(crate) host: FakeHost,
    pub(crate) connection: Connection,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// A recorded answer.
pub(crate) fn recorded(name: &str) -> Answer {
    Answer::json_text(text(name))
}

pub(crate) fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

/// A recorded GraphQL answer in which each product has a second one of its SKU.
pub(crate) fn twins(name: &str) -> Answer {
    let mut answer: Value = serde_json::from_str(&text(name)).unwrap();
    for connection in answer["data"].as_object_mut().unwrap().values_mut() {
        let edges = connection["edges"].as_array_mut().unwrap();
        *edges = edges
            .iter()
            .flat_map(|edge| [edge.clone(), edge.clone()])
            .collect();
    }
    Answer::json(&answer)
}

pub(crate) fn login_page() -> Answer {
    Answer::new(200, text("login_page.html")).header("content-type", "text/html")
}

pub(crate) fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

/// `SKU @ location: on hand − allocated = available, + incoming`, which is what most tests look at.
pub(crate) fn summary(level: &StockLevel) -> String {
    let shown =
        |quantity: Option<Quantity>| quantity.map_or("?".into(), |quantity| quantity.to_string());
    let quantities = &level.quantities;
    format!(
        "{} @ {}: {} - {} = {}, + {}",
        level.sku,
        level.location,
        shown(quantities.on_hand),
        shown(quantities.allocated),
        shown(quantities.available),
        shown(quantities.incoming),
    )
}

pub(crate) fn summaries(levels: &[StockLevel]) -> Vec<String> {
    levels.iter().map(summary).collect()
}

pub(crate) fn query(skus: &[&str], locations: &[&str]) -> SkuQuery {
    SkuQuery::of(skus.iter().map(|text| sku(text)).collect())
        .at(locations.iter().map(|id| LocationId::from(*id)).collect())
}

impl Fixture {
    pub(crate) async fn open() -> Self {
        Self::with(json!({ "account": "acme" })).await
    }

    pub(crate) async fn with(settings: Value) -> Self {
        let host = FakeHost::at(now());
        let connection = Connection::open(bestand_plugin_finale::wiring, &settings, &host)
            .await
            .unwrap();
        Self { host, connection }
    }

    /// What opening with these settings is answered.
    pub(crate) async fn refusal(settings: Value) -> AdapterError {
        let opened = Connection::open(
            bestand_plugin_finale::wiring,
            &settings,
            &FakeHost::at(now()),
        )
        .await;
        opened.err().unwrap()
    }

    /// Scripts the next answer of a collection.
    pub(crate) fn get(&self, collection: &str, answer: Answer) -> &Self {
        self.host
            .answer(&format!("GET {ROOT}{collection}/"), answer);
        self
    }

    /// Scripts the next answer to a POST.
    pub(crate) fn post(&self, path: &str, answer: Answer) -> &Self {
        self.host.answer(&format!("POST {ROOT}{path}"), answer);
        self
    }

    pub(crate) fn graphql(&self, answer: Answer) -> &Self {
        self.post("graphql", answer)
    }

    /// Scripts what is asked before the first live query.
    pub(crate) fn layout(&self) -> &Self {
        self.get("facility", recorded("facilities.json"))
            .graphql(recorded("fields.json"))
    }

    /// Scripts a whole listing with these rows of stock.
    pub(crate) fn listing(&self, inventory_items: Answer) -> &Self {
        self.get("facility", recorded("facilities.json"))
            .get("product", recorded("products.json"))
            .get("inventoryitem", inventory_items)
    }

    pub(crate) async fn list(&self) -> Result<Vec<StockLevel>> {
        self.connection.list_stock(None).await
    }

    /// The requests that were sent to a resource.
    pub(crate) fn sent(&self, line: &str) -> Vec<Sent> {
        let line = line.replacen(' ', &format!(" {ROOT}"), 1);
        self.host
            .sent()
            .into_iter()
            .filter(|sent| sent.line().starts_with(&line))
            .collect()
    }
}

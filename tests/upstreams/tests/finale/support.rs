//! One simulated account and a client for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bestand_upstreams::clock::Clock;
use bestand_upstreams::finale::{Finale, FinaleOptions, Stock, Units};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

/// A Finale with three products at two locations, at a time that stands still.
pub(crate) struct Fixture {
    pub(crate) finale: Finale,
    pub(crate) client: reqwest::Client,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::with(|options| options).await
    }

    pub(crate) async fn with(change: impl FnOnce(FinaleOptions) -> FinaleOptions) -> Self {
        let clock = Clock::frozen("2026-11-20T10:00:10Z".parse().expect("a timestamp"));
        let options = change(FinaleOptions {
            clock,
            ..FinaleOptions::default()
        });
        let finale = Finale::start(options).await.expect("a free port");
        finale.stock([
            Stock::on_hand("NCP-001", "Berlin", 12)
                .titled("Kettle")
                .reserved(4)
                .on_order(1_500),
            Stock::on_hand("NCP-001", "Hamburg", 3),
            Stock::on_hand(
                "NCP-018",
                "Berlin",
                "3.5".parse::<Units>().expect("a quantity"),
            )
            .titled("Cable, by metre"),
        ]);
        finale.product("NCP-EMPTY", "Nothing left");
        Self {
            finale,
            client: reqwest::Client::builder()
                .no_gzip()
                .build()
                .expect("a client"),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let url = format!("{}/demo/api/{path}", self.finale.url());
        let request = self
            .client
            .get(url)
            .basic_auth("finale-key", Some("finale-secret"));
        request.send().await.expect("an answer")
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.try_post(path, body).await.expect("an answer")
    }

    pub(crate) async fn try_post(&self, path: &str, body: &Value) -> reqwest::Result<Response> {
        let url = format!("{}/demo/api/{path}", self.finale.url());
        let request = self
            .client
            .post(url)
            .basic_auth("finale-key", Some("finale-secret"));
        request.json(body).send().await
    }

    pub(crate) async fn collection(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.expect("a collection")
    }

    pub(crate) async fn graphql(&self, query: &str) -> Value {
        let response = self.post("graphql", &json!({ "query": query })).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.expect("a GraphQL answer")
    }

    pub(crate) fn filtered(collection: &str, filter: &Value) -> String {
        let encoded = STANDARD.encode(filter.to_string());
        format!(
            "{collection}?filter={}",
            encoded.replace('+', "%2B").replace('=', "%3D")
        )
    }

    pub(crate) fn stock_change(by: Value) -> Value {
        json!({
            "statusId": "PHSCL_INV_COMMITTED",
            "physicalInventoryTypeId": "SINGLE",
            "facilityUrl": "/demo/api/facility/100001",
            "generalComments": "op-1",
            "inventoryItemVarianceList": [{
                "productUrl": "/demo/api/product/NCP-001",
                "facilityUrl": "/demo/api/facility/100001",
                "quantityOnHandVar": by,
            }],
        })
    }
}

pub(crate) async fn error_of(response: Response) -> String {
    let body: Value = response.json().await.expect("an error body");
    assert_eq!(body["success"], json!(false));
    body["errorMessage"].as_str().expect("a message").to_owned()
}

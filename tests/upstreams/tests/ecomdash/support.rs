//! One simulated account and a client for it.

use bestand_upstreams::clock::Clock;
use bestand_upstreams::ecomdash::{Ecomdash, EcomdashOptions, Stock, Units};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

/// An account with two products in two warehouses and a kit of them, at a time that stands still.
pub(crate) struct Fixture {
    pub(crate) ecomdash: Ecomdash,
    pub(crate) client: reqwest::Client,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let clock = Clock::frozen("2026-11-20T10:00:10Z".parse().expect("a timestamp"));
        let options = EcomdashOptions {
            clock,
            ..EcomdashOptions::default()
        };
        let ecomdash = Ecomdash::start(options).await.expect("a free port");
        ecomdash.stock([
            Stock::on_hand("TEA-1", "Berlin", 12),
            Stock::on_hand(
                "TEA-1",
                "Hamburg",
                "7.5".parse::<Units>().expect("a quantity"),
            ),
            Stock::on_hand("CUP-2", "Berlin", 9),
        ]);
        ecomdash
            .kit("SET", &[("TEA-1", 2.into()), ("CUP-2", 1.into())])
            .expect("known products");
        Self {
            ecomdash,
            client: reqwest::Client::new(),
        }
    }

    /// A request with both keys.
    pub(crate) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("ecd-subscription-key", "ecomdash-account")
            .header("ocp-apim-subscription-key", "ecomdash-portal")
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        let request = self
            .client
            .get(format!("{}/api/{path}", self.ecomdash.url()));
        self.signed(request).send().await.expect("an answer")
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        let request = self
            .client
            .post(format!("{}/api/{path}", self.ecomdash.url()));
        self.signed(request)
            .json(body)
            .send()
            .await
            .expect("an answer")
    }

    pub(crate) async fn list(&self, path: &str) -> Value {
        self.get(path).await.json().await.expect("JSON")
    }
}

/// The SKUs of an answer.
pub(crate) fn skus(answer: &Value) -> Vec<&str> {
    let data = answer["data"].as_array().expect("data").iter();
    data.map(|product| product["Sku"].as_str().expect("a SKU"))
        .collect()
}

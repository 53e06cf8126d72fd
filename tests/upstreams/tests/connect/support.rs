//! One simulated module and a client for it, which holds every answer against the published schemas.

use bestand_upstreams::clock::Clock;
use bestand_upstreams::connect::{Module, ModuleOptions, Stock, published};
use reqwest::Response;
use serde_json::{Value, json};

/// A module with three articles in two warehouses, at a time that stands still.
pub(crate) struct Fixture {
    pub(crate) module: Module,
    pub(crate) client: reqwest::Client,
}

pub(crate) fn auth() -> Value {
    json!({ "order_source_api_code": "acme_wms", "api_key": "connect-key" })
}

/// A request with these members more.
pub(crate) fn request(more: &Value) -> Value {
    let mut request =
        json!({ "transaction_id": "0197a1b2-0000-7000-8000-000000000001", "auth": auth() });
    for (name, value) in more.as_object().into_iter().flatten() {
        request[name] = value.clone();
    }
    request
}

/// The ids of an answer's items.
pub(crate) fn ids(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().expect("items").iter();
    items
        .map(|item| item["integration_entity_id"].as_str().expect("an id"))
        .collect()
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        Self::with(|options| options).await
    }

    pub(crate) async fn with(change: impl FnOnce(ModuleOptions) -> ModuleOptions) -> Self {
        let clock = Clock::frozen("2026-11-20T10:00:00Z".parse().expect("a timestamp"));
        let options = change(ModuleOptions {
            clock,
            ..ModuleOptions::default()
        });
        let module = Module::start(options).await.expect("a free port");
        module.stock([
            Stock::available("TEA-1", "berlin", 12).of(17),
            Stock::available("TEA-1", "hamburg", 7),
            Stock::available("CUP-2", "berlin", 0).of(3),
        ]);
        let client = reqwest::Client::new();
        Self { module, client }
    }

    pub(crate) async fn post(&self, method: &str, body: &Value) -> Response {
        self.try_post(method, body).await.expect("an answer")
    }

    pub(crate) async fn try_post(&self, method: &str, body: &Value) -> reqwest::Result<Response> {
        let url = format!("{}/{method}", self.module.url());
        self.client.post(url).json(body).send().await
    }

    /// A fetch that is answered, by one of the three shapes.
    pub(crate) async fn fetch(&self, more: Value) -> Value {
        let shapes =
            ["Done", "Paging", "Processing"].map(|shape| format!("InventoryFetchResponse{shape}"));
        self.answered("inventory_fetch", &request(&more), &shapes)
            .await
    }

    pub(crate) async fn push(&self, more: Value) -> Value {
        let shapes = [
            "InventoryPushResponseDone".to_owned(),
            "InventoryPushResponseProcessing".to_owned(),
        ];
        self.answered("inventory_push", &request(&more), &shapes)
            .await
    }

    #[expect(
        clippy::print_stdout,
        reason = "what was not held against the schema is said"
    )]
    async fn answered(&self, method: &str, body: &Value, shapes: &[String]) -> Value {
        let response = self.post(method, body).await;
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().await.expect("JSON");
        let schemas: Option<Vec<_>> = shapes.iter().map(|name| published(name)).collect();
        match schemas {
            Some(schemas) => assert!(
                schemas.iter().any(|schema| schema.is_valid(&answer)),
                "{answer}"
            ),
            None => println!(
                "skipped: ../shared/data (or BESTAND_DATA) has no Connect schema to hold answers against"
            ),
        }
        answer
    }
}

/// The first error of a refusal: its code, and what is said.
pub(crate) async fn error_of(response: Response) -> (String, String) {
    let body: Value = response.json().await.expect("an error body");
    let error = &body["detailed_errors"][0];
    let text = |name: &str| error[name].as_str().expect("a text").to_owned();
    (text("standardized_error_code"), text("message"))
}

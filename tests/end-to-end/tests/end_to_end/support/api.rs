//! The HTTP API as a client sees it.

use std::sync::Arc;

use bestand::connection::NewConnection;
use reqwest::{Body, Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::life::find;
use super::messages::Messages;
use super::secrets::Secrets;

/// A key and its secret.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) secret: String,
}

/// A client with a key.
#[derive(Clone)]
pub(crate) struct Api {
    url: String,
    key: Key,
    client: Client,
    secrets: Arc<Secrets>,
}

/// What was answered; `body` is `null` when there is none.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

// === impl Api ===

impl Api {
    pub(super) fn new(url: String, key: Key, secrets: Arc<Secrets>) -> Self {
        Self {
            url,
            key,
            client: Client::new(),
            secrets,
        }
    }

    /// The same on a TCP connection of its own.
    pub(crate) fn alone(&self) -> Self {
        Self {
            client: Client::new(),
            ..self.clone()
        }
    }

    /// The same with another key.
    pub(crate) fn with(&self, key: Key) -> Self {
        Self {
            key,
            ..self.clone()
        }
    }

    /// The same at the address where another life of the daemon listens.
    pub(crate) fn at(&self, other: &Self) -> Self {
        other.with(self.key.clone())
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A request to a path below `/api/v1`, signed.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_anywhere(method, &format!("/api/v1{path}"))
    }

    /// A request to any path, signed.
    pub(crate) fn request_anywhere(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        request.basic_auth(&self.key.key, Some(&self.key.secret))
    }

    /// The account's events from now on, or after this one.
    pub(crate) async fn follow(&self, query: &str, after: Option<&str>) -> Messages {
        let request = self.request(Method::GET, &format!("/changes{query}"));
        let request = match after {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        Messages::of(response.bytes_stream())
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a whole answer");
        self.secrets.show(&text);
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, body }
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        self.send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, None).await.expect(200)
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(body)).await
    }

    // === connections and places ===

    /// Makes a connection and answers its id.
    pub(crate) async fn connect(&self, new: &NewConnection) -> String {
        let secrets: serde_json::Map<String, Value> = new
            .secrets
            .iter()
            .map(|(name, secret)| (name.clone(), secret.reveal().into()))
            .collect();
        let body = json!({
            "name": new.name, "adapter": new.adapter, "settings": new.settings, "secrets": secrets,
            "allow_private_network": new.allow_private_network,
        });
        let made = self.post("/connections", body).await.expect(201);
        made["id"].as_str().expect("an id").to_owned()
    }

    /// The connection once it is in this state.
    pub(crate) async fn until(&self, connection: &str, state: &str) -> Value {
        let path = format!("/connections/{connection}");
        find(state, async || {
            let shown = self.get(&path).await;
            (shown["status"]["state"] == state).then_some(shown)
        })
        .await
    }

    /// The connection of this name.
    pub(crate) async fn connection(&self, name: &str) -> String {
        let all = self.get("/connections").await;
        let items = all["items"].as_array().expect("a list");
        let found = items.iter().find(|item| item["name"] == name);
        found.expect("a connection")["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    /// The id of the source of this name.
    pub(crate) async fn source(&self, name: &str) -> String {
        let all = self.get("/inventory-sources").await;
        let groups = all["groups"].as_array().expect("a list").iter();
        let mut sources = groups.flat_map(|group| group["sources"].as_array().expect("a list"));
        let found = sources.find(|source| source["name"] == name);
        found.expect("a source")["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    /// Makes a ship-from location that is linked to this source, and answers its id.
    pub(crate) async fn ship_from(&self, name: &str, source: &str) -> String {
        let body = json!({ "name": name, "source_id": self.source(source).await });
        let made = self.post("/ship-from-locations", body).await.expect(201);
        made["id"].as_str().expect("an id").to_owned()
    }

    /// What is answered for one of this SKU, by what is stored.
    pub(crate) async fn stored(&self, sku: &str) -> Value {
        let body = json!({ "items": [{ "sku": sku, "quantity": 1 }], "live": false });
        self.post("/availability", body).await.expect(200)["lines"][0].clone()
    }

    // === orders ===

    /// Makes an order that ships from this place, and answers what it is told.
    pub(crate) async fn order(&self, number: &str, place: &str, lines: Value) -> Value {
        let order = json!({ "ship_from_location_id": place, "lines": lines });
        self.put(&format!("/orders/{number}"), order)
            .await
            .expect(201)
    }

    /// Sends orders as they come out of `body`.
    pub(crate) fn import(
        &self,
        media_type: &str,
        query: &str,
        body: impl Into<Body>,
    ) -> RequestBuilder {
        self.request(Method::POST, &format!("/orders{query}"))
            .header("content-type", media_type)
            .body(body)
    }

    /// How many lines every stored order has, by its number.
    pub(crate) async fn orders(&self) -> std::collections::BTreeMap<String, u64> {
        let mut orders = std::collections::BTreeMap::new();
        let mut path = "/orders?limit=1000".to_owned();
        loop {
            let page = self.get(&path).await;
            for order in page["items"].as_array().expect("a list") {
                let number = order["order_number"].as_str().expect("a number");
                orders.insert(number.to_owned(), order["lines"].as_u64().expect("a count"));
            }
            let Some(cursor) = page["next_cursor"].as_str() else {
                return orders;
            };
            path = format!("/orders?limit=1000&cursor={cursor}");
        }
    }
}

// === impl Answer ===

impl Answer {
    /// The body, if this is the status.
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body
    }
}

/// The fields that a problem names, with the reasons.
pub(crate) fn errors(problem: &Value) -> impl Iterator<Item = (&str, &str)> {
    let errors = problem["errors"].as_array().expect("a list of fields");
    errors.iter().map(|error| {
        let text = |name| error[name].as_str().expect("a text");
        (text("field"), text("reason"))
    })
}

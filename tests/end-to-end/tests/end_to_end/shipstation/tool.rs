//! A tool that speaks ShipStation's APIs, as a bare HTTP client.

use bestand::connection::NewConnection;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::{Answer, Daemon, Install};

/// The tool, with an administrator's key.
pub(super) struct Tool {
    client: Client,
    url: String,
    pasted_key: String,
}

// === impl Tool ===

impl Tool {
    pub(super) fn of(install: &Install, daemon: &Daemon) -> Self {
        let key = install.admin();
        Self {
            client: Client::new(),
            url: daemon.api.url().to_owned(),
            pasted_key: format!("{}:{}", key.key, key.secret),
        }
    }

    /// A request of the newer API: `POST inventory`.
    pub(super) async fn ask(&self, line: &str, body: Option<Value>) -> Answer {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let request = self
            .client
            .request(method, format!("{}/v2/{path}", self.url));
        let request = request.header("API-Key", &self.pasted_key);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a whole answer");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, body }
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.ask(&format!("GET {path}"), None).await.expect(200)
    }

    pub(super) async fn post(&self, path: &str, body: Value, status: u16) -> Value {
        self.ask(&format!("POST {path}"), Some(body))
            .await
            .expect(status)
    }

    /// What a query of the inventory finds: each location's id, and what is on hand and available there.
    pub(super) async fn levels(&self, query: &str) -> Vec<(String, i64, i64)> {
        let told = self.get(&format!("inventory?{query}")).await;
        assert_eq!(told.get("errors"), None, "{told:#}");
        let rows = told["inventory"].as_array().expect("a list").iter();
        let number = |row: &Value, field: &str| row[field].as_i64().expect("a number");
        let row = |row: &Value| {
            let place = row["inventory_location_id"]
                .as_str()
                .expect("an id")
                .to_owned();
            (place, number(row, "on_hand"), number(row, "available"))
        };
        rows.map(row).collect()
    }
}

/// A built-in warehouse.
pub(super) fn own() -> NewConnection {
    NewConnection {
        name: "Own warehouse".into(),
        adapter: "warehouse".into(),
        settings: json!({}),
        secrets: Default::default(),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    }
}

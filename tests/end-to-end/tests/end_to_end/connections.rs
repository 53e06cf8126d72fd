//! A connection made, mended and used over HTTP: what is wrong with it is named, and its secrets go in and never out.

use bestand::connection::NewConnection;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::finale::pair;
use crate::support::{Answer, Api, FinaleSystem, Install, errors, find};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_break_the_adapters_schema_are_refused_field_by_field() {
    let install = Install::with(&["finale"]);
    let daemon = install.serve().await;
    let secret = install.secrets.make();
    let wrong = json!({
        "name": " ", "adapter": "finale",
        "settings": { "account": 7, "available": "all_of_it", "acount": "demo" },
        "secrets": { "api_kee": secret, "api_secret": "" }, "sync_interval_secs": 0, "reconcile_secs": 5,
    });
    let refused = daemon.api.post("/connections", wrong).await.expect(422);
    assert_eq!(
        refused["type"],
        json!("urn:bestand:problem:invalid-field"),
        "{refused:#}"
    );
    let mut fields: Vec<&str> = errors(&refused).map(|(field, _)| field).collect();
    fields.sort_unstable();
    let expected = [
        "name",
        "reconcile_secs",
        "secrets.api_kee",
        "secrets.api_key",
        "secrets.api_secret",
        "settings",
        "settings.account",
        "settings.available",
        "sync_interval_secs",
    ];
    assert_eq!(fields, expected, "{refused:#}");
    assert!(errors(&refused).any(|(_, reason)| reason.contains("acount")));
    let unknown = json!({ "name": "x", "adapter": "finaly" });
    let refused = daemon.api.post("/connections", unknown).await.expect(422);
    assert_eq!(errors(&refused).next().unwrap().0, "adapter");
    assert_eq!(
        daemon.api.get("/connections").await["items"],
        json!([]),
        "nothing of it was kept"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_credentials_say_what_to_do_and_the_right_ones_bring_the_stock() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve().await;
    let api = &daemon.api;
    let wrong = NewConnection {
        secrets: pair(&install.secrets.make(), &install.secrets.make()),
        ..system.connection()
    };
    let id = api.connect(&wrong).await;
    let path = format!("/connections/{id}");
    let shown = api.until(&id, "needs_attention").await;
    let said = |field: &str| shown["status"][field].as_str().unwrap();
    assert!(
        said("reason").contains("Finale refuses the API key"),
        "{shown:#}"
    );
    assert!(said("advice").contains("enter them anew"), "{shown:#}");
    let checked = check(api, &path).await;
    assert_eq!(
        (&checked["ok"], &checked["error"]["kind"]),
        (&json!(false), &json!("auth"))
    );

    let without = json!({ "secrets": { "api_key": null } });
    let refused = send(api, &path, "\"1\"", without).await.expect(422);
    assert_eq!(
        errors(&refused).next().unwrap().0,
        "secrets.api_key",
        "only what is not needed can be removed"
    );
    let mended = change(api, &path, secrets_of(&system)).await;
    assert_eq!(mended["version"], json!(2), "{mended:#}");
    api.until(&id, "ready").await;
    let checked = check(api, &path).await;
    assert_eq!(
        (&checked["ok"], &checked["error"]),
        (&json!(true), &Value::Null),
        "{checked:#}"
    );
    assert!(checked["account_name"].is_string(), "{checked:#}");
    let shown = api.get(&path).await;
    assert!(
        shown.get("secrets").is_none(),
        "there is no way to read one: {shown:#}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_that_only_the_system_can_judge_is_named_by_the_check() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    let daemon = install.serve().await;
    let other = NewConnection {
        settings: json!({ "account": "nobody", "base_url": system.finale.url() }),
        ..system.connection()
    };
    let id = daemon.api.connect(&other).await;
    let path = format!("/connections/{id}");
    let shown = daemon.api.until(&id, "needs_attention").await;
    assert_eq!(
        shown["status"]["advice"],
        json!("correct `account` in this connection's settings")
    );
    let error = &check(&daemon.api, &path).await["error"];
    assert_eq!(
        (&error["kind"], &error["field"]),
        (&json!("config"), &json!("account"))
    );

    let settings = json!({ "account": 7, "base_url": system.finale.url() });
    let patch = json!({ "settings": settings });
    let refused = send(&daemon.api, &path, "\"1\"", patch).await;
    assert_eq!(
        errors(&refused.expect(422)).next().unwrap().0,
        "settings.account"
    );
    let settings = json!({ "account": "demo", "base_url": system.finale.url() });
    change(&daemon.api, &path, json!({ "settings": settings })).await;
    daemon.api.until(&id, "ready").await;
    let stale = send(&daemon.api, &path, "\"1\"", json!({ "name": "Other" })).await;
    assert_eq!(stale.status, 412, "somebody else has changed it: {stale:?}");
    let unconditional = json!({ "name": "Other" });
    let unconditional = daemon.api.ask(Method::PATCH, &path, Some(unconditional));
    assert_eq!(unconditional.await.status, 428);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_paused_rests_and_one_that_is_removed_takes_its_stock_along() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("A", "Berlin", 5);
    let daemon = install.serve_with(&system.connection()).await;
    let api = &daemon.api;
    let id = api.connection("Finale main").await;
    let path = format!("/connections/{id}");
    api.ship_from("Berlin", "Berlin").await;

    change(api, &path, json!({ "paused": true })).await;
    api.until(&id, "paused").await;
    let sync = api.ask(Method::POST, &format!("{path}/sync"), None).await;
    assert_eq!(sync.status, 409, "{sync:?}");
    assert_eq!(
        api.stored("A").await["available"],
        json!(5),
        "what is stored stays"
    );
    change(api, &path, json!({ "paused": false })).await;
    let shown = api.until(&id, "ready").await;

    let remove = api.request(Method::DELETE, &path);
    let removed = api.send(remove.header("if-match", tag(&shown))).await;
    assert_eq!(removed.status, 204, "{removed:?}");
    assert_eq!(api.ask(Method::GET, &path, None).await.status, 404);
    let line = find("the end of its stock", async || {
        let line = api.stored("A").await;
        (line["available"] == Value::Null).then_some(line)
    });
    assert_eq!(line.await["status"], json!("unavailable"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_goes_to_another_address_only_by_the_hand_that_knows_it() {
    let install = Install::with(&["finale"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    let other = FinaleSystem::in_real_time(&install.secrets).await;
    let daemon = install.serve_with(&system.connection()).await;
    let id = daemon.api.connection("Finale main").await;
    let path = format!("/connections/{id}");
    let settings = json!({ "account": "demo", "base_url": other.finale.url() });

    let operator = daemon.api.with(install.key("operator"));
    let mut patch = secrets_of(&other);
    patch["settings"] = settings.clone();
    let refused = send(&operator, &path, "\"1\"", patch.clone()).await;
    assert_eq!(
        refused.status, 403,
        "it may reach the own network: {refused:?}"
    );
    let alone = json!({ "settings": settings });
    let refused = send(&daemon.api, &path, "\"1\"", alone).await.expect(422);
    let fields: Vec<&str> = errors(&refused).map(|(field, _)| field).collect();
    assert_eq!(fields, ["secrets.api_key", "secrets.api_secret"]);
    assert!(other.finale.requests().is_empty(), "nothing was sent there");

    change(&daemon.api, &path, patch).await;
    daemon.api.until(&id, "ready").await;
    assert!(!other.finale.requests().is_empty());
}

async fn check(api: &Api, connection: &str) -> Value {
    let path = format!("{connection}/check");
    api.ask(Method::POST, &path, None).await.expect(200)
}

/// Changes the connection as it is now.
async fn change(api: &Api, connection: &str, patch: Value) -> Value {
    let seen = api.get(connection).await;
    let changed = send(api, connection, &tag(&seen), patch).await;
    changed.expect(200)
}

async fn send(api: &Api, connection: &str, tag: &str, patch: Value) -> Answer {
    let request = api.request(Method::PATCH, connection);
    api.send(request.header("if-match", tag).json(&patch)).await
}

fn tag(connection: &Value) -> String {
    format!("\"{}\"", connection["version"])
}

fn secrets_of(system: &FinaleSystem) -> Value {
    let secrets = system.secrets();
    let revealed = secrets
        .iter()
        .map(|(name, secret)| (name.clone(), secret.reveal().into()));
    json!({ "secrets": revealed.collect::<serde_json::Map<String, Value>>() })
}

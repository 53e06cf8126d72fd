//! Connections and adapters.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};
use bestand::config;
use bestand::connection::Origin;
use bestand::store;
use serde_json::json;

use super::support::{Api, connect, on_both_engines};

on_both_engines! {
    async fn a_connection_is_shown_with_what_a_change_is_based_on(api) {
        let id = connect(api, "finale").await;
        let answer = api.api(Reader, &format!("GET /connections/{id}")).expect(200).await;
        assert_eq!(answer.header("etag"), Some("\"1\""));
        let shown = answer.json();
        assert_eq!(shown["settings"], json!({ "account": "acme" }));
        assert_eq!(shown["status"], json!(null));
        assert_eq!(shown["hook_path"], format!("/hooks/{id}"));
        assert_eq!(shown["created_at"], "2023-11-14T22:13:20Z");
        let listed = api.api(Reader, "GET /connections").expect(200).await.json();
        assert_eq!(listed["items"], json!([shown]));
    }

    async fn a_connection_is_removed_only_by_who_has_seen_it(api) {
        let shop = api.shop().await;
        let line = format!("DELETE /connections/{}", shop.connection);
        assert_eq!(api.api(Operator, &line).expect(428).await.problem().0, "if-match-required");
        let other = api.api(Operator, &line).header("if-match", "\"2\"").expect(412).await;
        assert_eq!(other.problem().0, "changed");
        api.api(Operator, &line).header("if-match", "\"1\"").expect(204).await;
        api.api(Reader, &format!("GET /connections/{}", shop.connection)).expect(404).await;
        let location = api.api(Reader, &format!("GET /ship-from-locations/{}", shop.ship_from));
        assert_eq!(location.expect(200).await.json()["source_id"], json!(null));
    }

    async fn a_connection_of_the_config_file_is_changed_there(api) {
        let id = connect(api, "finale").await;
        let stored = store::connection::find(&api.parts.db, api.account, id).await.unwrap().unwrap();
        let declared = bestand::connection::Connection { origin: Origin::Config, ..stored };
        store::connection::update(&api.parts.db, &declared).await.unwrap();
        let line = format!("PATCH /connections/{id}");
        let call = api.api(Operator, &line).header("if-match", "\"2\"").json(&json!({ "paused": true }));
        let (kind, detail) = call.expect(409).await.problem();
        assert_eq!(kind, "conflict");
        assert!(detail.contains("config file"), "{detail}");
    }
}

#[tokio::test]
async fn a_secret_goes_when_the_file_does_not_name_it_any_more() {
    let api = Api::open().await;
    let declared = |secrets: &[&str]| config::connection::Connection {
        name: "Shop".into(),
        adapter: "shopify".into(),
        settings: serde_json::Map::new(),
        secrets: secrets
            .iter()
            .map(|name| ((*name).into(), Ok("hunter2".into())))
            .collect(),
        paused: false,
        allow_private_network: false,
        sync_interval: None,
        reconcile: None,
    };
    let kept = async |secrets: &[&str]| {
        let connections = &api.parts.connections;
        let declared = [declared(secrets)];
        connections.declare(api.account, &declared).await.unwrap();
        let db = &api.parts.db;
        let id = store::connection::list(db, api.account).await.unwrap()[0].id;
        let kept = store::connection::secrets(db, api.account, id).await;
        kept.unwrap()
            .into_iter()
            .map(|secret| secret.name)
            .collect::<Vec<_>>()
    };
    let both = ["client_secret", "previous_client_secret"];
    assert_eq!(kept(&both).await, both);
    assert_eq!(kept(&both[..1]).await, both[..1]);
}

#[tokio::test]
async fn how_often_a_connection_is_listed_in_full_is_shown_where_the_file_says_it() {
    let api = Api::open().await;
    let shown = async |reconcile: Option<u64>| {
        let declared = config::connection::Connection {
            name: "Shop".into(),
            adapter: "shopify".into(),
            settings: serde_json::Map::new(),
            secrets: Default::default(),
            paused: false,
            allow_private_network: false,
            sync_interval: None,
            reconcile: reconcile.map(Duration::from_secs),
        };
        let connections = &api.parts.connections;
        connections.declare(api.account, &[declared]).await.unwrap();
        let listed = api.api(Reader, "GET /connections").expect(200).await.json();
        listed["items"][0]["reconcile_secs"].clone()
    };
    assert_eq!(shown(None).await, json!(null));
    assert_eq!(shown(Some(3_600)).await, json!(3_600));
    assert_eq!(shown(None).await, json!(null));
}

#[tokio::test]
async fn what_is_wrong_with_a_new_connection_is_named() {
    let api = Api::open().await;
    let new = json!({ "name": "Finale main", "adapter": "finale", "settings": {}, "secrets": { "api_key": "hunter2" } });
    let answer = api
        .api(Operator, "POST /connections")
        .json(&new)
        .expect(422)
        .await;
    assert_eq!(answer.fields()[0].0, "adapter");
    assert!(!answer.text().contains("hunter2"));
    let secret_of_wrong_type = json!({ "name": "x", "adapter": "x", "secrets": { "api_key": 7 } });
    let answer = api
        .api(Operator, "POST /connections")
        .json(&secret_of_wrong_type)
        .expect(422)
        .await;
    assert_eq!(answer.fields()[0].0, "secrets.api_key");
}

#[tokio::test]
async fn a_connection_that_does_not_run_says_so_when_asked_to_work() {
    let api = Api::open().await;
    let id = connect(&api, "finale").await;
    let checked = api
        .api(Operator, &format!("POST /connections/{id}/check"))
        .expect(200)
        .await
        .json();
    assert_eq!(
        (&checked["ok"], &checked["error"]["kind"]),
        (&json!(false), &json!("transient"))
    );
    let sync = api
        .api(Operator, &format!("POST /connections/{id}/sync?full=true"))
        .expect(409)
        .await;
    assert!(sync.problem().1.contains("does not run"));
    let call = || api.api(Operator, &format!("POST /connections/{id}/sync"));
    let whole = call().json(&json!({})).expect(409).await;
    assert!(whole.problem().1.contains("does not run"));
    call().json(&json!({ "dry_run": true })).expect(503).await;
}

#[tokio::test]
async fn a_library_that_is_none_is_listed_with_the_reason() {
    let api = Api::open().await;
    let listed = api.api(Reader, "GET /adapters").expect(200).await.json();
    let broken = &listed["items"][0];
    assert_eq!(
        (&broken["file"], &broken["state"]),
        (&json!("broken.so"), &json!("refused"))
    );
    assert!(!broken["reason"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_sync_of_some_skus_says_what_is_wrong_with_it() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let line = format!("POST /connections/{}/sync", shop.connection);
    let elsewhere = "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90";
    for (body, field) in [
        (json!({ "skus": [] }), "skus"),
        (json!({ "skus": vec!["A"; 501] }), "skus"),
        (
            json!({ "skus": ["A"], "source_ids": [elsewhere] }),
            "source_ids",
        ),
        (
            json!({ "changed_since": "2026-01-01T00:00:00Z" }),
            "changed_since",
        ),
        (
            json!({ "skus": ["A"], "changed_since": "2020-01-01T00:00:00Z" }),
            "changed_since",
        ),
        (json!({ "changed_since": "yesterday" }), "changed_since"),
        (json!({ "source_ids": [elsewhere] }), "source_ids"),
    ] {
        let refused = api.api(Operator, &line).json(&body).expect(422).await;
        assert_eq!(refused.fields()[0].0, field);
    }
    let trial = json!({ "skus": ["A"], "dry_run": true });
    let full = api.api(Operator, &format!("{line}?full=true")).json(&trial);
    assert_eq!(full.expect(422).await.fields()[0].0, "full");
    let closed = api.api(Operator, &line).json(&trial).expect(503).await;
    assert!(closed.problem().1.contains("look at its state"));
}

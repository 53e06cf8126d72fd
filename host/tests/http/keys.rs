//! API keys: made, shown once, kept, replaced, revoked.

use std::time::Duration;

use bestand::api_key::Role::{Admin, Reader};
use serde_json::{Value, json};

use super::support::{Api, on_both_engines};

async fn make(api: &Api, body: Value) -> Value {
    api.api(Admin, "POST /api-keys")
        .json(&body)
        .expect(201)
        .await
        .json()
}

fn pair(issued: &Value) -> String {
    format!(
        "{}:{}",
        issued["key"].as_str().unwrap(),
        issued["secret"].as_str().unwrap()
    )
}

on_both_engines! {
    async fn a_secret_is_shown_once_and_works_at_once(api) {
        let call = api.api(Admin, "POST /api-keys").json(&json!({ "name": "Packing station 2", "role": "reader" }));
        let answer = call.expect(201).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let issued = answer.json();
        assert!(issued["key"].as_str().unwrap().starts_with("bk_"));
        assert!(issued["secret"].as_str().unwrap().starts_with("bs_"));
        api.call("GET /api/v1/orders").with(&pair(&issued)).expect(200).await;
        assert_eq!(issued["shipstation_v2_api_key"], json!(pair(&issued)));
        let listed = api.api(Admin, "GET /api-keys").expect(200).await;
        assert!(listed.text().contains("Packing station 2"));
        assert!(!listed.text().contains("bs_") && !listed.text().contains("secret"));
    }

    async fn the_old_secret_works_for_the_grace_period_and_no_longer(api) {
        let issued = make(api, json!({ "name": "Finale", "role": "partner", "partner": "finale" })).await;
        let line = format!("POST /api-keys/{}/regenerate?grace_secs=60", issued["id"].as_str().unwrap());
        let renewed = api.api(Admin, &line).expect(200).await.json();
        assert_eq!((&renewed["key"], renewed["secret"] == issued["secret"]), (&issued["key"], false));
        for credentials in [pair(&issued), pair(&renewed)] {
            api.call("GET /api/v1/inventory-sources").with(&credentials).expect(200).await;
        }
        api.parts.clock.advance(Duration::from_secs(61));
        api.call("GET /api/v1/inventory-sources").with(&pair(&issued)).expect(401).await;
        api.call("GET /api/v1/inventory-sources").with(&pair(&renewed)).expect(200).await;
    }

    async fn a_revoked_key_is_refused_at_once_and_stays_listed(api) {
        let issued = make(api, json!({ "name": "old", "role": "reader" })).await;
        api.call("GET /api/v1/orders").with(&pair(&issued)).expect(200).await;
        let line = format!("/api-keys/{}", issued["id"].as_str().unwrap());
        api.api(Admin, &format!("DELETE {line}")).expect(204).await;
        api.call("GET /api/v1/orders").with(&pair(&issued)).expect(401).await;
        api.api(Admin, &format!("POST {line}/regenerate")).expect(404).await;
        let listed = api.api(Admin, "GET /api-keys").expect(200).await.json();
        let kept = listed["items"].as_array().unwrap().iter().find(|key| key["id"] == issued["id"]);
        assert_eq!(kept.unwrap()["revoked_at"], "2023-11-14T22:13:20Z");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_new_key_is_told_all_at_once() {
    let api = Api::open().await;
    let check = async |body: Value, fields: &[&str]| {
        let answer = api
            .api(Admin, "POST /api-keys")
            .json(&body)
            .expect(422)
            .await;
        let named: Vec<String> = answer
            .fields()
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(named, fields, "{body}");
    };
    check(
        json!({ "name": " ", "role": "partner", "expires_at": "2001-01-01T00:00:00Z" }),
        &["name", "partner", "expires_at"],
    )
    .await;
    check(
        json!({ "name": "x", "role": "reader", "partner": "finale" }),
        &["partner"],
    )
    .await;
    check(json!({ "name": "x", "role": "king" }), &["role"]).await;
    check(
        json!({ "name": "x", "role": "reader", "expires_at": "soon" }),
        &["expires_at"],
    )
    .await;
    let id = api.parts.keyring.list(api.account).await.unwrap()[0].id;
    let answer = api
        .api(
            Admin,
            &format!("POST /api-keys/{id}/regenerate?grace_secs=99999999"),
        )
        .expect(422)
        .await;
    assert_eq!(answer.fields()[0].0, "grace_secs");
}

#[tokio::test]
async fn a_use_is_noted_to_the_minute() {
    let api = Api::open().await;
    api.api(Reader, "GET /orders").expect(200).await;
    let listed = api.api(Admin, "GET /api-keys").expect(200).await.json();
    let reader = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["role"] == "reader")
        .unwrap();
    assert_eq!(reader["last_used_at"], "2023-11-14T22:13:20Z");
}

//! Outgoing webhooks.

use bestand::api_key::Role::{Operator, Reader};
use bestand::event_log::EventId;
use bestand::id::SourceId;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::support::undeliverable::fail_for_good;
use super::support::{Answer, Api, on_both_engines, other_account};

const URL: &str = "https://receiver.invalid/hooks?token=hunter2";

async fn make(api: &Api, body: &Value) -> Answer {
    api.api(Operator, "POST /webhooks")
        .json(body)
        .expect(201)
        .await
}

/// One whose only message has failed for good: its receiver does not exist.
async fn with_a_dead_letter(api: &Api) -> String {
    let made = make(api, &json!({ "url": URL })).await.json();
    fail_for_good(api).await;
    made["id"].as_str().unwrap().to_owned()
}

on_both_engines! {
    async fn a_secret_is_shown_when_it_is_made_and_never_again(api) {
        let made = make(api, &json!({ "url": URL, "types": ["stock.changed"], "skus": ["MUG"] })).await;
        assert_eq!(made.header("cache-control"), Some("no-store"));
        let secret = made.json()["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("whsec_"));
        let made = made.json();
        assert_eq!((&made["name"], &made["enabled"]), (&json!("receiver.invalid"), &json!(true)));
        let line = format!("/webhooks/{}", made["id"].as_str().unwrap());
        let rotated = api.api(Operator, &format!("POST {line}/rotate-secret")).expect(200).await.json();
        assert_ne!(rotated["secret"], made["secret"]);
        assert!(rotated["previous_secret_until"].is_string());
        let paths = [line.clone(), "/webhooks".into(), format!("{line}/deliveries"), "/activity".into()];
        api.parts.activity.settle().await;
        for path in paths {
            let shown = api.api(Operator, &format!("GET {path}")).expect(200).await.text();
            assert!(!shown.contains("whsec_"), "{shown}");
        }
        let reads = api.api(Reader, "GET /activity").expect(200).await.text();
        assert!(!reads.contains("hunter2") && reads.contains("webhook_rotated"), "{reads}");
    }

    async fn secrets_are_sealed_in_the_database(api) {
        let made = make(api, &json!({ "url": URL })).await.json();
        let secret = made["secret"].as_str().unwrap().as_bytes();
        let db = api.parts.db.read();
        let select = Statement::from_string(db.get_database_backend(), "select secret from webhooks");
        let row = db.query_one_raw(select).await.unwrap().unwrap();
        let stored: Vec<u8> = row.try_get("", "secret").unwrap();
        assert!(!stored.windows(secret.len()).any(|window| window == secret));
    }

    async fn all_that_is_wrong_is_said_by_its_field(api) {
        let check = async |body: Value, expected: &[&str]| {
            let answer = api.api(Operator, "POST /webhooks").json(&body).expect(422).await;
            let fields: Vec<String> = answer.fields().into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields, expected, "{}", answer.text());
        };
        check(json!({ "url": "http://receiver.invalid/" }), &["url"]).await;
        check(json!({ "url": "https://10.0.0.1/" }), &["url"]).await;
        check(json!({ "url": "https://a:b@receiver.invalid/" }), &["url"]).await;
        check(json!({ "url": URL, "name": "x".repeat(101) }), &["name"]).await;
        check(json!({ "url": URL, "types": ["stock.gone"] }), &["types[0]"]).await;
        check(json!({ "url": URL, "skus": ["ok", ""] }), &["skus[1]"]).await;
        let many: Vec<String> = (0..1_001).map(|number| format!("S{number}")).collect();
        let foreign = SourceId::new();
        check(json!({ "url": "ftp://x", "skus": many, "sources": [foreign] }), &["url", "skus", "sources"]).await;
    }

    async fn a_change_is_based_on_what_was_read(api) {
        let made = make(api, &json!({ "url": URL })).await;
        assert_eq!(made.header("etag"), Some("\"1\""));
        let line = made.header("location").unwrap().strip_prefix("/api/v1").unwrap().to_owned();
        let patch = |version: &str, body: Value| api.api(Operator, &format!("PATCH {line}")).header("if-match", version).json(&body);
        let changed = patch("\"1\"", json!({ "enabled": false, "skus": ["MUG"] })).expect(200).await;
        assert_eq!((changed.json()["skus"].clone(), changed.header("etag")), (json!(["MUG"]), Some("\"2\"")));
        patch("\"1\"", json!({ "enabled": true })).expect(412).await;
        api.api(Operator, &format!("PATCH {line}")).json(&json!({})).expect(428).await;
        api.api(Operator, &format!("DELETE {line}")).header("if-match", "\"2\"").expect(204).await;
        api.api(Operator, &format!("GET {line}")).expect(404).await;
    }

    async fn a_dead_letter_is_looked_at_and_sent_again(api) {
        let id = with_a_dead_letter(api).await;
        let webhook = api.api(Operator, &format!("GET /webhooks/{id}")).expect(200).await.json();
        assert_eq!((&webhook["dead"], &webhook["pending"]), (&json!(1), &json!(0)));
        let error = webhook["failed"]["error"].as_str().unwrap();
        assert!(error.contains("receiver.invalid") && !error.contains("hunter2"), "{error}");
        let dead = api.api(Operator, &format!("GET /webhooks/{id}/deliveries?state=dead")).expect(200).await.json();
        assert_eq!((&dead["items"][0]["event_id"], &dead["items"][0]["attempts"]), (&json!("1"), &json!(11)));
        let letter = api.api(Operator, &format!("GET /webhooks/{id}/deliveries/1")).expect(200).await.json();
        assert_eq!(letter["payload"]["type"], "source.recovered");
        api.api(Operator, &format!("POST /webhooks/{id}/deliveries/1/resend")).expect(202).await;
        api.api(Operator, &format!("POST /webhooks/{id}/deliveries/1/resend")).expect(409).await;
        api.api(Operator, &format!("POST /webhooks/{id}/deliveries/9/resend")).expect(404).await;
        let all = api.api(Operator, &format!("POST /webhooks/{id}/resend")).expect(202).await.json();
        assert_eq!(all["resent"], 0);
        let none = api.api(Operator, &format!("GET /webhooks/{id}/deliveries?state=dead")).expect(200).await.json();
        assert_eq!(none["items"], json!([]));
        let pinged = api.api(Operator, &format!("POST /webhooks/{id}/ping")).expect(200).await.json();
        assert_eq!(pinged["delivered"], false);
    }

    async fn an_account_does_not_reach_the_webhooks_of_another(api) {
        let id = with_a_dead_letter(api).await;
        let theirs = other_account(api).await;
        let lines = ["GET ", "POST /ping", "POST /rotate-secret", "POST /resend", "GET /deliveries",
            "GET /deliveries/1", "POST /deliveries/1/resend"];
        for line in lines {
            let (method, rest) = line.split_once(' ').unwrap();
            let call = api.call(&format!("{method} /api/v1/webhooks/{id}{rest}")).with(&theirs);
            call.expect(404).await;
        }
        let removed = api.call(&format!("DELETE /api/v1/webhooks/{id}")).with(&theirs).header("if-match", "*");
        removed.expect(404).await;
        let listed = api.call("GET /api/v1/webhooks").with(&theirs).expect(200).await.json();
        assert_eq!(listed["items"], json!([]));
        assert!(api.parts.webhooks.delivery(api.account, id.parse().unwrap(), EventId(1)).await.is_ok());
    }
}

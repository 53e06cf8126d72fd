//! What a client may not do too much of.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::json;

use super::support::Api;

#[tokio::test]
async fn a_key_that_asks_too_often_is_told_when_to_come_back() {
    let api = Api::configured("[server]\nrequests_per_minute = 3").await;
    for remaining in [2, 1, 0] {
        let answer = api.api(Reader, "GET /orders").expect(200).await;
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"per-key\";q=3;w=60")
        );
        let limit = answer.header("ratelimit").unwrap();
        assert!(
            limit.starts_with(&format!("\"per-key\";r={remaining};t=")),
            "{limit}"
        );
    }
    let refused = api.api(Reader, "GET /orders").expect(429).await;
    assert_eq!(refused.problem().0, "too-many-requests");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    api.api(Operator, "GET /orders").expect(200).await;
    api.call("GET /healthz").expect(200).await;
}

#[tokio::test]
async fn without_a_limit_nothing_is_counted() {
    let api = Api::configured("[server]\nrequests_per_minute = 0").await;
    let answer = api.api(Reader, "GET /orders").expect(200).await;
    assert_eq!(answer.header("ratelimit"), None);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let api = Api::configured("[server]\nbody_bytes_max = 1024").await;
    let large = json!({ "name": "x".repeat(2000) });
    let answer = api
        .api(Operator, "POST /ship-from-locations")
        .json(&large)
        .expect(413)
        .await;
    let (kind, detail) = answer.problem();
    assert_eq!(kind, "too-large");
    assert!(detail.contains("1024 bytes"), "{detail}");
    let lines = "order_number,sku,quantity\n".repeat(100);
    api.api(Operator, "POST /orders")
        .body("text/csv", lines)
        .expect(413)
        .await;
    let keyed = api
        .api(Operator, "POST /ship-from-locations")
        .header("idempotency-key", "1");
    keyed.json(&large).expect(413).await;
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let api = Api::open().await;
    // The key is held from now on, so that only the body is waited for once time is paused.
    api.api(Operator, "GET /orders").expect(200).await;
    tokio::time::pause();
    let never = futures::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let body = axum::body::Body::from_stream(never);
    let call = api
        .api(Operator, "POST /ship-from-locations")
        .body("application/json", body);
    assert_eq!(call.expect(408).await.problem().0, "body-too-slow");
}

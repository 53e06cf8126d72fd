//! How often tools may ask, and how they are told.

use std::time::Duration;

use bestand::api_key::Role::{Operator, Reader};

use super::super::support::Api;
use super::published;

#[tokio::test]
async fn the_older_api_says_with_every_answer_what_is_left() {
    let api = Api::open().await;
    let first = api.call("GET /ssapi/stores").by(Reader).expect(200).await;
    assert_eq!(first.header("x-rate-limit-limit"), Some("40"));
    assert_eq!(first.header("x-rate-limit-remaining"), Some("39"));
    assert_eq!(first.header("x-rate-limit-reset"), Some("60"));
    let nobody = api.call("GET /ssapi/stores").expect(401).await;
    assert_eq!(nobody.header("x-rate-limit-remaining"), Some("40"));
    for _ in 1..40 {
        api.call("GET /ssapi/stores").by(Reader).expect(200).await;
    }
    let refused = api.call("GET /ssapi/stores").by(Reader).expect(429).await;
    assert!(
        refused.text().contains(r#""message": "Too Many Requests""#),
        "{}",
        refused.text()
    );
    assert_eq!(refused.header("x-rate-limit-remaining"), Some("0"));
    assert_eq!(refused.header("retry-after"), Some("60"));
    api.call("GET /ssapi/stores").by(Operator).expect(200).await;
    api.parts.clock.advance(Duration::from_secs(60));
    api.call("GET /ssapi/stores").by(Reader).expect(200).await;
}

#[tokio::test]
async fn the_newer_api_says_when_to_come_back() {
    let api = Api::open().await;
    let key = api.credentials(Reader).to_owned();
    for _ in 0..200 {
        api.call("GET /v2/inventory_warehouses")
            .header("API-Key", &key)
            .expect(200)
            .await;
    }
    let refused = api
        .call("GET /v2/inventory_warehouses")
        .header("API-Key", &key);
    let refused = refused.expect(429).await;
    published::check("/v2/inventory_warehouses", &refused);
    assert_eq!(refused.header("retry-after"), Some("60"));
    assert_eq!(
        refused.json()["errors"][0]["error_code"],
        "rate_limit_exceeded"
    );
}

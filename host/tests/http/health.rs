//! Whether the daemon is well, and who may know.

use bestand::api_key::Role::{Partner, Reader};
use serde_json::json;

use super::support::Api;

#[tokio::test]
async fn anybody_learns_whether_it_runs_and_insiders_what_is_wrong() {
    let api = Api::open().await;
    assert_eq!(
        api.call("GET /healthz").expect(200).await.json(),
        json!({ "status": "ok" })
    );
    let stranger = api.call("GET /readyz").expect(200).await.json();
    assert_eq!(stranger, json!({ "status": "ready" }));
    for call in [
        api.call("GET /readyz").locally(),
        api.call("GET /readyz").by(Reader),
    ] {
        let insider = call.expect(200).await.json();
        assert_eq!(insider["status"], "ready");
        assert!(
            insider["reasons"][0]
                .as_str()
                .unwrap()
                .starts_with("a plugin was refused")
        );
    }
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_for_readers() {
    let api = Api::open().await;
    api.api(Reader, "GET /orders").expect(200).await;
    let metrics = api.call("GET /metrics").locally().expect(200).await;
    assert_eq!(
        metrics.header("content-type"),
        Some("text/plain; version=0.0.4")
    );
    let counted = "bestand_http_request_seconds_count{route=\"/api/v1/orders\",method=\"GET\",status=\"200\"}";
    assert!(metrics.text().contains(counted), "{}", metrics.text());
    api.call("GET /metrics").by(Reader).expect(200).await;
    api.call("GET /metrics").by(Partner).expect(403).await;
    api.call("GET /metrics").expect(401).await;
    // What comes through a proxy on this machine comes from anywhere.
    api.call("GET /metrics")
        .locally()
        .header("x-forwarded-for", "203.0.113.7")
        .expect(401)
        .await;
}

#[tokio::test]
async fn an_unknown_hook_looks_like_any_unknown_path() {
    let api = Api::open().await;
    let shop = api.shop().await;
    let nothing = api.call("POST /nothing").expect(404).await.problem();
    for id in [
        "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90",
        "x",
        &shop.connection.to_string(),
    ] {
        let hook = api
            .call(&format!("POST /hooks/{id}"))
            .body("application/json", "{}");
        assert_eq!(hook.expect(404).await.problem(), nothing, "{id}");
    }
    // What is for nobody is not even read, however much it is.
    let large = vec![b'x'; (1 << 20) + 1];
    let hook = api
        .call(&format!("POST /hooks/{}", shop.connection))
        .body("application/json", large);
    hook.expect(404).await;
}

//! The control API.

use serde_json::{Value, json};

use crate::support::{Fixture, ids, request};

#[tokio::test]
async fn people_who_play_steer_it_over_http() {
    let fixture = Fixture::start().await;
    let control = async |path: &str, body: Value| {
        let url = format!("{}/_control/{path}", fixture.module.url());
        fixture
            .client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
    };
    let stock = json!([{ "sku": "NEW", "available": 2 }]);
    assert_eq!(control("stock", stock).await, 204);
    assert_eq!(control("lock/TEA-1", json!(null)).await, 204);
    assert_eq!(
        ids(&fixture.fetch(json!({})).await),
        ["/NEW", "berlin/CUP-2"]
    );
    assert_eq!(
        control(
            "faults",
            json!({ "fault": "status", "code": 503, "times": 1 })
        )
        .await,
        204
    );
    assert_eq!(
        fixture
            .post("inventory_fetch", &request(&json!({})))
            .await
            .status(),
        503
    );
    assert_eq!(control("faults", json!({ "fault": "explode" })).await, 422);
    assert_eq!(control("clock", json!({ "advance_secs": 60 })).await, 200);
    assert_eq!(
        fixture.module.clock().now(),
        "2026-11-20T10:01:00Z".parse().unwrap()
    );
    let url = format!("{}/_control/requests", fixture.module.url());
    let requests: Value = fixture
        .client
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(requests[1]["status"], 503);
}

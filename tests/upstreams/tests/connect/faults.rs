//! Faults that are switched on.

use std::time::Duration;

use bestand_upstreams::json_api::Fault;
use serde_json::{Value, json};

use crate::support::{Fixture, error_of, request};

#[tokio::test]
async fn a_fault_hits_so_many_requests_of_its_method() {
    let fixture = Fixture::start().await;
    fixture
        .module
        .fault(Fault::Status { code: 520 }.times(2).on("inventory_fetch"));
    let body = request(&json!({}));
    assert_eq!(
        fixture.post("validate_connection", &body).await.status(),
        200
    );
    for expected in [520, 520, 200] {
        assert_eq!(
            fixture.post("inventory_fetch", &body).await.status(),
            expected
        );
    }
    fixture.module.fault(Fault::Status { code: 500 });
    let response = fixture.post("inventory_fetch", &body).await;
    assert_eq!(error_of(response).await.0, "unhandled_module_exception");
    fixture.module.clear_faults();
    assert_eq!(fixture.post("inventory_fetch", &body).await.status(), 200);
}

#[tokio::test]
async fn a_limit_is_told_as_the_contract_has_it() {
    let fixture = Fixture::start().await;
    fixture.module.fault(
        Fault::RateLimited {
            retry_after_secs: 30,
        }
        .times(1),
    );
    let response = fixture.post("inventory_fetch", &request(&json!({}))).await;
    assert_eq!(response.status(), 429);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["retry_after_seconds"], 30);
}

#[tokio::test]
async fn answers_of_status_200_can_be_errors_pages_cut_or_without_end() {
    let fixture = Fixture::start().await;
    let body = request(&json!({}));
    for fault in [Fault::ErrorBody, Fault::Page, Fault::Truncated] {
        fixture.module.fault(fault.clone().times(1));
        let text = fixture
            .post("inventory_fetch", &body)
            .await
            .text()
            .await
            .unwrap();
        let answer: Result<Value, _> = serde_json::from_str(&text);
        assert!(
            answer.is_err() || answer.unwrap().get("items").is_none(),
            "{fault:?}: {text}"
        );
    }
    fixture
        .module
        .fault(Fault::SlowBody { pause_ms: 1 }.times(1));
    let slow: Value = fixture
        .post("inventory_fetch", &body)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(slow["items"].as_array().unwrap().len(), 3);
    fixture.module.fault(Fault::StalledBody.times(1));
    let stalled = fixture.post("inventory_fetch", &body).await;
    let waited = tokio::time::timeout(Duration::from_millis(100), stalled.bytes()).await;
    assert!(waited.is_err());
}

#[tokio::test]
async fn a_reset_leaves_the_counts_alone_and_a_drop_after_the_commit_does_not() {
    let fixture = Fixture::start().await;
    let count =
        json!({ "integration_entity_id": "berlin/TEA-1", "sku": "TEA-1", "available_quantity": 5 });
    let body = request(&json!({ "items": [count] }));
    let available = || {
        fixture
            .module
            .find("TEA-1", Some("berlin"))
            .unwrap()
            .available
    };
    fixture.module.fault(Fault::Reset.times(1));
    assert!(fixture.try_post("inventory_push", &body).await.is_err());
    assert_eq!(available(), 12);
    fixture.module.fault(Fault::DroppedAfterCommit.times(1));
    assert!(fixture.try_post("inventory_push", &body).await.is_err());
    assert_eq!(available(), 5);
    let statuses: Vec<_> = fixture
        .module
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [None, None]);
}

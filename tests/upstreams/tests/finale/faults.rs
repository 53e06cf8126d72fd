//! Faults that are switched on.

use std::time::Duration;

use bestand_upstreams::finale::{Fault, Units};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Fixture, error_of};

#[tokio::test]
async fn a_fault_hits_so_many_requests_on_its_resource() {
    let fixture = Fixture::start().await;
    fixture
        .finale
        .fault(Fault::Status { code: 503 }.times(2).on("facility"));
    assert_eq!(fixture.get("product/").await.status(), StatusCode::OK);
    for expected in [503, 503, 200] {
        assert_eq!(fixture.get("facility/").await.status(), expected);
    }
}

#[tokio::test]
async fn answers_of_status_200_can_be_errors_or_a_login_page_or_cut() {
    let fixture = Fixture::start().await;
    fixture.finale.fault(Fault::ErrorBody.times(1));
    let response = fixture.get("facility/").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(error_of(response).await, "Unexpected error");
    fixture.finale.fault(Fault::LoginPage.times(1));
    let response = fixture.get("facility/").await;
    assert_eq!(
        (response.status(), &response.headers()["content-type"]),
        (StatusCode::OK, &"text/html".parse().unwrap())
    );
    fixture.finale.fault(Fault::Truncated.times(1));
    let body = fixture.get("facility/").await.text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&body).is_err());
}

#[tokio::test]
async fn a_reset_leaves_the_stock_alone_and_a_drop_after_the_commit_does_not() {
    let fixture = Fixture::start().await;
    fixture.finale.fault(Fault::Reset.times(1));
    assert!(
        fixture
            .try_post("inventoryvariance/", &Fixture::stock_change(json!(1)))
            .await
            .is_err()
    );
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(12))
    );
    fixture.finale.fault(Fault::DroppedAfterCommit.times(1));
    assert!(
        fixture
            .try_post("inventoryvariance/", &Fixture::stock_change(json!(1)))
            .await
            .is_err()
    );
    assert_eq!(
        fixture.finale.on_hand("NCP-001", "Berlin"),
        Some(Units::from(13))
    );
    assert_eq!(
        fixture
            .finale
            .requests()
            .iter()
            .map(|request| request.status)
            .collect::<Vec<_>>(),
        [None, None]
    );
}

#[tokio::test]
async fn a_stalled_body_never_ends_and_a_slow_one_does() {
    let fixture = Fixture::start().await;
    fixture
        .finale
        .fault(Fault::SlowBody { pause_ms: 1 }.times(1));
    assert!(fixture.get("facility/").await.json::<Value>().await.is_ok());
    fixture.finale.fault(Fault::StalledBody.times(1));
    let stalled = fixture.get("facility/").await;
    assert!(
        tokio::time::timeout(Duration::from_millis(100), stalled.bytes())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn duplicated_rows_and_a_gzip_bomb_can_be_had() {
    let fixture = Fixture::start().await;
    fixture.finale.fault(Fault::DuplicatedRows.times(1));
    let items = fixture.collection("inventoryitem/").await;
    assert_eq!(items["productId"].as_array().unwrap().len(), 10);
    fixture
        .finale
        .fault(Fault::GzipBomb { inflated_mib: 64 }.times(1));
    let bomb = fixture.get("inventoryitem/").await;
    assert_eq!(bomb.headers()["content-encoding"], "gzip");
    assert!(bomb.content_length().unwrap() < 1024 * 1024);
}

#[tokio::test]
async fn the_upstream_tells_its_own_time() {
    let fixture = Fixture::start().await;
    let response = fixture.get("facility/").await;
    assert_eq!(response.headers()["date"], "Fri, 20 Nov 2026 10:00:10 GMT");
}

//! The control API, and seeding.

use bestand_upstreams::finale::Stock;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::Fixture;

#[tokio::test]
async fn people_who_play_steer_it_over_http() {
    let fixture = Fixture::start().await;
    let control = async |path: &str, body: Value| {
        let url = format!("{}/_control/{path}", fixture.finale.url());
        fixture
            .client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
    };
    let stock = json!([{ "sku": "NEW", "title": "New", "location": "Berlin", "on_hand": 2.5, "reserved": 1 }]);
    assert_eq!(control("stock", stock).await, StatusCode::NO_CONTENT);
    assert_eq!(
        fixture.finale.on_hand("NEW", "Berlin"),
        Some("2.5".parse().unwrap())
    );
    assert_eq!(
        control(
            "faults",
            json!({ "fault": "status", "code": 500, "times": 1 })
        )
        .await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        fixture.get("facility/").await.status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(
        control("faults", json!({ "fault": "explode" })).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        control("clock", json!({ "advance_secs": 60 })).await,
        StatusCode::OK
    );
    assert_eq!(
        fixture.finale.clock().now(),
        "2026-11-20T10:01:10Z".parse().unwrap()
    );
    let listed = fixture
        .client
        .get(format!("{}/_control/requests", fixture.finale.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        listed.json::<Value>().await.unwrap()[0]["status"],
        json!(500)
    );
}

#[tokio::test]
async fn tens_of_thousands_of_products_are_seeded_in_one_call() {
    let fixture = Fixture::start().await;
    fixture
        .finale
        .stock((0..30_000).map(|number| Stock::on_hand(format!("SKU-{number}"), "Berlin", number)));
    let products = fixture.collection("product/").await;
    assert_eq!(products["productId"].as_array().unwrap().len(), 30_003);
}

//! The control API.

use serde_json::{Value, json};

use crate::support::{Fixture, skus};

#[tokio::test]
async fn people_who_play_steer_it_over_http() {
    let fixture = Fixture::start().await;
    let control = async |path: &str, body: Value| {
        let url = format!("{}/_control/{path}", fixture.ecomdash.url());
        fixture
            .client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
    };
    let stock = json!([{ "sku": "NEW", "warehouse": "Leipzig", "on_hand": 2 }]);
    assert_eq!(control("stock", stock).await, 204);
    assert_eq!(fixture.ecomdash.on_hand("NEW", "Leipzig"), Some(2.into()));
    assert_eq!(
        control("products/TEA-1", json!({ "active": false })).await,
        204
    );
    assert_eq!(
        control("kits/PAIR", json!([{ "sku": "NEW", "quantity": 2 }])).await,
        204
    );
    assert_eq!(
        control("kits/PAIR", json!([{ "sku": "NONE", "quantity": 2 }])).await,
        400
    );
    assert_eq!(
        skus(&fixture.list("Inventory").await),
        ["CUP-2", "SET", "NEW", "PAIR"]
    );
    assert_eq!(
        control("faults", json!({ "fault": "page", "times": 1 })).await,
        204
    );
    assert_eq!(
        fixture.get("Inventory").await.headers()["content-type"],
        "text/html"
    );
    assert_eq!(control("clock", json!({ "advance_secs": 60 })).await, 200);
    let url = format!("{}/_control/requests", fixture.ecomdash.url());
    let requests: Value = fixture
        .client
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(requests.as_array().unwrap().len(), 2);
}

//! What is refused: another method, a request against the contract, other credentials.

use serde_json::{Value, json};

use crate::support::{Fixture, auth, error_of, request};

#[tokio::test]
async fn a_request_against_the_contract_is_refused_with_what_is_wrong() {
    let fixture = Fixture::start().await;
    let item =
        json!({ "integration_entity_id": "berlin/TEA-1", "sku": "TEA-1", "available_quantity": 1 });
    let with = |name: &str, value: Value| {
        let mut item = item.clone();
        item[name] = value;
        request(&json!({ "items": [item] }))
    };
    for (method, body, wrong) in [
        (
            "inventory_fetch",
            json!({ "auth": auth() }),
            "transaction_id",
        ),
        (
            "inventory_fetch",
            request(&json!({ "transaction_id": "17" })),
            "transaction_id",
        ),
        (
            "inventory_fetch",
            request(&json!({ "auth": { "api_key": "connect-key" } })),
            "order_source_api_code",
        ),
        (
            "inventory_fetch",
            request(&json!({ "criteria": { "skus": [17] } })),
            "skus",
        ),
        (
            "inventory_fetch",
            request(&json!({ "criteria": { "from_date_time": "yesterday" } })),
            "from_date_time",
        ),
        (
            "inventory_fetch",
            request(&json!({ "cursor": "not-ours" })),
            "cursor",
        ),
        ("inventory_push", request(&json!({})), "items"),
        (
            "inventory_push",
            with("available_quantity", json!(1.5)),
            "available_quantity",
        ),
        ("inventory_push", with("sku", json!(null)), "sku"),
        (
            "inventory_push",
            with("integration_entity_id", json!(17)),
            "id",
        ),
    ] {
        let response = fixture.post(method, &body).await;
        assert_eq!(response.status(), 400, "{body}");
        let (code, message) = error_of(response).await;
        assert_eq!(code, "validation");
        assert!(message.contains(wrong), "{message}");
    }
}

#[tokio::test]
async fn wrong_credentials_and_another_order_source_are_refused() {
    let fixture = Fixture::start().await;
    for auth in [
        json!({ "order_source_api_code": "acme_wms" }),
        json!({ "order_source_api_code": "acme_wms", "api_key": "wrong" }),
        json!({ "order_source_api_code": "other", "api_key": "connect-key" }),
    ] {
        for method in ["validate_connection", "inventory_fetch"] {
            let response = fixture
                .post(method, &request(&json!({ "auth": auth })))
                .await;
            assert_eq!(response.status(), 401);
            assert_eq!(error_of(response).await.0, "external_unauthorized_error");
        }
    }
}

#[tokio::test]
async fn a_method_that_a_module_does_not_implement_is_not_found() {
    let fixture = Fixture::with(|options| bestand_upstreams::connect::ModuleOptions {
        validates: false,
        ..options
    })
    .await;
    for method in [
        "validate_connection",
        "get_products",
        "nested/inventory_fetch",
    ] {
        assert_eq!(
            fixture.post(method, &request(&json!({}))).await.status(),
            404,
            "{method}"
        );
    }
    let url = format!("{}/inventory_fetch", fixture.module.url());
    assert_eq!(fixture.client.get(url).send().await.unwrap().status(), 404);
}

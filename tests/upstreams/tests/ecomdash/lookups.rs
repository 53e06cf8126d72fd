//! Products by their SKUs.

use serde_json::{Value, json};

use crate::support::{Fixture, skus};

async fn look_up(fixture: &Fixture, body: Value) -> Value {
    let response = fixture.post("inventory/getProducts", &body).await;
    assert_eq!(response.status(), 200);
    response.json().await.expect("JSON")
}

#[tokio::test]
async fn what_is_found_comes_whole_and_what_is_not_has_a_message() {
    let fixture = Fixture::start().await;
    let answer = look_up(
        &fixture,
        json!({ "idType": "sku", "idList": ["SET", "NONE", "tea-1"] }),
    )
    .await;
    assert_eq!(
        (&answer["status"], skus(&answer)),
        (&json!("Partial Success"), vec!["SET"])
    );
    assert_eq!(
        answer["messages"][0],
        "No active products with SKU 'NONE' were found."
    );
    assert_eq!(
        answer["data"][0]["KitComponents"].as_array().unwrap().len(),
        2
    );
    let nothing = look_up(&fixture, json!({ "idType": "sku", "idList": ["NONE"] })).await;
    assert_eq!(
        (&nothing["status"], nothing.get("data")),
        (&json!("Failure"), None)
    );
}

#[tokio::test]
async fn a_look_up_by_something_else_is_refused() {
    let fixture = Fixture::start().await;
    for body in [
        json!({ "idType": "sku" }),
        json!({ "idType": "id", "idList": [] }),
        json!([]),
    ] {
        assert_eq!(
            fixture.post("inventory/getProducts", &body).await.status(),
            400,
            "{body}"
        );
    }
}

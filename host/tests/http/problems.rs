//! What clients are told when something is wrong.

use bestand::api_key::Role::{Admin, Operator, Reader};
use serde_json::json;

use super::support::Api;

#[tokio::test]
async fn a_problem_tells_what_where_and_under_which_id() {
    let api = Api::open().await;
    let call = api
        .api(Operator, "POST /ship-from-locations")
        .header("x-request-id", "req-17");
    let answer = call
        .json(&json!({ "name": "", "buffer": -1 }))
        .expect(422)
        .await;
    assert_eq!(answer.header("x-request-id"), Some("req-17"));
    insta::assert_json_snapshot!(answer.json(), @r#"
    {
      "detail": "these fields are not valid: name, buffer",
      "errors": [
        {
          "field": "name",
          "reason": "it must have 1 to 100 characters"
        },
        {
          "field": "buffer",
          "reason": "it must not be negative"
        }
      ],
      "instance": "/api/v1/ship-from-locations",
      "request_id": "req-17",
      "status": 422,
      "title": "Fields of the request are not valid",
      "type": "urn:bestand:problem:invalid-field"
    }
    "#);
}

#[tokio::test]
async fn a_field_that_is_wrong_is_named_by_its_path() {
    let api = Api::open().await;
    let ask = async |body: serde_json::Value| {
        let answer = api
            .api(Reader, "POST /availability")
            .json(&body)
            .expect(422)
            .await;
        answer.fields()[0].clone()
    };
    let field = |field: &str, reason: &str| (field.to_owned(), reason.to_owned());
    assert_eq!(
        ask(json!({ "items": [{ "sku": "A", "quantity": 1 }, { "sku": "B", "quantity": "two" }] }))
            .await,
        field("items[1].quantity", "`two` is not a decimal number")
    );
    assert_eq!(
        ask(json!({ "items": [{ "sku": " ", "quantity": 1 }] })).await,
        field("items[0].sku", "a SKU must not be empty")
    );
    assert_eq!(
        ask(json!({ "items": [{ "sku": "A", "quantity": 1, "qty": 2 }] })).await,
        field(
            "items[0].qty",
            "unknown field `qty`, expected `sku` or `quantity`"
        )
    );
    assert_eq!(ask(json!({})).await, field("body", "missing field `items`"));
    let (name, reason) = ask(json!({ "items": [{ "sku": "A", "quantity": 0.0000001 }] })).await;
    assert_eq!(name, "items[0].quantity");
    assert!(reason.contains("more than six decimals"), "{reason}");
    for quantity in [json!(0), json!(-3), json!(100_000_001), json!(0.5)] {
        let body = json!({ "items": [{ "sku": "A", "quantity": quantity }] });
        let answer = api
            .api(Reader, "POST /availability")
            .json(&body)
            .send()
            .await;
        assert_eq!(
            answer.status,
            if quantity == json!(0.5) { 200 } else { 422 },
            "{quantity}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_so() {
    let api = Api::open().await;
    let send = async |content_type: &str, body: &str| {
        let call = api
            .api(Reader, "POST /availability")
            .body(content_type, body.to_owned());
        let answer = call.send().await;
        (answer.status, answer.problem().0)
    };
    let outcome = |status: u16, kind: &str| (status, kind.to_owned());
    assert_eq!(
        send("application/json", "{").await,
        outcome(400, "malformed")
    );
    assert_eq!(
        send("application/json", "").await,
        outcome(400, "malformed")
    );
    assert_eq!(
        send("application/json", "{\"items\":[]} x").await,
        outcome(400, "malformed")
    );
    assert_eq!(
        send("text/plain", "{\"items\":[]}").await,
        outcome(415, "unsupported-media-type")
    );
    let bare = api.api(Reader, "POST /availability").expect(415).await;
    assert!(bare.problem().1.contains("application/json"));
    let call = api.api(Reader, "POST /availability");
    call.body("application/json; charset=utf-8", "{\"items\":[]}")
        .expect(200)
        .await;
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let api = Api::open().await;
    let (kind, detail) = api.call("GET /api/v1/nothing").expect(404).await.problem();
    assert_eq!(kind, "not-found");
    assert!(detail.contains("/openapi.json"));
    let answer = api
        .call("DELETE /api/v1/orders")
        .by(Admin)
        .expect(405)
        .await;
    assert_eq!(answer.problem().0, "method-not-allowed");
    let mut allowed: Vec<&str> = answer.header("allow").unwrap().split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
    for path in ["/nothing", "/api/v1", "/docs/nothing.js/x"] {
        let answer = api.call(&format!("GET {path}")).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_id_that_cannot_be_one_names_nothing() {
    let api = Api::open().await;
    let (kind, detail) = api
        .api(Reader, "GET /connections/17")
        .expect(404)
        .await
        .problem();
    assert_eq!(kind, "not-found");
    assert!(detail.starts_with("`17` is no connection id"), "{detail}");
}

#[tokio::test]
async fn unknown_and_wrong_parameters_are_named() {
    let api = Api::open().await;
    let check = async |line: &str, field: &str| {
        let answer = api.api(Reader, line).expect(422).await;
        assert_eq!(answer.fields()[0].0, field, "{line}: {}", answer.text());
    };
    check("GET /orders?verdict=maybe", "verdict").await;
    check("GET /orders?limit=0", "limit").await;
    check("GET /orders?limit=1001", "limit").await;
    check("GET /orders?limit=ten", "limit").await;
    check("GET /orders?cursor=!", "cursor").await;
    check("GET /orders?colour=red", "colour").await;
    check(
        "GET /orders?ship_from=019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90",
        "ship_from",
    )
    .await;
}

#[tokio::test]
async fn request_ids_that_could_do_harm_are_replaced() {
    let api = Api::open().await;
    for id in ["a b", "<script>", &"x".repeat(200), ""] {
        let answer = api
            .call("GET /healthz")
            .header("x-request-id", id)
            .expect(200)
            .await;
        let given = answer.header("x-request-id").unwrap();
        assert!(given != id && !given.is_empty(), "{given}");
    }
}

#[tokio::test]
async fn a_fault_of_the_database_is_told_without_its_inside() {
    let api = Api::open().await;
    api.call("GET /healthz").expect(200).await;
    api.api(Reader, "GET /connections").expect(200).await;
    api.parts.db.close().await.unwrap();
    let answer = api.api(Reader, "GET /connections").expect(503).await;
    let (kind, detail) = answer.problem();
    assert_eq!(
        (kind.as_str(), detail.as_str()),
        (
            "unavailable",
            "the daemon's database does not answer; try again"
        )
    );
    assert!(answer.header("retry-after").is_some());
    let unready = api.call("GET /readyz").expect(503).await;
    assert_eq!(unready.json(), json!({ "status": "not_ready" }));
}

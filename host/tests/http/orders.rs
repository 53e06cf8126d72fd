//! Orders put, read and listed.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::support::{Api, on_both_engines};

async fn put(api: &Api, number: &str, body: Value) -> Value {
    let answer = api
        .api(Operator, &format!("PUT /orders/{number}"))
        .json(&body)
        .send()
        .await;
    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
    answer.json()
}

fn lines(lines: &[(&str, i64)]) -> Value {
    let line = |(sku, quantity): &(&str, i64)| json!({ "sku": sku, "quantity": quantity });
    json!({ "lines": lines.iter().map(line).collect::<Vec<_>>() })
}

on_both_engines! {
    async fn an_order_is_answered_line_by_line(api) {
        let shop = api.shop().await;
        let body = json!({ "ordered_at": "2023-11-14T23:00:00+01:00", "lines": [
            { "sku": "MUG", "name": "White mug", "quantity": 3 },
            { "sku": "POST", "quantity": 1 },
            { "sku": "CUP", "quantity": -1 },
            { "sku": "NO SUCH", "quantity": 1 },
        ] });
        let made = api.api(Operator, "PUT /orders/A-17").json(&body).expect(201).await;
        assert_eq!(made.header("etag"), Some("\"1\""));
        let order = api.api(Reader, "GET /orders/A-17").expect(200).await.json();
        assert_eq!((&order["verdict"], &order["consequence"]), (&json!("unknown"), &json!("warn")));
        assert_eq!(order["source"], json!({ "id": shop.source, "name": "Hamburg" }));
        assert_eq!(order["ordered_at"], "2023-11-14T22:00:00Z");
        let lines = order["lines"].as_array().unwrap();
        let stock = |line: usize, field: &str| lines[line]["stock"][field].clone();
        assert_eq!((stock(0, "status"), stock(0, "available")), (json!("in_stock"), json!(10)));
        assert_eq!((&lines[1]["kind"], &lines[1]["not_goods"]), (&json!("not_goods"), &json!("charge")));
        assert_eq!((&lines[2]["not_goods"], &lines[2]["stock"]), (&json!("returned"), &Value::Null));
        assert_eq!(stock(3, "status"), "unknown_sku");
    }

    async fn an_order_is_replaced_whole_and_keeps_what_is_not_said(api) {
        api.shop().await;
        put(api, "17", json!({ "status": "on_hold", "lines": [{ "sku": "MUG", "quantity": 1 }] })).await;
        let replaced = put(api, "17", lines(&[("CUP", 1), ("MUG", 2)])).await;
        assert_eq!((&replaced["status"], &replaced["version"]), (&json!("on_hold"), &json!(2)));
        assert_eq!(replaced["lines"].as_array().unwrap().len(), 2);
        let stale = api.api(Operator, "PUT /orders/17").header("if-match", "\"1\"").json(&lines(&[]));
        stale.expect(412).await;
        let fresh = api.api(Operator, "PUT /orders/17").header("if-match", "\"2\"").json(&lines(&[]));
        assert_eq!(fresh.expect(200).await.json()["verdict"], "can_ship");
        let new = api.api(Operator, "PUT /orders/18").header("if-match", "\"1\"").json(&lines(&[]));
        new.expect(412).await;
    }

    async fn orders_are_listed_by_verdict_status_and_location(api) {
        let shop = api.shop().await;
        put(api, "1", lines(&[("MUG", 1)])).await;
        put(api, "2", lines(&[("CUP", 5)])).await;
        put(api, "3", lines(&[("NO SUCH", 1)])).await;
        put(api, "4", json!({ "status": "shipped", "lines": [{ "sku": "MUG", "quantity": 1 }] })).await;
        let list = async |query: &str| {
            let page = api.api(Reader, &format!("GET /orders{query}")).expect(200).await.json();
            let numbers = page["items"].as_array().unwrap().iter().map(|order| order["order_number"].clone());
            numbers.map(|number| number.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list("").await, ["1", "2", "3", "4"]);
        assert_eq!(list("?sequence=newest_first").await, ["4", "3", "2", "1"]);
        assert_eq!(list("?verdict=can_ship").await, ["1", "4"]);
        assert_eq!(list("?verdict=short").await, ["2"]);
        assert_eq!(list("?verdict=unknown").await, ["3"]);
        assert_eq!(list("?verdict=can_ship&status=shipped").await, ["4"]);
        assert_eq!(list(&format!("?ship_from={}", shop.ship_from)).await, ["1", "2", "3", "4"]);
        assert_eq!(list("?search=MUG").await, ["1", "4"]);
        assert_eq!(list("?search=3&verdict=unknown").await, ["3"]);
        assert_eq!(list("?search=+").await, ["1", "2", "3", "4"]);
        assert_eq!(list("?search=none").await, [""; 0]);
    }

    async fn many_orders_are_moved_at_once_or_none(api) {
        let shop = api.shop().await;
        let elsewhere = api.api(Operator, "POST /ship-from-locations").json(&json!({ "name": "Berlin" }));
        let elsewhere = elsewhere.expect(201).await.json()["id"].clone();
        for number in ["1", "2", "3"] {
            put(api, number, lines(&[("MUG", 1)])).await;
        }
        let to = |numbers: &[&str], location: &Value| {
            let body = json!({ "order_numbers": numbers, "ship_from_location_id": location });
            api.api(Operator, "POST /order-moves").json(&body)
        };
        let moved = to(&["1", "2"], &elsewhere).expect(200).await.json();
        assert_eq!(moved, json!({ "moved": 2, "unchanged": 0 }));
        let order = api.api(Reader, "GET /orders/1").expect(200).await.json();
        assert_eq!((&order["ship_from_location_id"], &order["version"]), (&elsewhere, &json!(2)));
        let moved = to(&["1", "2", "3"], &Value::Null).expect(200).await.json();
        assert_eq!(moved, json!({ "moved": 2, "unchanged": 1 }));
        let refused = to(&["3", "4"], &json!(shop.ship_from)).expect(422).await;
        assert_eq!(refused.fields(), [("order_numbers".into(), "there is no order `4`".into())]);
        let nowhere = to(&["3"], &json!("019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90")).expect(422).await;
        assert_eq!(nowhere.fields()[0].0, "ship_from_location_id");
        put(api, "ship-from", lines(&[("MUG", 1)])).await;
        let named_so = api.api(Reader, "GET /orders/ship-from").expect(200).await.json();
        assert_eq!(named_so["order_number"], "ship-from", "no address hides an order");
        let unsaid = api.api(Operator, "POST /order-moves").json(&json!({ "order_numbers": ["3"] }));
        assert_eq!(unsaid.expect(422).await.fields()[0].0, "ship_from_location_id");
        let many: Vec<String> = (0..1_001).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(to(&many, &Value::Null).expect(422).await.fields()[0].0, "order_numbers");
        assert_eq!(api.api(Reader, "GET /orders/3").expect(200).await.json()["version"], 1);
    }
}

#[tokio::test]
async fn an_order_that_names_no_location_and_has_no_default_says_what_to_do() {
    let api = Api::open().await;
    let order = put(&api, "1", lines(&[("MUG", 1)])).await;
    assert_eq!(
        (&order["verdict"], &order["source"]),
        (&json!("unknown"), &Value::Null)
    );
    assert!(
        order["reason"]
            .as_str()
            .unwrap()
            .contains("no ship-from location"),
        "{order}"
    );
    assert!(order["advice"].is_string());
}

#[tokio::test]
async fn what_is_wrong_with_an_order_is_named() {
    let api = Api::open().await;
    let check = async |number: &str, body: Value, field: &str| {
        let answer = api
            .api(Operator, &format!("PUT /orders/{number}"))
            .json(&body)
            .expect(422)
            .await;
        assert_eq!(answer.fields()[0].0, field, "{}", answer.text());
    };
    check(
        "1",
        lines(&[("MUG", 1), ("MUG", 999_999_999_999)]),
        "lines[1].quantity",
    )
    .await;
    check("1", json!({ "lines": [{ "sku": "MUG" }] }), "lines[0]").await;
    check("1", json!({ "status": "lost", "lines": [] }), "status").await;
    check(
        "1",
        json!({ "lines": [], "ordered_at": "yesterday" }),
        "ordered_at",
    )
    .await;
    check("%20", json!({ "lines": [] }), "order_number").await;
    let nowhere =
        json!({ "lines": [], "ship_from_location_id": "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90" });
    check("1", nowhere, "ship_from_location_id").await;
    let missing = api.api(Reader, "GET /orders/no%2Fsuch").expect(404).await;
    assert_eq!(missing.problem().1, "there is no order `no/such`");
}

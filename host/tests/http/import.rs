//! Many orders at once.

use bestand::api_key::Role::{Operator, Reader};
use serde_json::{Value, json};

use super::support::{Api, on_both_engines};

async fn import(api: &Api, query: &str, content_type: &str, body: &str) -> Value {
    let call = api.api(Operator, &format!("POST /orders{query}"));
    call.body(content_type, body.to_owned())
        .expect(200)
        .await
        .json()
}

async fn numbers(api: &Api) -> Vec<String> {
    let page = api.api(Reader, "GET /orders").expect(200).await.json();
    let orders = page["items"].as_array().unwrap().iter();
    orders
        .map(|order| order["order_number"].as_str().unwrap().to_owned())
        .collect()
}

on_both_engines! {
    async fn a_table_is_read_by_its_mapping_and_every_refused_line_is_told(api) {
        let table = "InvoiceNo,StockCode,Quantity\n1,MUG,2\n1,CUP,1\n2,MUG,two\n2,MUG,2\n3,POST,1\n,MUG,1\n";
        let map = "?map=order_number=InvoiceNo,sku=StockCode,quantity=Quantity";
        let report = import(api, map, "text/csv", table).await;
        let counts = ["lines", "taken", "goods", "refused", "created"].map(|name| report[name].clone());
        assert_eq!(counts, [6, 4, 3, 2, 3].map(|count| json!(count)));
        let refusal = &report["refusals"][0];
        assert_eq!((&refusal["line"], &refusal["field"], &refusal["text"]), (&json!(4), &json!("quantity"), &json!("2,MUG,two")));
        assert_eq!(report["refusals"][1]["line"], 7);
        assert_eq!(numbers(api).await, ["1", "2", "3"]);
        // An order with a line nobody could read is not called complete.
        let order = api.api(Reader, "GET /orders/2").expect(200).await.json();
        assert_eq!((&order["verdict"], &order["lines"][0]["kind"]), (&json!("unknown"), &json!("unreadable")));
        let again = import(api, map, "text/csv", table).await;
        assert_eq!((&again["created"], &again["replaced"]), (&json!(0), &json!(3)));
    }

    async fn arrays_and_lines_of_json_are_read_alike(api) {
        let orders = json!([
            { "order_number": "1", "lines": [{ "sku": "MUG", "quantity": 1 }, { "sku": "CUP", "quantity": 2 }] },
            { "order_number": "2", "sku": "MUG", "quantity": 3 },
        ]);
        let report = import(api, "", "application/json", &orders.to_string()).await;
        assert_eq!((&report["taken"], &report["created"]), (&json!(3), &json!(2)));
        let lines: Vec<String> = orders.as_array().unwrap().iter().map(Value::to_string).collect();
        let report = import(api, "", "application/x-ndjson", &lines.join("\n")).await;
        assert_eq!((&report["taken"], &report["replaced"]), (&json!(3), &json!(2)));
    }

    async fn a_repeated_import_with_a_key_is_answered_the_same(api) {
        let body = "order_number,sku,quantity\n1,MUG,2\n";
        let call = || {
            let call = api.api(Operator, "POST /orders").header("idempotency-key", "import-1");
            call.body("text/csv", body)
        };
        let first = call().expect(200).await;
        let again = call().expect(200).await;
        assert_eq!(first.body, again.body);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
}

#[tokio::test]
async fn what_cannot_be_orders_is_refused_with_the_way_out() {
    let api = Api::open().await;
    let refuse = async |query: &str, content_type: &str, body: &str| {
        let call = api.api(Operator, &format!("POST /orders{query}"));
        let answer = call.body(content_type, body.to_owned()).send().await;
        (answer.status, answer.problem().1, answer.fields())
    };
    let (status, detail, _) = refuse("", "text/html", "<p>").await;
    assert_eq!(status, 415);
    assert!(detail.contains("text/csv"));
    let (status, _, fields) = refuse("?map=qty=Quantity", "text/csv", "a\n").await;
    assert_eq!((status, fields[0].0.as_str()), (422, "map"));
    assert!(fields[0].1.contains("did you mean `quantity`"));
    let (status, detail, _) = refuse("", "text/csv", "Belegkreis,sku,quantity\n1,MUG,1\n").await;
    assert_eq!(status, 422);
    assert!(detail.contains("no column `order_number`"), "{detail}");
    let two = "Order No,Invoice No,sku,quantity\n1,2,MUG,1\n";
    let (status, detail, _) = refuse("", "text/csv", two).await;
    assert_eq!(status, 422);
    let both = "`Order No`, `Invoice No` could each be order_number";
    assert!(detail.contains(both), "{detail}");
    let (status, _, fields) = refuse("", "text/csv", "order_number,sku,quantity\n1,MUG,x\n").await;
    assert_eq!((status, fields[0].0.as_str()), (422, "line 2: quantity"));
}

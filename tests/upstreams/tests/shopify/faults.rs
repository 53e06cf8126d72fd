//! Every fault that strikes a request, and the control surface over HTTP.

use bestand_upstreams::shopify::fault::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::client::Client;

const SHOP: &str = "query ShopProbe { shop { id } }";

#[tokio::test]
async fn statuses_pages_and_broken_connections_come_when_scripted() {
    let client = Client::new().await;
    let ask = || client.send("2026-10", SHOP, json!({}));
    client.shop.fault(Fault::Status {
        code: 429,
        retry_after_secs: Some(7),
    });
    let limited = ask().await;
    assert_eq!(
        (
            limited.status().as_u16(),
            limited.headers()["Retry-After"].to_str().unwrap()
        ),
        (429, "7")
    );
    for code in [401, 402, 403, 423, 502, 504] {
        client.shop.fault(Fault::Status {
            code,
            retry_after_secs: None,
        });
        assert_eq!(ask().await.status(), code);
    }
    client.shop.fault(Fault::HtmlBody);
    assert!(
        ask()
            .await
            .text()
            .await
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
    client.shop.fault(Fault::Throttled);
    let throttled: Value = ask().await.json().await.unwrap();
    assert_eq!(throttled["errors"][0]["extensions"]["code"], "THROTTLED");
    client.shop.fault(Fault::FallForward {
        version: "2027-01".to_owned(),
    });
    assert_eq!(ask().await.headers()["X-Shopify-API-Version"], "2027-01");
    assert_eq!(ask().await.status(), 200);
}

#[tokio::test]
async fn a_broken_connection_says_nothing_about_the_work_done() {
    let client = Client::new().await;
    client.shop.fault(Fault::Reset);
    let url = format!("{}/admin/api/2026-10/graphql.json", client.shop.url());
    let sent = client
        .http
        .post(url)
        .header("X-Shopify-Access-Token", "shpat_simulated")
        .json(&json!({ "query": SHOP }));
    let failed = match sent.send().await {
        Err(_) => true,
        Ok(answer) => answer.text().await.is_err(),
    };
    assert!(failed);
    assert_eq!(client.shop.requests()[0].status, 0);
}

#[tokio::test]
async fn a_fault_can_wait_for_its_operation_and_its_turn() {
    let client = Client::new().await;
    let fault = Fault::Status {
        code: 401,
        retry_after_secs: None,
    };
    client
        .shop
        .fault(FaultRule::from(fault).on("ShopProbe").after(1));
    let other = client
        .send("2026-10", "query Other { shop { id } }", json!({}))
        .await;
    assert_eq!(other.status(), 200);
    assert_eq!(client.send("2026-10", SHOP, json!({})).await.status(), 200);
    assert_eq!(client.send("2026-10", SHOP, json!({})).await.status(), 401);
    assert_eq!(client.send("2026-10", SHOP, json!({})).await.status(), 200);
    let names: Vec<_> = client
        .shop
        .requests()
        .iter()
        .map(|entry| entry.operation.clone().unwrap())
        .collect();
    assert_eq!(names, ["Other", "ShopProbe", "ShopProbe", "ShopProbe"]);
}

#[tokio::test]
async fn nodes_can_all_be_null_and_searches_warn_when_scripted() {
    let client = Client::new().await;
    let item = client.add("A", 1);
    client.shop.fault(Fault::NullNodes);
    client.shop.fault(Fault::SearchWarning);
    let id = crate::client::gid("InventoryItem", item);
    let body = client
        .ask(
            "query N($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            json!({ "ids": [id] }),
        )
        .await;
    assert_eq!(body["data"]["nodes"], json!([null]));
    assert_eq!(
        body["extensions"]["search"][0]["warnings"][0]["code"],
        "invalid_field"
    );
}

#[tokio::test]
async fn the_same_switches_work_over_http() {
    let client = Client::new().await;
    let control = |path: &str| format!("{}/_control/{path}", client.shop.url());
    let seeds = json!([{ "sku": "A", "stock": [[client.location, { "available": 4 }]] }]);
    let added: Value = client
        .http
        .post(control("items"))
        .json(&seeds)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let item = added["ids"][0].as_u64().unwrap();
    let rows = json!([{ "item": item, "location": client.location, "quantity": 9 }]);
    client
        .http
        .put(control("levels"))
        .json(&rows)
        .send()
        .await
        .unwrap();
    assert_eq!(
        client.shop.quantity(item, client.location, "available"),
        Some(9)
    );
    let fault = json!({ "kind": "status", "code": 503, "times": 1 });
    client
        .http
        .post(control("faults"))
        .json(&fault)
        .send()
        .await
        .unwrap();
    assert_eq!(client.send("2026-10", SHOP, json!({})).await.status(), 503);
    let log: Value = client
        .http
        .get(control("requests"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(log[0]["status"], 503);
}

//! Bulk operations: rules, lifecycle, the file and its address.

use bestand_upstreams::shopify::ShopifyOptions;
use bestand_upstreams::shopify::fault::Fault;
use bestand_upstreams::shopify::stock::{NewItem, NewLocation};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::{Client, options};

const RUN: &str = "mutation BulkRun($query: String!) { bulkOperationRunQuery(query: $query) {
    bulkOperation { id status createdAt } userErrors { field message code } } }";
const POLL: &str = "query BulkPoll($id: ID!) { bulkOperation(id: $id) {
    id status errorCode objectCount rootObjectCount fileSize url partialDataUrl } }";
const INNER: &str = r#"{ inventoryItems { edges { node { id sku
    inventoryLevels { edges { node { id quantities(names: ["available"]) { name quantity } } } } } } } }"#;

async fn run(client: &Client, query: &str) -> Value {
    let body = client.ask(RUN, json!({ "query": query })).await;
    body["data"]["bulkOperationRunQuery"].clone()
}

async fn poll(client: &Client, started: &Value) -> Value {
    let body = client
        .ask(POLL, json!({ "id": started["bulkOperation"]["id"] }))
        .await;
    body["data"]["bulkOperation"].clone()
}

async fn lines(client: &Client, ended: &Value) -> Vec<Value> {
    let text = client
        .http
        .get(ended["url"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn the_file_has_every_object_and_children_name_their_parent() {
    let client = Client::new().await;
    let other = client.shop.add_location(NewLocation::named("Other"));
    let item = |number: i32| {
        NewItem::sku(format!("S{number}"))
            .at(client.location, number)
            .at(other, 1)
    };
    client.shop.add_items((0..600).map(item));
    let started = run(&client, INNER).await;
    assert_eq!(started["bulkOperation"]["status"], "CREATED");
    let ended = poll(&client, &started).await;
    assert_eq!(
        (&ended["status"], &ended["objectCount"]),
        (&json!("COMPLETED"), &json!("1800"))
    );
    let lines = lines(&client, &ended).await;
    assert_eq!(lines.len(), 1800);
    let mut parents = std::collections::HashSet::new();
    for line in &lines {
        match line.get("__parentId") {
            None => drop(parents.insert(line["id"].clone())),
            Some(parent) => assert!(parents.contains(parent), "a child comes after its parent"),
        }
    }
    assert_eq!(parents.len(), 600);
    assert!(
        lines[1].get("__parentId").is_none(),
        "children are not grouped under their parent"
    );
}

#[tokio::test]
async fn a_job_runs_for_a_while_and_the_sixth_at_once_is_refused() {
    let client = Client::with(ShopifyOptions {
        bulk_duration: SignedDuration::from_secs(30),
        ..options()
    })
    .await;
    let first = run(&client, INNER).await;
    for _ in 0..4 {
        run(&client, INNER).await;
    }
    let sixth = run(&client, INNER).await;
    assert_eq!(sixth["userErrors"][0]["code"], "OPERATION_IN_PROGRESS");
    client.shop.clock().advance(SignedDuration::from_secs(10));
    assert_eq!(poll(&client, &first).await["status"], "RUNNING");
    client.shop.clock().advance(SignedDuration::from_secs(20));
    let ended = poll(&client, &first).await;
    assert_eq!(
        (&ended["status"], &ended["url"]),
        (&json!("COMPLETED"), &Value::Null)
    );
}

#[tokio::test]
async fn queries_a_bulk_operation_cannot_run_are_refused_with_a_reason() {
    let client = Client::new().await;
    let cases = [
        (
            "{ inventoryItems { nodes { id } } }",
            "Selecting via 'nodes' is not supported",
        ),
        ("{ shop { id } }", "at least one connection"),
        (
            "{ inventoryItems { edges { node { sku inventoryLevels { edges { node { id } } } } } } }",
            "must select the 'id' field",
        ),
        (
            "{ shop { id } inventoryItems { edges { node { id } } } }",
            "single top-level field",
        ),
        (
            "{ node(id: \"gid://shopify/InventoryItem/1\") { id } }",
            "top level field 'node'",
        ),
        (
            "{ inventoryItems { edges { node { id stock } } } }",
            "Invalid bulk query",
        ),
    ];
    for (query, expected) in cases {
        let refused = run(&client, query).await;
        let error = &refused["userErrors"][0];
        assert_eq!(error["code"], "INVALID", "{query}");
        assert!(
            error["message"].as_str().unwrap().contains(expected),
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_address_takes_no_token_and_ends_after_seven_days() {
    let client = Client::new().await;
    client.add("A", 1);
    let started = run(&client, INNER).await;
    let url = poll(&client, &started).await["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let with_token = client
        .http
        .get(&url)
        .header("X-Shopify-Access-Token", "shpat_simulated")
        .send()
        .await
        .unwrap();
    assert_eq!(with_token.status(), 400);
    assert_eq!(client.http.get(&url).send().await.unwrap().status(), 200);
    client
        .shop
        .clock()
        .advance(SignedDuration::from_hours(7 * 24 + 1));
    let expired = client.http.get(&url).send().await.unwrap();
    assert_eq!(expired.status(), 400);
    assert!(expired.text().await.unwrap().contains("ExpiredToken"));
    assert_eq!(poll(&client, &started).await["url"], Value::Null);
}

#[tokio::test]
async fn a_failed_job_offers_only_partial_data() {
    let client = Client::new().await;
    client.add("A", 1);
    client.add("B", 1);
    client.shop.fault(Fault::BulkFailed);
    let started = run(&client, INNER).await;
    let ended = poll(&client, &started).await;
    assert_eq!(
        (&ended["status"], &ended["errorCode"]),
        (&json!("FAILED"), &json!("INTERNAL_SERVER_ERROR"))
    );
    assert_eq!(ended["url"], Value::Null);
    assert!(ended["partialDataUrl"].is_string());
}

#[tokio::test]
async fn a_truncated_file_a_wrong_count_and_a_stuck_job_can_be_scripted() {
    let client = Client::new().await;
    client.add("A", 1);
    client.shop.fault(Fault::WrongObjectCount);
    client.shop.fault(Fault::TruncatedJsonl);
    let started = run(&client, INNER).await;
    let ended = poll(&client, &started).await;
    assert_eq!(ended["objectCount"], "3");
    let text = client
        .http
        .get(ended["url"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(serde_json::from_str::<Value>(text.lines().last().unwrap()).is_err());
    client.shop.fault(Fault::BulkStuck);
    let stuck = run(&client, INNER).await;
    client.shop.clock().advance(SignedDuration::from_hours(24));
    assert_eq!(poll(&client, &stuck).await["status"], "RUNNING");
}

//! Costs, the throttle bucket, page and input sizes, and validation.

use bestand_upstreams::shopify::stock::NewItem;
use jiff::SignedDuration;
use serde_json::json;

use crate::client::{Client, gid};

const LEVEL: &str = r#"nodes { id isActive updatedAt location { id } quantities(names: ["available"]) { name quantity } } pageInfo { hasNextPage }"#;

#[tokio::test]
async fn requested_costs_are_the_recorded_ones() {
    let client = Client::new().await;
    let location = gid("Location", client.location);
    let items = |first: u32, levels: u32| {
        format!("{{ inventoryItems(first: {first}) {{ nodes {{ id variants(first: 1) {{ nodes {{ id product {{ id }} }} }}
            inventoryLevels(first: {levels}) {{ {LEVEL} }} }} pageInfo {{ hasNextPage }} }} }}")
    };
    let cases = [
        ("{ locations(first: 250) { nodes { id address { city } } pageInfo { hasNextPage } } }".to_owned(), 24),
        (items(250, 10), 211),
        (items(250, 50), 310),
        (items(250, 250), 442),
        (items(50, 10), 135),
        (
            format!("{{ location(id: \"{location}\") {{ id inventoryLevels(first: 250) {{
                nodes {{ id location {{ id }} quantities(names: [\"available\"]) {{ name }} item {{ id }} }} }} }} }}"),
            47,
        ),
        (
            format!("{{ nodes(ids: [\"{location}\"]) {{ id ... on InventoryItem {{ variants(first: 1) {{ nodes {{ id product {{ id }} }} }}
                inventoryLevels(first: 50) {{ {LEVEL} }} }} }} }}"),
            28,
        ),
        ("{ bulkOperation(id: \"gid://shopify/BulkOperation/1\") { id status } }".to_owned(), 1),
    ];
    for (query, expected) in cases {
        client.shop.clock().advance(SignedDuration::from_secs(20));
        let body = client.ask(&query, json!({})).await;
        assert_eq!(
            body["extensions"]["cost"]["requestedQueryCost"], expected,
            "{query}: {body}"
        );
    }
}

#[tokio::test]
async fn unused_points_are_given_back_and_the_bucket_refills_by_the_clock() {
    let client = Client::new().await;
    client.add("A", 1);
    client.shop.drain_bucket(310.0);
    let body = client.items(json!({ "first": 250, "levels": 50 })).await;
    let cost = &body["extensions"]["cost"];
    let actual = cost["actualQueryCost"].as_u64().unwrap();
    assert!(actual < 20, "one item costs little: {cost}");
    assert_eq!(cost["throttleStatus"]["currentlyAvailable"], 310 - actual);
    client.shop.clock().advance(SignedDuration::from_secs(1));
    let later = client.items(json!({ "first": 1, "levels": 1 })).await;
    let available = later["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"]
        .as_u64()
        .unwrap();
    assert!((380..=400).contains(&available), "{later}");
}

#[tokio::test]
async fn an_empty_bucket_answers_throttled_at_status_200_without_data() {
    let client = Client::new().await;
    client.shop.drain_bucket(5.0);
    let body = client.items(json!({ "first": 250, "levels": 50 })).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "THROTTLED");
    assert!(body.get("data").is_none());
    assert!(body["extensions"]["cost"]["actualQueryCost"].is_null());
    assert_eq!(
        body["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"],
        5
    );
}

#[tokio::test]
async fn a_query_over_1000_points_is_refused() {
    let client = Client::new().await;
    let one = "inventoryItems(first: 250) { nodes { id inventoryLevels(first: 250) { nodes { id location { id } item { id } } } } }";
    let query = format!("{{ a: {one} b: {one} c: {one} }}");
    let body = client.ask(&query, json!({})).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "MAX_COST_EXCEEDED");
    assert_eq!(body["errors"][0]["extensions"]["maxCost"], 1000);
}

#[tokio::test]
async fn pages_and_input_arrays_end_at_250() {
    let client = Client::new().await;
    let too_long = client.items(json!({ "first": 251, "levels": 1 })).await;
    assert_eq!(too_long["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    let query = "query InventoryItemsByIds($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let ids: Vec<_> = (1..=251)
        .map(|number| gid("InventoryItem", number))
        .collect();
    let body = client.ask(query, json!({ "ids": ids })).await;
    let words = "The input array size of 251 is greater than the maximum allowed of 250.";
    assert_eq!(body["errors"][0]["message"], words);
    assert_eq!(
        body["errors"][0]["extensions"]["code"],
        "MAX_INPUT_SIZE_EXCEEDED"
    );
    assert!(body.get("data").is_none());
}

#[tokio::test]
async fn what_is_not_in_the_schema_is_refused() {
    let client = Client::new().await;
    let field = client
        .ask(
            "{ inventoryItems(first: 1) { nodes { stock } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        field["errors"][0]["extensions"]["code"],
        "GRAPHQL_VALIDATION_FAILED"
    );
    let unpaged = client
        .ask("{ inventoryItems { nodes { id } } }", json!({}))
        .await;
    assert_eq!(
        unpaged["errors"][0]["message"],
        "you must provide one of first or last"
    );
    let mutation = "mutation SetQuantities($input: InventorySetQuantitiesInput!) {
        inventorySetQuantities(input: $input) @idempotent(key: \"k\") { userErrors { code } } }";
    let removed = json!({ "name": "available", "reason": "correction", "ignoreCompareQuantity": true, "quantities": [] });
    let variable = client.ask(mutation, json!({ "input": removed })).await;
    assert_eq!(
        variable["errors"][0]["extensions"]["code"],
        "INVALID_VARIABLE"
    );
}

#[tokio::test]
async fn ten_thousand_items_are_seeded_and_paged_quickly() {
    let client = Client::new().await;
    client.shop.add_items(
        (0..10_000).map(|number| NewItem::sku(format!("S{number}")).at(client.location, number)),
    );
    let body = client
        .items(json!({ "first": 50, "levels": 2, "query": "sku:'S9999'" }))
        .await;
    assert_eq!(
        body["data"]["inventoryItems"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

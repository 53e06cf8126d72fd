//! Compare and set, adjust, idempotency, and one bad row.

use bestand_upstreams::shopify::stock::NewItem;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::{Client, gid};

const SET: &str = "mutation SetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) {
      inventoryAdjustmentGroup { id reason changes { name delta quantityAfterChange item { id } location { id } } }
      userErrors { code field message } } }";
const ADJUST: &str =
    "mutation AdjustQuantities($input: InventoryAdjustQuantitiesInput!, $key: String!) {
    inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
      inventoryAdjustmentGroup { changes { name delta } } userErrors { code field message } } }";

fn row(client: &Client, item: u64, quantity: i64, expected: Value) -> Value {
    json!({
        "inventoryItemId": gid("InventoryItem", item),
        "locationId": gid("Location", client.location),
        "quantity": quantity,
        "changeFromQuantity": expected,
    })
}

async fn set(client: &Client, key: &str, rows: Vec<Value>) -> Value {
    let input = json!({ "name": "available", "reason": "correction", "quantities": rows });
    client.ask(SET, json!({ "input": input, "key": key })).await
}

#[tokio::test]
async fn a_matching_expectation_sets_and_a_stale_one_changes_nothing() {
    let client = Client::new().await;
    let item = client.add("A", 5);
    let body = set(&client, "k1", vec![row(&client, item, 8, json!(5))]).await;
    let changes = &body["data"]["inventorySetQuantities"]["inventoryAdjustmentGroup"]["changes"];
    assert_eq!(
        (&changes[0]["name"], &changes[0]["delta"]),
        (&json!("available"), &json!(3))
    );
    assert_eq!(
        (&changes[1]["name"], &changes[1]["delta"]),
        (&json!("on_hand"), &json!(3))
    );
    assert_eq!(changes[0]["quantityAfterChange"], Value::Null);
    let stale = set(&client, "k2", vec![row(&client, item, 9, json!(5))]).await;
    assert_eq!(
        stale["data"]["inventorySetQuantities"]["userErrors"][0]["code"],
        "CHANGE_FROM_QUANTITY_STALE"
    );
    assert_eq!(
        client.shop.quantity(item, client.location, "available"),
        Some(8)
    );
}

#[tokio::test]
async fn one_bad_row_fails_the_whole_batch_and_is_named_by_its_index() {
    let client = Client::new().await;
    let good = client.add("A", 5);
    let bundle = client.shop.add_items([NewItem {
        bundle: true,
        ..NewItem::sku("B")
    }
    .at(client.location, 1)])[0];
    let rows = vec![
        row(&client, good, 6, Value::Null),
        row(&client, bundle, 6, Value::Null),
    ];
    let body = set(&client, "k", rows).await;
    let error = &body["data"]["inventorySetQuantities"]["userErrors"][0];
    assert_eq!(error["code"], "NON_MUTABLE_INVENTORY_ITEM");
    assert_eq!(
        error["field"],
        json!(["input", "quantities", "1", "inventoryItemId"])
    );
    assert_eq!(
        client.shop.quantity(good, client.location, "available"),
        Some(5)
    );
}

#[tokio::test]
async fn what_the_schema_leaves_optional_is_required_at_run_time() {
    let client = Client::new().await;
    let item = client.add("A", 5);
    let without_key = SET
        .replace(" @idempotent(key: $key)", "")
        .replace(", $key: String!", "");
    let input = json!({ "name": "available", "reason": "correction", "quantities": [row(&client, item, 6, Value::Null)] });
    let body = client.ask(&without_key, json!({ "input": input })).await;
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    assert_eq!(body["data"]["inventorySetQuantities"], Value::Null);
    let mut unchecked = row(&client, item, 6, Value::Null);
    unchecked
        .as_object_mut()
        .unwrap()
        .remove("changeFromQuantity");
    let body = set(&client, "k", vec![unchecked]).await;
    assert_eq!(
        body["errors"][0]["extensions"]["code"],
        "INVALID_FIELD_ARGUMENTS"
    );
}

#[tokio::test]
async fn a_key_is_remembered_with_its_parameters_for_a_day() {
    let client = Client::new().await;
    let item = client.add("A", 5);
    let adjust = async |delta: i32| {
        let change = json!({
            "inventoryItemId": gid("InventoryItem", item), "locationId": gid("Location", client.location),
            "delta": delta, "changeFromQuantity": null,
        });
        let input = json!({ "name": "available", "reason": "correction", "changes": [change] });
        let body = client
            .ask(ADJUST, json!({ "input": input, "key": "same" }))
            .await;
        body["data"]["inventoryAdjustQuantities"].clone()
    };
    let first = adjust(2).await;
    assert_eq!(adjust(2).await, first);
    assert_eq!(
        client.shop.quantity(item, client.location, "available"),
        Some(7)
    );
    assert_eq!(
        adjust(3).await["userErrors"][0]["code"],
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    );
    client.shop.clock().advance(SignedDuration::from_hours(25));
    adjust(2).await;
    assert_eq!(
        client.shop.quantity(item, client.location, "available"),
        Some(9)
    );
}

#[tokio::test]
async fn only_available_is_adjusted_without_a_ledger_document() {
    let client = Client::new().await;
    let item = client.add("A", 5);
    let change = json!({
        "inventoryItemId": gid("InventoryItem", item), "locationId": gid("Location", client.location),
        "delta": 1, "changeFromQuantity": null,
    });
    let input = json!({ "name": "damaged", "reason": "damaged", "changes": [change] });
    let body = client
        .ask(ADJUST, json!({ "input": input, "key": "k" }))
        .await;
    assert_eq!(
        body["data"]["inventoryAdjustQuantities"]["userErrors"][0]["code"],
        "INVALID_QUANTITY_DOCUMENT"
    );
}

//! Stock of the built-in warehouse, written and read through the newer API.

use serde_json::{Value, json};

use super::tool::{Tool, own};
use crate::support::{Daemon, FinaleSystem, Install};

/// A running program with a built-in warehouse that is ready.
async fn stand(install: &Install) -> (Daemon, Tool) {
    let daemon = install.serve_with(&own()).await;
    let tool = Tool::of(install, &daemon);
    (daemon, tool)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn change(kind: &str, place: &str, quantity: i64) -> Value {
    json!({ "transaction_type": kind, "inventory_location_id": place, "sku": "MUG", "quantity": quantity })
}

/// A new warehouse, the location that stands for all of it, and a bin in it.
async fn warehouse(tool: &Tool, name: &str) -> (String, String, String) {
    let made = tool
        .post("inventory_warehouses", json!({ "name": name }), 200)
        .await;
    let id = text(&made["inventory_warehouse_id"]);
    let new = json!({ "name": "A-01-3-B", "inventory_warehouse_id": id });
    let bin = tool.post("inventory_locations", new, 200).await;
    assert_eq!(
        (&bin["inventory_warehouse_id"], &bin["name"]),
        (&json!(id), &json!("A-01-3-B"))
    );
    let all = tool.get("inventory_locations?page_size=100").await;
    let all = all["inventory_locations"].as_array().expect("a list");
    let whole = all
        .iter()
        .find(|place| place["name"] == name)
        .expect("the whole");
    (
        id,
        text(&whole["inventory_location_id"]),
        text(&bin["inventory_location_id"]),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stock_is_brought_taken_counted_and_moved_and_read_at_once() {
    let install = Install::with(&["warehouse"]);
    let (daemon, tool) = stand(&install).await;
    let (id, whole, bin) = warehouse(&tool, "Quay").await;
    let place = daemon.api.ship_from("Quay", "Quay").await;

    tool.post("inventory", change("increment", &bin, 5), 204)
        .await;
    let here = format!("inventory_warehouse_id={id}");
    assert_eq!(tool.levels(&here).await, [(whole.clone(), 5, 5)]);
    let refused = tool
        .post("inventory", change("decrement", &bin, 6), 400)
        .await;
    assert_eq!(refused["errors"][0]["message"], "only 5 of 6 are there");
    tool.post("inventory", change("decrement", &bin, 2), 204)
        .await;
    tool.post("inventory", change("increment", &whole, 4), 204)
        .await;
    let by_place = format!("{here}&group_by=location");
    assert_eq!(
        tool.levels(&by_place).await,
        [(bin.clone(), 3, 3), (whole.clone(), 4, 4)]
    );
    assert_eq!(tool.levels(&here).await, [(whole.clone(), 7, 7)]);
    let source = daemon.api.source("Quay").await;
    let history = format!("/inventory-sources/{source}/history?cause=write");
    let history = daemon.api.get(&history).await;
    let changes = history["items"].as_array().expect("a list");
    assert_eq!(changes.len(), 2, "a first count is no change");
    assert!(
        changes.iter().all(|change| change["actor"] == "admin"),
        "{history}"
    );

    // The building stands for what lies in none of its bins: those are neither counted nor taken from.
    tool.post("inventory", change("decrement", &whole, 5), 400)
        .await;
    tool.post("inventory", change("adjust", &whole, 10), 204)
        .await;
    tool.post("inventory", change("adjust", &bin, 1), 204).await;
    assert_eq!(
        tool.levels(&by_place).await,
        [(bin.clone(), 1, 1), (whole.clone(), 10, 10)]
    );
    let mut moved = change("modify", &whole, 8);
    moved["new_inventory_location_id"] = json!(bin);
    tool.post("inventory", moved.clone(), 204).await;
    tool.post("inventory", moved, 400).await;
    assert_eq!(
        tool.levels(&by_place).await,
        [(bin.clone(), 9, 9), (whole.clone(), 2, 2)]
    );
    let only = format!("inventory_location_id={bin}");
    assert_eq!(tool.levels(&only).await, [(bin.clone(), 9, 9)]);

    let order = daemon
        .api
        .order("1", &place, json!([{ "sku": "MUG", "quantity": 11 }]))
        .await;
    assert_eq!(order["verdict"], "can_ship", "{order:#}");
    let order = daemon
        .api
        .order("2", &place, json!([{ "sku": "MUG", "quantity": 12 }]))
        .await;
    assert_eq!(order["verdict"], "short", "{order:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_are_kept_apart_by_condition_and_lot_and_have_a_cost() {
    let install = Install::with(&["warehouse"]);
    let (daemon, tool) = stand(&install).await;
    let (id, whole, bin) = warehouse(&tool, "Quay").await;
    let mut fresh = change("increment", &bin, 4);
    fresh["usable_end_date"] = json!("2130-06-30T00:00:00Z");
    fresh["cost"] = json!({ "amount": 2, "currency": "eur" });
    tool.post("inventory", fresh.clone(), 204).await;
    let mut broken = change("increment", &bin, 1);
    broken["condition"] = json!("damaged");
    broken["cost"] = json!({ "amount": 7 });
    tool.post("inventory", broken, 204).await;

    let row = async |query: &str| {
        let told = tool.get(&format!("inventory?sku=MUG&{query}")).await;
        told["inventory"][0].clone()
    };
    let here = format!("inventory_warehouse_id={id}");
    let level = row(&here).await;
    assert_eq!(
        (&level["on_hand"], &level["available"]),
        (&json!(5), &json!(4)),
        "{level:#}"
    );
    assert_eq!(
        level["average_cost"],
        json!({ "amount": 3, "currency": "EUR" })
    );
    let source = daemon.api.source("Quay").await;
    let levels = format!("/inventory-sources/{source}/levels?sku=MUG");
    let level = daemon.api.get(&levels).await["items"][0].clone();
    let lot =
        json!({ "lot": "until 2130-06-30", "quantity": 4, "expires_at": "2130-06-30T00:00:00Z" });
    assert_eq!(
        (&level["lots"], &level["other"]),
        (&json!([lot]), &json!({ "damaged": 1 })),
        "{level:#}"
    );
    assert_eq!(
        (&level["unit_cost"], &level["currency"]),
        (&json!(3), &json!("EUR"))
    );

    // Two of the lot cost more than was thought, are broken, and lie elsewhere.
    let mut modified = change("modify", &bin, 2);
    tool.post("inventory", modified.clone(), 400).await;
    modified["new_cost"] = json!({ "amount": 13, "currency": "EUR" });
    modified["new_condition"] = json!("damaged");
    modified["new_inventory_location_id"] = json!(whole);
    tool.post("inventory", modified, 204).await;
    let left = row(&format!("{here}&inventory_location_id={bin}")).await;
    assert_eq!(
        (&left["on_hand"], &left["available"]),
        (&json!(3), &json!(2)),
        "{left:#}"
    );
    let level = row(&here).await;
    assert_eq!(
        (&level["on_hand"], &level["available"]),
        (&json!(5), &json!(2)),
        "{level:#}"
    );
    assert_eq!(level["average_cost"]["amount"], 7);

    let refused = async |field: &str, value: Value, place: &str| {
        let mut change = change("adjust", place, 1);
        change[field] = value;
        let refused = tool.post("inventory", change, 400).await;
        text(&refused["errors"][0]["message"])
    };
    let in_dollars = json!({ "amount": 1, "currency": "usd" });
    let message = refused("cost", in_dollars, &bin).await;
    assert!(message.contains("costs are told in EUR here"), "{message}");
    let message = refused("condition", json!("rotten"), &bin).await;
    assert!(
        message.contains("sellable, damaged, expired or qa_hold"),
        "{message}"
    );
    let message = refused("condition", json!("damaged"), &whole).await;
    assert!(message.contains("name one of them"), "{message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_moved_to_another_warehouse_is_seen_at_both() {
    let install = Install::with(&["warehouse"]);
    let (_daemon, tool) = stand(&install).await;
    let (_, quay, quay_bin) = warehouse(&tool, "Quay").await;
    let (_, hill, hill_bin) = warehouse(&tool, "Hill").await;
    tool.post("inventory", change("increment", &quay_bin, 5), 204)
        .await;
    let mut moved = change("modify", &quay_bin, 2);
    moved["new_inventory_location_id"] = json!(hill_bin);
    tool.post("inventory", moved, 204).await;
    assert_eq!(
        tool.levels("sku=MUG").await,
        [(quay.clone(), 3, 3), (hill.clone(), 2, 2)]
    );
    let by_place = tool.levels("sku=MUG&group_by=location").await;
    assert_eq!(by_place, [(quay_bin, 3, 3), (hill_bin, 2, 2)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn places_are_renamed_and_removed_and_what_lies_there_is_not_lost_by_mistake() {
    let install = Install::with(&["warehouse"]);
    let (_daemon, tool) = stand(&install).await;
    let (id, whole, bin) = warehouse(&tool, "Quay").await;
    tool.post("inventory", change("increment", &bin, 5), 204)
        .await;

    let unnamed = json!({ "name": "not a bin", "inventory_warehouse_id": id });
    let refused = tool.post("inventory_locations", unnamed, 400).await;
    assert!(
        text(&refused["errors"][0]["message"]).contains("area-unit-shelf-bin"),
        "{refused:#}"
    );
    let name = |name: &str| Some(json!({ "name": name }));
    tool.ask(&format!("PUT inventory_locations/{bin}"), name("A-01-3-C"))
        .await
        .expect(204);
    assert_eq!(
        tool.get(&format!("inventory_locations/{bin}")).await["name"],
        "A-01-3-C"
    );
    tool.ask(&format!("PUT inventory_warehouses/{id}"), name("Pier"))
        .await
        .expect(204);
    assert_eq!(
        tool.get(&format!("inventory_warehouses/{id}")).await["name"],
        "Pier"
    );
    tool.ask(&format!("DELETE inventory_locations/{whole}"), None)
        .await
        .expect(409);

    let refused = tool
        .ask(&format!("DELETE inventory_locations/{bin}"), None)
        .await
        .expect(400);
    assert!(
        text(&refused["errors"][0]["message"]).contains("there is stock of `MUG`"),
        "{refused:#}"
    );
    tool.ask(
        &format!("DELETE inventory_locations/{bin}?remove_inventory=1"),
        None,
    )
    .await
    .expect(204);
    tool.ask(&format!("GET inventory_locations/{bin}"), None)
        .await
        .expect(404);
    tool.post("inventory", change("increment", &whole, 1), 204)
        .await;
    tool.ask(
        &format!("DELETE inventory_warehouses/{id}?remove_inventory=0"),
        None,
    )
    .await
    .expect(400);
    tool.ask(
        &format!("DELETE inventory_warehouses/{id}?remove_inventory=1"),
        None,
    )
    .await
    .expect(204);
    tool.ask(&format!("GET inventory_warehouses/{id}"), None)
        .await
        .expect(404);
    tool.post("inventory", change("increment", &whole, 1), 400)
        .await;
    assert_eq!(tool.levels("").await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_systems_are_told_beside_and_new_warehouses_are_made_where_it_can_be() {
    let install = Install::with(&["finale", "warehouse"]);
    let system = FinaleSystem::in_real_time(&install.secrets).await;
    system.finale.set_stock("MUG", "Berlin", 40);
    let daemon = install.serve_with(&system.connection()).await;
    let tool = Tool::of(&install, &daemon);
    let berlin = tool.get("inventory_warehouses").await["inventory_warehouses"][0].clone();
    assert_eq!(berlin["name"], "Berlin");
    let none = tool
        .post("inventory_warehouses", json!({ "name": "Quay" }), 400)
        .await;
    assert!(
        text(&none["errors"][0]["message"]).contains("can make warehouses"),
        "{none:#}"
    );
    let own = daemon.api.connect(&own()).await;
    daemon.api.until(&own, "ready").await;
    let (id, _, bin) = warehouse(&tool, "Quay").await;
    assert_ne!(json!(id), berlin["inventory_warehouse_id"]);
    let line = format!(
        "PUT inventory_warehouses/{}",
        text(&berlin["inventory_warehouse_id"])
    );
    tool.ask(&line, Some(json!({ "name": "Bonn" })))
        .await
        .expect(409);
    tool.post("inventory", change("increment", &bin, 2), 204)
        .await;
    let all: Vec<i64> = tool
        .levels("sku=MUG")
        .await
        .into_iter()
        .map(|(_, on_hand, _)| on_hand)
        .collect();
    assert_eq!(all, [40, 2]);
}

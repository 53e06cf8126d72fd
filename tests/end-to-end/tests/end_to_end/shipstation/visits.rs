//! Visits by clients that know nothing of this project: what they were told is what they expect, and done.

use serde_json::{Value, json};

use super::clients::Visit;
use super::tool::{Tool, own};
use crate::support::{Daemon, Install};

/// A running program with a built-in warehouse from which orders ship, and the id of a bin in it.
async fn stand(install: &Install) -> (Daemon, String) {
    let daemon = install.serve_with(&own()).await;
    daemon.api.ship_from("Main", "Main warehouse").await;
    let tool = Tool::of(install, &daemon);
    let warehouses = tool.get("inventory_warehouses").await;
    let id = &warehouses["inventory_warehouses"][0]["inventory_warehouse_id"];
    let new = json!({ "name": "A-01-3-B", "inventory_warehouse_id": id });
    let bin = tool.post("inventory_locations", new, 200).await;
    let bin = bin["inventory_location_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    (daemon, bin)
}

async fn verdict(daemon: &Daemon, order: &str) -> Value {
    daemon.api.get(&format!("/orders/{order}")).await["verdict"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asyncshipstation_changes_stock_and_sends_orders() {
    let install = Install::with(&["warehouse"]);
    let (daemon, bin) = stand(&install).await;
    let visit = Visit::Python("asyncshipstation_visit.py");
    let Some(told) = visit.run(&install, &daemon, &[("BESTAND_BIN", &bin)]).await else {
        return;
    };
    let status = |step: &str| told[step][0].as_u64().expect("a status");
    for (step, expected) in [
        ("warehouses", 200),
        ("increment", 204),
        ("too many", 400),
        ("adjust", 204),
        ("levels", 200),
        ("made", 200),
        ("read", 200),
        ("named", 200),
        ("order", 200),
        ("orders", 200),
        ("stores", 200),
        ("deleted", 200),
        ("gone", 200),
    ] {
        assert_eq!(status(step), expected, "{step}: {:#}", told[step]);
    }
    assert_eq!(
        told["too many"][1]["errors"][0]["message"],
        "only 5 of 6 are there"
    );
    let level = &told["levels"][1]["inventory"][0];
    assert_eq!(
        (&level["inventory_location_id"], &level["on_hand"]),
        (&json!(bin), &json!(9))
    );
    assert_eq!(told["read"][1], told["made"][1]);
    assert_eq!(told["named"][1]["returnAddress"]["street1"], "Quay 1");
    assert_eq!(told["orders"][1]["orders"], json!([told["order"][1]]));
    assert_eq!(told["gone"][1].as_array().map(Vec::len), Some(1));
    assert_eq!(verdict(&daemon, "1001").await, "can_ship");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shipstation_for_python_sends_orders_with_texts_for_numbers() {
    let install = Install::with(&["warehouse"]);
    let (daemon, bin) = stand(&install).await;
    let tool = Tool::of(&install, &daemon);
    let one = json!({ "transaction_type": "adjust", "inventory_location_id": bin, "sku": "MUG", "quantity": 1 });
    tool.post("inventory", one, 204).await;
    let visit = Visit::Python("shipstation_visit.py");
    let Some(told) = visit.run(&install, &daemon, &[]).await else {
        return;
    };
    let told = told["told"].as_str().expect("a text");
    assert_eq!(told.matches("'orderKey': 'web-2001'").count(), 2, "{told}");
    assert!(told.contains("'quantity': 2"), "{told}");
    assert_eq!(verdict(&daemon, "2001").await, "short");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shipstation_for_node_sends_lists_and_deletes_orders() {
    let install = Install::with(&["warehouse"]);
    let (daemon, _) = stand(&install).await;
    let visit = Visit::Node("shipstation_node_visit.js");
    let Some(told) = visit.run(&install, &daemon, &[]).await else {
        return;
    };
    assert_eq!(
        (&told["made"]["status"], &told["made"]["left"]),
        (&json!(200), &json!("39"))
    );
    assert_eq!(told["several"]["told"]["hasErrors"], true);
    let refused = told["several"]["told"]["results"][1]["errorMessage"]
        .as_str()
        .expect("a reason");
    assert!(refused.contains("orderNumber"), "{refused}");
    assert_eq!(told["orders"]["told"]["total"], 1);
    assert_eq!(told["warehouses"]["told"][0]["warehouseName"], "Main");
    assert_eq!(told["deleted"]["told"]["success"], true);
    assert_eq!(daemon.api.get("/orders/3001").await["status"], "cancelled");
}

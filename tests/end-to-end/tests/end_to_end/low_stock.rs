//! What falls low at a running daemon: told in its activity, and listed by the API and by a command.

use serde_json::{Value, json};

use crate::support::neighbour::warehouse;
use crate::support::{Api, Install, find};

/// The newest line of the activity of this kind.
async fn noted(api: &Api, kind: &str) -> Option<Value> {
    let activity = api.get(&format!("/activity?kind={kind}")).await;
    activity["items"].get(0).cloned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_falls_low_is_told_and_listed_and_what_recovers_too() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve_with(&warehouse()).await;
    let api = &daemon.api;
    let source = api.source("Main warehouse").await;
    let set = async |quantity: i64| {
        let change =
            json!({ "sku": "MUG", "change": "set", "quantity": quantity, "reason": "count" });
        let path = format!("/inventory-sources/{source}/adjustments");
        let body = json!({ "adjustments": [change] });
        api.post(&path, body).await.expect(200);
    };
    set(9).await;
    install
        .run(&["low-stock", "threshold", "set", "5", "--sku", "MUG"])
        .expect(0);
    // A daemon follows what a command has set within a minute; by the API it does at once.
    let threshold = json!({ "sku": "MUG", "threshold": 4 });
    api.put("/low-stock-thresholds", threshold)
        .await
        .expect(200);
    set(4).await;
    let low = find("noted", async || noted(api, "stock_low").await).await;
    assert_eq!(low["details"], json!({ "articles": 1, "skus": "MUG" }));
    let listed = api.get("/low-stock").await;
    let level = &listed["items"][0];
    assert_eq!(
        (&level["sku"], &level["available"]),
        (&json!("MUG"), &json!(4))
    );
    assert!(level["since"].is_string(), "{level}");
    let command = install.run(&["low-stock", "--json"]).expect(0).json();
    assert_eq!(command[0]["since"], level["since"]);
    // What was gathered is noted before the daemon ends.
    set(20).await;
    assert!(daemon.end().await.success());
    let again = install.serve().await;
    let recovered = noted(&again.api, "stock_recovered").await.unwrap();
    assert_eq!(recovered["subject"]["name"], json!("Main warehouse"));
    let none = again.api.get("/low-stock").await;
    assert_eq!(none["items"], json!([]));
}

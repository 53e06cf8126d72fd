//! Aliases and kits by command: set, imported whole or not at all, and followed by a running daemon.

use bestand::connection::NewConnection;
use serde_json::{Value, json};

use crate::support::{Daemon, Install, find};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aliases_and_kits_are_set_by_command_and_followed_by_the_daemon() {
    let install = Install::with(&["warehouse"]);
    let daemon = with_stock(&install).await;
    let source = "Main warehouse";
    install
        .run(&["alias", "set", source, "A-6", "A", "--pack", "6"])
        .expect(0);
    install.run(&["kit", "set", "SET", "A=2", "B"]).expect(0);
    let answer = async |code: &str| {
        let items = json!({ "items": [{ "sku": code, "quantity": 1 }] });
        let told = daemon.api.post("/availability", items).await.expect(200);
        told["lines"][0]["available"].clone()
    };
    find("what was set", async || {
        (answer("A-6").await == json!(1) && answer("SET").await == json!(3)).then_some(())
    })
    .await;

    let wrong = "sku;source_sku;pack_factor\nX;A;1/12\nY;A;0\n;A;\n";
    install.put("wrong.csv", wrong);
    let refused = install.run(&["alias", "import", source, "wrong.csv"]);
    let said = refused.expect(64).stderr;
    for line in ["nothing is imported", "line: 3", "line: 4", "pack factor"] {
        assert!(said.contains(line), "{line}: {said}");
    }
    install.put("right.csv", "sku;source_sku;pack_factor\nX;A;1/12\nY;B;\n");
    install
        .run(&["alias", "import", source, "right.csv"])
        .expect(0);
    let listed = install.run(&["alias", "list", source, "--json"]).expect(0);
    let rows: Vec<Value> = listed.json().as_array().unwrap().clone();
    let packs: Vec<_> = rows
        .iter()
        .map(|row| (&row["sku"], &row["pack_factor"]))
        .collect();
    let expected =
        [("A-6", "6"), ("X", "1/12"), ("Y", "1")].map(|(sku, pack)| (json!(sku), json!(pack)));
    assert!(
        packs
            .into_iter()
            .eq(expected.iter().map(|(sku, pack)| (sku, pack))),
        "{rows:?}"
    );

    install.put(
        "kits.csv",
        "kit,sku,quantity\nPAIR,A,2\nPAIR,B,2\nTRIO,SET,1\n",
    );
    let refused = install.run(&["kit", "import", "kits.csv"]).expect(64);
    assert!(
        refused.stderr.contains("`SET` is a kit itself"),
        "{}",
        refused.stderr
    );
    let listed = install.run(&["kit", "list", "--json"]).expect(0).json();
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
    install.run(&["kit", "remove", "SET"]).expect(0);
    install.run(&["alias", "remove", source, "A-6"]).expect(0);
    find("what was removed", async || {
        (answer("A-6").await == Value::Null && answer("SET").await == Value::Null).then_some(())
    })
    .await;
    assert!(daemon.end().await.success());
}

async fn with_stock(install: &Install) -> Daemon {
    let own = NewConnection {
        name: "Own warehouse".into(),
        adapter: "warehouse".into(),
        settings: json!({}),
        secrets: Default::default(),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    };
    let daemon = install.serve_with(&own).await;
    daemon.api.ship_from("Hall", "Main warehouse").await;
    let source = daemon.api.source("Main warehouse").await;
    let set = |code, quantity| json!({ "sku": code, "change": "set", "quantity": quantity });
    let set = json!({ "adjustments": [set("A", 11), set("B", 3)] });
    let path = format!("/inventory-sources/{source}/adjustments");
    daemon.api.post(&path, set).await.expect(200);
    daemon
}

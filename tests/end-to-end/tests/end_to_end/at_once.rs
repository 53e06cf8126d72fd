//! Many hands at once: the daemon and commands beside it write to the same store, and nobody is turned away.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Api, Install, Ran, find, on_both_engines};

/// Orders of each import; more lines than an import holds before it stores.
const ORDERS: usize = 1_500;
const LINES: usize = 4;
/// SKUs that are counted.
const COUNTS: usize = 500;

on_both_engines! {
    async fn imports_over_http_and_by_command_and_a_sync_all_get_through(database) {
        let install = Install::on(database, &["warehouse"]);
        let daemon = install.serve().await;
        let own = json!({ "name": "Own warehouse", "adapter": "warehouse" });
        let made = daemon.api.post("/connections", own).await.expect(201);
        let connection = made["id"].as_str().unwrap();
        daemon.api.until(connection, "ready").await;
        install.put("orders.ndjson", &orders("BY-COMMAND"));
        install.put("counts.csv", &counts());

        let run = |arguments: &[&str]| {
            let mut command = install.command(arguments);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let by_command = run(&["import", "orders", "orders.ndjson", "--json"]);
        let stock = run(&["import", "stock", "counts.csv", "--source", "Main warehouse", "--json"]);
        let (one, other) = tokio::join!(
            import(&daemon.api, "ONE"),
            import(&daemon.api, "OTHER"),
        );
        for report in [one, other] {
            assert_eq!(report["created"], json!(ORDERS), "{report:#}");
        }
        let by_command = Ran::from(by_command.wait_with_output().unwrap()).expect(0).json();
        assert_eq!(by_command["created"], json!(ORDERS), "{by_command:#}");
        let stock = Ran::from(stock.wait_with_output().unwrap()).expect(0).json();
        assert_eq!(stock["set"], json!(COUNTS), "{stock:#}");
        let sync = format!("/connections/{connection}/sync?full=true");
        daemon.api.ask(reqwest::Method::POST, &sync, None).await.expect(202);
        daemon.api.ship_from("Hall", "Main warehouse").await;
        find("the last count", async || {
            let line = daemon.api.stored(&code(COUNTS - 1)).await;
            (line["on_hand"] == json!(COUNTS - 1)).then_some(())
        })
        .await;
        assert_eq!(daemon.api.orders().await.len(), 3 * ORDERS);
        assert!(daemon.end().await.success());
    }
}

async fn import(api: &Api, prefix: &str) -> Value {
    let request = api.import("application/x-ndjson", "", orders(prefix));
    api.send(request).await.expect(200)
}

fn orders(prefix: &str) -> String {
    let line = |line| json!({ "sku": code(line), "quantity": line + 1 });
    let lines: Vec<Value> = (0..LINES).map(line).collect();
    let order = |number| json!({ "order_number": format!("{prefix}-{number}"), "lines": lines });
    let orders = (0..ORDERS).map(|number| format!("{}\n", order(number)));
    orders.collect()
}

fn counts() -> String {
    let lines = (0..COUNTS).map(|number| format!("{},{number}\n", code(number)));
    format!("sku,on_hand\n{}", lines.collect::<String>())
}

fn code(number: usize) -> String {
    format!("S-{number:05}")
}

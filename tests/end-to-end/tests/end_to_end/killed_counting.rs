//! `kill -9` in the middle of an import of counts: those that were set are right, and the same file again sets the rest.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Install, find, on_both_engines};

/// Several times what is written at once.
const COUNTS: i64 = 1_000;

on_both_engines! {
    async fn counts_are_set_or_not_and_the_file_again_sets_them_all(database) {
        let install = Install::on(database, &["warehouse"]);
        let daemon = install.serve().await;
        let own = json!({ "name": "Own warehouse", "adapter": "warehouse" });
        let made = daemon.api.post("/connections", own).await.expect(201);
        let connection = made["id"].as_str().unwrap();
        daemon.api.until(connection, "ready").await;
        let import = ["import", "stock", "-", "--source", "Main warehouse", "--json"];
        let mut killed = install
            .command(&import)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (file, mut input) = (file(), killed.stdin.take().unwrap());
        input.write_all(&file.as_bytes()[..file.len() * 3 / 4]).unwrap();
        find("counts", async || (!install.exported().is_empty()).then_some(())).await;
        killed.kill().unwrap();
        killed.wait().unwrap();
        drop(input);

        let kept = install.exported();
        assert!(kept.len() < expected().len(), "{}", kept.len());
        assert!(kept.iter().all(|(sku, count)| expected().get(sku) == Some(count)), "{kept:?}");
        install.put("counts.csv", &file);
        let again = import.map(|word| if word == "-" { "counts.csv" } else { word });
        let report = install.run(&again).expect(0).json();
        assert_eq!(report["set"], json!(COUNTS), "{report:#}");
        assert_eq!(install.exported(), expected());
        let sync = format!("/connections/{connection}/sync?full=true");
        daemon.api.ask(Method::POST, &sync, None).await.expect(202);
        daemon.api.ship_from("Hall", "Main warehouse").await;
        find("the last count", async || {
            let line = daemon.api.stored(&code(COUNTS - 1)).await;
            (line["on_hand"] == json!(COUNTS - 1)).then_some(())
        })
        .await;
        assert!(daemon.end().await.success());
    }
}

fn expected() -> BTreeMap<String, Value> {
    let counts = (0..COUNTS).map(|number| (code(number), json!(number)));
    counts.collect()
}

fn file() -> String {
    let lines = (0..COUNTS).map(|number| format!("{},{number}\n", code(number)));
    format!("sku,on_hand\n{}", lines.collect::<String>())
}

fn code(number: i64) -> String {
    format!("S-{number:05}")
}

//! `kill -9` in the middle of an import: every order is stored whole or not at all, and the same import again brings
//! the rest and nothing twice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use bytes::Bytes;
use reqwest::Body;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::{Api, Install, find, on_both_engines};

/// Orders of an import; more lines than an import holds before it stores.
const ORDERS: usize = 3_000;
/// Lines of each.
const LINES: u64 = 4;
const NDJSON: &str = "application/x-ndjson";

on_both_engines! {
    async fn an_import_over_http_that_was_killed_is_completed_by_sending_it_again(database) {
        let install = Install::on(database, &["warehouse"]);
        let orders = ndjson();
        let daemon = install.serve().await;
        let send = async |api: &Api, body: &str| {
            api.send(api.import(NDJSON, "", body.to_owned())).await.expect(200)
        };
        let earlier = r#"{ "order_number": "EARLIER", "lines": [{ "sku": "A", "quantity": 1 }] }"#;
        assert_eq!(send(&daemon.api, earlier).await["created"], json!(1));
        let (pieces, body) = streamed();
        let sending = tokio::spawn(daemon.api.import(NDJSON, "", body).send());
        pieces.send(Ok(Bytes::from(orders[..orders.len() * 3 / 4].to_owned()))).await.unwrap();
        find("orders", async || (daemon.api.orders().await.len() > 1).then_some(())).await;
        daemon.kill();
        assert!(sending.await.unwrap().is_err(), "nothing of it was acknowledged");

        let daemon = install.serve().await;
        let mut kept = daemon.api.orders().await;
        assert_eq!(kept.remove("EARLIER"), Some(1), "what was acknowledged is there");
        assert!(!kept.is_empty() && kept.len() < ORDERS, "{}", kept.len());
        assert!(kept.values().all(|lines| *lines == LINES), "no order is a part of itself");
        let report = send(&daemon.api, &orders).await;
        assert_eq!((&report["refused"], &report["replaced"]), (&json!(0), &json!(kept.len())));
        let mut all = daemon.api.orders().await;
        assert_eq!(all.remove("EARLIER"), Some(1));
        assert_eq!(all, all_orders(), "each once, and whole");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_by_command_that_was_killed_is_completed_by_running_it_again() {
    let install = Install::with(&["warehouse"]);
    let csv = csv();
    let daemon = install.serve().await;
    let mut import = install
        .command(&["import", "orders", "-", "--format", "csv"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = import.stdin.take().unwrap();
    input
        .write_all(&csv.as_bytes()[..csv.len() * 3 / 4])
        .unwrap();
    find("orders", async || {
        (!daemon.api.orders().await.is_empty()).then_some(())
    })
    .await;
    import.kill().unwrap();
    import.wait().unwrap();
    drop(input);

    let kept = daemon.api.orders().await;
    assert!(kept.len() < ORDERS, "{}", kept.len());
    assert!(
        kept.values().all(|lines| *lines == LINES),
        "no order is a part of itself"
    );
    install.put("orders.csv", &csv);
    let report = install
        .run(&["import", "orders", "orders.csv", "--json"])
        .expect(0)
        .json();
    let counted = ["orders", "refused", "replaced"].map(|field| report[field].clone());
    assert_eq!(counted, [json!(ORDERS), json!(0), json!(kept.len())]);
    assert_eq!(daemon.api.orders().await, all_orders());
}

fn csv() -> String {
    let mut csv = "order_number,sku,quantity\n".to_owned();
    for order in 0..ORDERS {
        for line in 0..LINES {
            writeln!(csv, "O-{order:05},SKU-{line},{}", line + 1).expect("text can be written");
        }
    }
    csv
}

fn ndjson() -> String {
    let line = |line| json!({ "sku": format!("SKU-{line}"), "quantity": line + 1 });
    let lines: Vec<Value> = (0..LINES).map(line).collect();
    let mut orders = String::new();
    for order in 0..ORDERS {
        let order = json!({ "order_number": format!("O-{order:05}"), "lines": lines });
        writeln!(orders, "{order}").expect("text can be written");
    }
    orders
}

fn all_orders() -> BTreeMap<String, u64> {
    (0..ORDERS)
        .map(|order| (format!("O-{order:05}"), LINES))
        .collect()
}

/// A body that goes on for as long as pieces are sent.
fn streamed() -> (mpsc::Sender<Result<Bytes, std::io::Error>>, Body) {
    let (pieces, coming) = mpsc::channel(1);
    let stream = futures::stream::unfold(coming, async |mut coming: mpsc::Receiver<_>| {
        Some((coming.recv().await?, coming))
    });
    (pieces, Body::wrap_stream(stream))
}

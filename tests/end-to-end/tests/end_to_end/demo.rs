//! `bestand demo`: one command, nothing to set up, real orders answered from three kinds of systems.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Ran, built, find, processes_in};

#[test]
fn the_demo_shows_all_three_verdicts_from_three_adapters_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let ran = Ran::from(demo(&folder, &["--once", "--json"]).output().unwrap()).expect(0);
    let shown = ran.json();
    let expected = ["adapters", "groups", "levels", "orders", "url"];
    assert_eq!(keys(&shown), expected);
    let url = shown["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    for adapter in items(&shown["adapters"]) {
        assert_eq!(keys(adapter), ["id", "state", "version"]);
        assert_eq!(adapter["state"], json!("ready"), "{adapter:#}");
        assert!(adapter["version"].is_string(), "{adapter:#}");
    }
    let ids = |adapter: &Value| adapter["id"].as_str().unwrap().to_owned();
    let ids: Vec<String> = items(&shown["adapters"]).iter().map(ids).collect();
    assert_eq!(ids, ["finale", "shopify", "warehouse"]);
    assert_eq!(items(&shown["groups"]).len(), 3, "{:#}", shown["groups"]);
    for group in items(&shown["groups"]) {
        assert!(
            group["heading"].is_string() && !items(&group["sources"]).is_empty(),
            "{group:#}"
        );
    }
    let orders = &shown["orders"];
    assert_eq!(keys(orders), ["can_ship", "short", "unknown"]);
    for verdict in ["can_ship", "short", "unknown"] {
        assert!(orders[verdict].as_u64().unwrap() > 0, "{orders}");
    }
    assert!(
        shown["levels"].as_u64().unwrap() > 100,
        "{}",
        shown["levels"]
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "it writes nothing that stays"
    );
    assert!(processes_in(folder.path()).is_empty());
}

#[test]
fn all_ten_thousand_real_lines_are_taken_and_all_512_invoices_answered() {
    let file = data().join("online-retail-orders.csv");
    if !file.exists() {
        return println!("skipped: `{}` is not there", file.display());
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = demo(&folder, &["--once", "--json", "--orders"]);
    command.arg(&file).args([
        "--map",
        "order_number=InvoiceNo,sku=StockCode,quantity=Quantity",
    ]);
    let ran = Ran::from(command.output().unwrap()).expect(0);
    assert!(
        ran.stderr.contains("10000 lines read: 10000 taken"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("0 refused; 512 orders"),
        "{}",
        ran.stderr
    );
    let shown = ran.json();
    let count = |verdict: &str| shown["orders"][verdict].as_u64().unwrap();
    assert_eq!(count("can_ship") + count("short") + count("unknown"), 512);
    assert!(
        count("can_ship") > 0 && count("short") > 0 && count("unknown") > 0,
        "{}",
        shown["orders"]
    );
}

#[test]
fn orders_that_cannot_be_read_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.csv");
    std::fs::write(&file, "No,Code,Qty\n1,A,2\n1,B,many\n2,C,1\n").unwrap();
    let map = "order_number=No,sku=Code,quantity=Qty";
    let mut command = demo(&folder, &["--once", "--json", "--map", map, "--orders"]);
    let ran = Ran::from(command.arg(&file).output().unwrap()).expect(0);
    assert!(
        ran.stderr.contains("refused: line 3: quantity"),
        "{}",
        ran.stderr
    );
    let missing = demo(&folder, &["--once", "--orders", "missing.csv"])
        .output()
        .unwrap();
    let ran = Ran::from(missing).expect(1);
    assert!(ran.stderr.contains("missing.csv"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_demo_that_is_killed_takes_the_simulated_systems_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = demo(&folder, &["--listen", "127.0.0.1:0"]).spawn().unwrap();
    find("both processes", async || {
        (processes_in(folder.path()).len() >= 2).then_some(())
    })
    .await;
    demo.kill().unwrap();
    demo.wait().unwrap();
    find("the end of them all", async || {
        processes_in(folder.path()).is_empty().then_some(())
    })
    .await;
}

fn demo(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(built::folder().join("bestand"));
    command
        .env_clear()
        .env("TMPDIR", folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .arg("demo")
        .args(arguments);
    command
}

/// The names of an object's fields, in order of the alphabet.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

fn items(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Where the real input lies that is not part of the project.
fn data() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    std::env::var_os("BESTAND_DATA").map_or_else(|| beside.into(), PathBuf::from)
}

//! Counts by files: put into the built-in warehouse by one command, taken out by another, with every line answered for.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Daemon, Install, find};

const COUNTS: &str = "sku,on_hand,note\n\
    A,5,counted\nB,0,\nC,1.25,\n,7,\nD,many,\nE,,\nA,6,\nF,-1,\n\"G, large\",1000000,\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_imported_line_by_line_and_come_out_as_they_went_in() {
    let install = Install::with(&["warehouse"]);
    let daemon = with_own_warehouse(&install).await;
    install.put("counts.csv", COUNTS);
    let import = [
        "import",
        "stock",
        "counts.csv",
        "--source",
        "Main warehouse",
    ];
    let ran = install.run(&[&import[..], &["--json"]].concat()).expect(2);
    let expected = json!({ "lines": 9, "set": 4, "refused": 5 });
    assert_eq!(ran.json(), expected, "{}", ran.stderr);
    for said in [
        "line 5: sku: a SKU must not be empty",
        "line 6: on_hand: `many` is not a decimal number",
        "line 7: it has no count, which is not the same as zero",
        "line 8: sku: line 2 has set it already",
        "line 9: ",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }

    synced(&daemon).await;
    daemon.api.ship_from("Hall", "Main warehouse").await;
    for (sku, count) in [("A", json!(5)), ("B", json!(0)), ("C", json!(1.25))] {
        assert_eq!(daemon.api.stored(sku).await["on_hand"], count, "{sku}");
    }
    assert_eq!(daemon.api.stored("D").await["available"], Value::Null);
    assert_eq!(install.exported(), taken());
    assert!(daemon.end().await.success());

    // The same without a daemon, out of one installation and into another.
    install
        .run(&["export", "stock", "--output", "out.csv"])
        .expect(0);
    let other = Install::with(&["warehouse"]);
    let daemon = with_own_warehouse(&other).await;
    let out = std::fs::read_to_string(install.path("out.csv")).unwrap();
    other.put("out.csv", &out);
    let map = ["--map", "source_id=sku_of_nothing"];
    let refused = other.run(&[&["import", "stock", "out.csv"][..], &map].concat());
    assert!(refused.expect(64).stderr.contains("sku_of_nothing"));
    let refused = other.run(&["import", "stock", "out.csv"]).expect(2);
    assert!(
        refused.stderr.contains("there is no source"),
        "ids belong to their installation: {}",
        refused.stderr
    );
    other.put("named.csv", &out.replacen("source_id", "elsewhere", 1));
    other.run(&["import", "stock", "named.csv"]).expect(0);
    synced(&daemon).await;
    assert_eq!(other.exported(), taken());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_or_a_source_that_is_not_there_is_named() {
    let install = Install::with(&["warehouse"]);
    install.put("counts.csv", "Artikel;Anzahl\nA;5\n");
    let daemon = with_own_warehouse(&install).await;
    let import = async |arguments: &[&str], code: i32, said: &str| {
        let ran = install.run(&[&["import", "stock"][..], arguments].concat());
        let ran = ran.expect(code);
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    };
    let map = [
        "counts.csv",
        "--map",
        "sku=Artikel,on_hand=Anzahl",
        "--source",
    ];
    import(
        &["missing.csv", "--source", "Main warehouse"],
        1,
        "`missing.csv`",
    )
    .await;
    import(
        &["counts.csv", "--source", "Main warehouse"],
        64,
        "no column `sku`",
    )
    .await;
    import(&map[..3], 64, "the lines name no source").await;
    import(
        &[&map[..], &["Elsewhere"]].concat(),
        64,
        "there is no source `Elsewhere`",
    )
    .await;
    import(
        &[&map[..], &["Main warehouse"]].concat(),
        0,
        "after its next sync",
    )
    .await;
    synced(&daemon).await;
    let elsewhere = install.run(&["export", "stock", "--source", "Elsewhere"]);
    let said = elsewhere.expect(64).stderr;
    assert!(said.contains("there are: `Main warehouse`"), "{said}");
    assert_eq!(install.exported(), [("A".to_owned(), json!(5))].into());
}

/// What of the counts can be right.
fn taken() -> BTreeMap<String, Value> {
    let counts = [
        ("A", json!(5)),
        ("B", json!(0)),
        ("C", json!(1.25)),
        ("G, large", json!(1_000_000)),
    ];
    counts.map(|(sku, count)| (sku.to_owned(), count)).into()
}

async fn with_own_warehouse(install: &Install) -> Daemon {
    let daemon = install.serve().await;
    let own = json!({ "name": "Own warehouse", "adapter": "warehouse" });
    let made = daemon.api.post("/connections", own).await.expect(201);
    daemon
        .api
        .until(made["id"].as_str().unwrap(), "ready")
        .await;
    daemon
}

/// Brings in what was written beside the daemon.
async fn synced(daemon: &Daemon) {
    let id = daemon.api.connection("Own warehouse").await;
    let path = format!("/connections/{id}");
    let before = daemon.api.get(&path).await["status"]["last_sync_at"].clone();
    let sync = format!("{path}/sync?full=true");
    daemon.api.ask(Method::POST, &sync, None).await.expect(202);
    find("synced again", async || {
        let status = &daemon.api.get(&path).await["status"];
        (status["state"] == "ready" && status["last_sync_at"] != before).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_import_would_do_is_told_and_one_bad_line_can_keep_it_from_doing_anything() {
    let install = Install::with(&["warehouse"]);
    let daemon = with_own_warehouse(&install).await;
    assert!(daemon.end().await.success());
    let import = |file: &'static str, more: &'static [&'static str]| {
        let head = ["import", "stock", file, "--source", "Main warehouse"];
        [&head[..], more].concat()
    };
    install.put("good.csv", "Artikelnummer;Bestand\nA;5\nB;2\n");
    let all = install
        .run(&import("good.csv", &["--all-or-nothing"]))
        .expect(0);
    for said in [
        "`Artikelnummer` is taken for sku",
        "`Bestand` is taken for on_hand",
    ] {
        assert!(all.stderr.contains(said), "{said}: {}", all.stderr);
    }
    install.put("bad.csv", "sku,on_hand\nA,6\nC,many\nD,1\n");
    let none = install
        .run(&import("bad.csv", &["--all-or-nothing"]))
        .expect(1);
    assert!(
        none.stderr
            .contains("nothing is written: 1 lines are refused"),
        "{}",
        none.stderr
    );
    assert_eq!(install.exported(), counts(&[("A", 5), ("B", 2)]));

    install.put("next.csv", "sku,on_hand\nA,7\nB,2\nC,many\nD,1\n");
    let told = install
        .run(&import("next.csv", &["--dry-run", "--json"]))
        .expect(2);
    let expected = json!([
        { "source": "Main warehouse", "sku": "A", "now": 5, "new": 7, "difference": 2 },
        { "source": "Main warehouse", "sku": "D", "now": null, "new": 1, "difference": null },
    ]);
    assert_eq!(told.json(), expected);
    let said = "of 4 lines 1 would be new, 1 changed, 1 the same, 1 refused";
    assert!(told.stderr.contains(said), "{}", told.stderr);
    assert_eq!(install.exported(), counts(&[("A", 5), ("B", 2)]));
    let stdin = install.run(&import("-", &["--all-or-nothing"])).expect(64);
    assert!(
        stdin.stderr.contains("reads the file twice"),
        "{}",
        stdin.stderr
    );
    install.put("both.csv", "sku,Qty,Menge\nA,1,2\n");
    let both = install.run(&import("both.csv", &[])).expect(64);
    assert!(
        both.stderr.contains("`Qty`, `Menge` could each be on_hand"),
        "{}",
        both.stderr
    );
}

#[test]
fn what_an_import_of_orders_would_do_is_told_and_one_bad_line_can_keep_it_from_doing_anything() {
    let install = Install::with(&[]);
    install.put(
        "good.csv",
        "Order Number,Item SKU,Qty\n1,A,2\n1,B,1\n2,A,1\n",
    );
    let all = install
        .run(&["import", "orders", "good.csv", "--all-or-nothing"])
        .expect(0);
    assert!(
        all.stderr
            .contains("`Order Number` is taken for order_number"),
        "{}",
        all.stderr
    );
    install.put(
        "next.csv",
        "order_number,sku,quantity\n1,A,2\n1,B,1\n2,A,4\n3,C,1\n4,C,none\n",
    );
    let none = install
        .run(&["import", "orders", "next.csv", "--all-or-nothing"])
        .expect(1);
    assert!(
        none.stderr
            .contains("nothing is stored: 1 lines are refused"),
        "{}",
        none.stderr
    );
    let told = install
        .run(&["import", "orders", "next.csv", "--dry-run", "--json"])
        .expect(2);
    let told = told.json();
    let changes: Vec<_> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|order| (&order["order"], &order["change"]))
        .collect();
    let expected = [("1", "same"), ("2", "changed"), ("3", "new")]
        .map(|(order, change)| (json!(order), json!(change)));
    assert!(
        changes[..3]
            .iter()
            .copied()
            .eq(expected.iter().map(|(order, change)| (order, change))),
        "{told}"
    );
    assert_eq!(
        (&told[1]["quantity_before"], &told[1]["quantity_after"]),
        (&json!(1), &json!(4))
    );
    let again = install
        .run(&["import", "orders", "good.csv", "--dry-run", "--json"])
        .expect(0)
        .json();
    assert!(
        again
            .as_array()
            .unwrap()
            .iter()
            .all(|order| order["change"] == "same"),
        "{again}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_and_levels_come_out_as_csv_by_command_and_over_http_alike() {
    let install = Install::with(&["warehouse"]);
    let daemon = with_own_warehouse(&install).await;
    install.put("counts.csv", "sku,on_hand\nA,5\nB,1\n");
    let import = [
        "import",
        "stock",
        "counts.csv",
        "--source",
        "Main warehouse",
    ];
    install.run(&import).expect(0);
    synced(&daemon).await;
    let place = daemon.api.ship_from("Hall", "Main warehouse").await;
    let line = |sku: &str, quantity: i64| json!({ "sku": sku, "quantity": quantity });
    daemon
        .api
        .order("1", &place, json!([line("A", 2), line("B", 3)]))
        .await;
    daemon
        .api
        .order("2", &place, json!([line("A", 1), line("NOBODY", 1)]))
        .await;
    let told = async |path: &str| {
        let answer = daemon
            .api
            .request(Method::GET, path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            answer.headers()["content-type"],
            "text/csv; charset=utf-8",
            "{path}"
        );
        answer.text().await.expect("a text")
    };
    let orders = told("/orders?format=csv").await;
    let rows: Vec<Vec<&str>> = orders.lines().map(|row| row.split(',').collect()).collect();
    let column = |name: &str| {
        rows[0]
            .iter()
            .position(|heading| *heading == name)
            .expect(name)
    };
    let of = |name: &str| -> Vec<&str> { rows[1..].iter().map(|row| row[column(name)]).collect() };
    assert_eq!(
        of("verdict"),
        ["short", "short", "unknown", "unknown"],
        "{orders}"
    );
    assert_eq!(
        of("line_status"),
        ["in_stock", "short", "in_stock", "unknown_sku"]
    );
    assert_eq!(of("available"), ["5", "1", "5", ""]);
    let by_command = install.run(&["export", "orders"]).expect(0).stdout;
    assert_eq!(by_command, orders);
    let few = install
        .run(&["export", "orders", "--verdict", "short"])
        .expect(0)
        .stdout;
    assert_eq!(few.lines().count(), 3, "{few}");
    let source = daemon.api.source("Main warehouse").await;
    let levels = told(&format!("/inventory-sources/{source}/levels?format=csv")).await;
    assert_eq!(levels, install.run(&["export", "stock"]).expect(0).stdout);
    assert_eq!(levels.lines().count(), 3, "{levels}");
    let ledger = told(&format!("/inventory-sources/{source}/ledger?format=csv")).await;
    assert_eq!(
        ledger,
        install
            .run(&["warehouse", "ledger", "Main warehouse", "--csv"])
            .expect(0)
            .stdout
    );
    assert!(daemon.end().await.success());
}

fn counts(of: &[(&str, i64)]) -> BTreeMap<String, Value> {
    of.iter()
        .map(|(sku, count)| ((*sku).to_owned(), json!(count)))
        .collect()
}

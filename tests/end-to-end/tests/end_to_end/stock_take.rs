//! Stock takes: goods are counted, and what differs is written to the warehouse, each difference once.

use bestand::connection::NewConnection;
use serde_json::{Value, json};

use crate::support::{Api, Daemon, Install, find, on_both_engines};

/// Articles of the take that is cut off: more than are written at once.
const ARTICLES: usize = 1_500;

on_both_engines! {
    async fn what_is_counted_is_written_as_a_difference_and_what_happens_meanwhile_is_not_undone(database) {
        let install = Install::on(database, &["warehouse"]);
        let (daemon, source) = serve(&install).await;
        let api = &daemon.api;
        stock(api, &source, &[("A", 10), ("B", 5), ("C", 3), ("D", 1)]).await;
        let new = json!({ "source_id": source, "note": "Yearly" });
        let take = api.post("/stock-takes", new.clone()).await.expect(201);
        let path = format!("/stock-takes/{}", take["id"].as_str().unwrap());
        let twice = api.post("/stock-takes", new).await.expect(409);
        assert!(twice["detail"].as_str().unwrap().contains("is under way"), "{twice}");

        let counts = json!({ "counts": [counted("A", 8), counted("B", 5), counted("NEW", 2), counted("D", -1)] });
        let told = api.put(&format!("{path}/counts"), counts).await.expect(200);
        let numbers: Vec<_> = told["counts"].as_array().unwrap().iter().map(|count| (&count["held"], &count["difference"])).collect();
        let expected = [(json!(10), json!(-2)), (json!(5), json!(0)), (json!(0), json!(2)), (Value::Null, Value::Null)];
        assert!(numbers.into_iter().eq(expected.iter().map(|(held, difference)| (held, difference))), "{told}");
        assert_eq!(told["counts"][3]["reason"], "there cannot be less than none");

        let sold = json!({ "adjustments": [{ "sku": "A", "change": "adjust", "quantity": -1 }] });
        api.post(&format!("/inventory-sources/{source}/adjustments"), sold).await.expect(200);
        let rest = api.get(&format!("{path}/uncounted")).await;
        assert_eq!(rest["items"], json!([{ "sku": "C", "on_hand": 3 }, { "sku": "D", "on_hand": 1 }]));
        let differ = api.get(&format!("{path}/counts?show=differences&limit=1")).await;
        assert_eq!((&differ["items"][0]["sku"], differ["items"].as_array().unwrap().len()), (&json!("A"), 1));
        let cursor = differ["next_cursor"].as_str().unwrap();
        let differ = api.get(&format!("{path}/counts?show=differences&limit=1&cursor={cursor}")).await;
        assert_eq!((&differ["items"][0]["sku"], &differ["next_cursor"]), (&json!("NEW"), &Value::Null));

        let done = api.post(&format!("{path}/commit?uncounted=zero"), json!({})).await.expect(200);
        let totals = json!({ "counts": 5, "differences": 4, "more": 2, "fewer": 6, "written": 4, "not_written": 0 });
        assert_eq!((&done["state"], &done["totals"]), (&json!("committed"), &totals));
        for (sku, on_hand) in [("A", 7), ("B", 5), ("NEW", 2), ("C", 0), ("D", 0)] {
            let level = api.get(&format!("/inventory-sources/{source}/levels?sku={sku}")).await;
            assert_eq!(level["items"][0]["on_hand"], on_hand, "{sku}: {level}");
        }
        let ledger = api.get(&format!("/inventory-sources/{source}/ledger?sku=A")).await;
        let entry = &ledger["items"][0];
        assert_eq!((&entry["reason"], &entry["note"], &entry["author"]), (&json!("stock_take"), &json!("counted 8, held 10"), &json!("admin")));
        let late = api.put(&format!("{path}/counts"), json!({ "counts": [counted("A", 1)] })).await.expect(409);
        assert_eq!(late["detail"], "this stock take is committed");
        api.post(&format!("{path}/commit"), json!({})).await.expect(409);
        let happened = api.get("/activity?kind=stock_take_committed").await;
        assert_eq!(happened["items"][0]["details"]["differences"], 4, "{happened}");
        assert!(daemon.end().await.success());
        install.run(&["warehouse", "verify"]).expect(0);
    }

    async fn a_commit_that_was_cut_off_goes_on_and_writes_nothing_twice(database) {
        let install = Install::on(database, &["warehouse"]);
        let (daemon, source) = serve(&install).await;
        let skus: Vec<String> = (0..ARTICLES).map(|number| format!("A-{number:04}")).collect();
        let take = daemon.api.post("/stock-takes", json!({ "source_id": source })).await.expect(201);
        let path = format!("/stock-takes/{}", take["id"].as_str().unwrap());
        for skus in skus.chunks(1_000) {
            let all: Vec<(&str, i64)> = skus.iter().map(|sku| (sku.as_str(), 5)).collect();
            stock(&daemon.api, &source, &all).await;
            let counts: Vec<Value> = skus.iter().map(|sku| counted(sku, 7)).collect();
            daemon.api.put(&format!("{path}/counts"), json!({ "counts": counts })).await.expect(200);
        }
        let commit = format!("{path}/commit");
        let away = daemon.api.request(reqwest::Method::POST, &commit).send();
        let away = tokio::spawn(away);
        find("a first part that is written", async || {
            let take = daemon.api.get(&path).await;
            (take["totals"]["written"].as_u64().unwrap() > 0).then_some(())
        }).await;
        daemon.kill();
        let _ = away.await;

        let daemon = install.serve().await;
        daemon.api.until(&daemon.api.connection("Own warehouse").await, "ready").await;
        let before = daemon.api.get(&path).await;
        if before["state"] != "committed" {
            assert_eq!(before["state"], "committing", "{before}");
            daemon.api.post(&commit, json!({})).await.expect(200);
        }
        let done = daemon.api.get(&path).await;
        assert_eq!((&done["state"], &done["totals"]["written"]), (&json!("committed"), &json!(ARTICLES)), "{done}");
        for sku in [&skus[0], &skus[499], &skus[500], &skus[ARTICLES - 1]] {
            let ledger = daemon.api.get(&format!("/inventory-sources/{source}/ledger?sku={sku}")).await;
            assert_eq!(ledger["items"].as_array().unwrap().len(), 2, "{sku}: {ledger}");
        }
        assert!(daemon.end().await.success());
        install.run(&["warehouse", "verify"]).expect(0);
        let levels = install.exported();
        let wrong = skus.iter().filter(|sku| levels[*sku] != 7);
        let wrong: Vec<_> = wrong.map(|sku| &levels[sku]).take(3).collect();
        assert!(wrong.is_empty(), "each difference once: {wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stock_take_is_done_by_command() {
    let install = Install::with(&["warehouse"]);
    let (daemon, source) = serve(&install).await;
    stock(&daemon.api, &source, &[("A", 4), ("B", 1)]).await;
    assert!(daemon.end().await.success());
    let begun = install.run(&["stock-take", "start", "Main warehouse", "--json"]);
    let id = begun.expect(0).json()["id"].as_str().unwrap().to_owned();
    install
        .run(&["stock-take", "start", "Main warehouse"])
        .expect(64);
    install.run(&["stock-take", "count", &id, "A=3"]).expect(0);
    install.put("counts.csv", "sku,counted\nB,1\nN,2\n");
    install
        .run(&["stock-take", "count", &id, "--file", "counts.csv"])
        .expect(0);
    let shown = install.run(&["stock-take", "show", &id, "--csv", "--differences"]);
    let shown = shown.expect(0).stdout;
    let rows: Vec<&str> = shown
        .lines()
        .map(|line| &line[..line.len().min(10)])
        .collect();
    assert_eq!(rows, ["sku,locati", "A,,3,4,-1,", "N,,2,0,2,2"], "{shown}");
    let done = install.run(&["stock-take", "commit", &id]).expect(0);
    assert!(done.stdout.contains("2 written"), "{}", done.stdout);
    install.run(&["stock-take", "cancel", &id]).expect(64);
    let listed = install
        .run(&["stock-take", "list", "--json"])
        .expect(0)
        .json();
    assert_eq!(listed[0]["state"], "committed", "{listed}");
    install.run(&["warehouse", "verify"]).expect(0);
    let levels = install.exported();
    assert_eq!((&levels["A"], &levels["N"]), (&json!(3), &json!(2)));
}

fn counted(sku: &str, counted: i64) -> Value {
    json!({ "sku": sku, "counted": counted })
}

async fn stock(api: &Api, source: &str, stock: &[(&str, i64)]) {
    let one = |(sku, quantity): &(&str, i64)| json!({ "sku": sku, "change": "set", "quantity": quantity });
    let all: Vec<Value> = stock.iter().map(one).collect();
    let path = format!("/inventory-sources/{source}/adjustments");
    api.post(&path, json!({ "adjustments": all }))
        .await
        .expect(200);
}

async fn serve(install: &Install) -> (Daemon, String) {
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
    let source = daemon.api.source("Main warehouse").await;
    (daemon, source)
}

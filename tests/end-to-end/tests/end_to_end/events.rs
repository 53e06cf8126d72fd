//! Programs are told what changes, through everything that can happen to the daemon and to them.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Install, on_both_engines};

on_both_engines! {
    async fn a_reader_that_comes_back_after_a_kill_misses_nothing(database) {
        let install = Install::on(database, &["push"]);
        let daemon = install.serve().await;
        let acme = install.partner(&daemon, "Acme").await;
        let mut messages = daemon.api.follow("", None).await;
        let mut last = messages.expect("stream.ready").await.id;
        let mut told = BTreeMap::new();
        for number in 0..20 {
            push(&acme, number).await;
        }
        for _ in 0..5 {
            let message = messages.expect("stock.changed").await;
            keep(&mut told, &message.data);
            last = message.id;
        }
        daemon.kill();
        let daemon = install.serve().await;
        let acme = acme.at(&daemon.api);
        for number in 20..40 {
            push(&acme, number).await;
        }
        let mut messages = daemon.api.follow("", Some(&last)).await;
        assert_eq!(messages.expect("stream.ready").await.id, last);
        let mut next: u64 = last.parse().unwrap();
        while told.len() < 40 {
            let message = messages.next().await.expect("no end");
            next += 1;
            assert_eq!(message.id, next.to_string(), "{message:?}");
            if message.event == "stock.changed" {
                keep(&mut told, &message.data);
            }
        }
        let expected: BTreeMap<String, i64> = (0..40).map(|number| (sku(number), number)).collect();
        assert_eq!(told, expected);
    }

    async fn an_order_whose_answer_turns_and_a_source_that_fails_are_told(database) {
        let install = Install::on(database, &["push"]);
        let daemon = install.serve().await;
        let acme = install.partner(&daemon, "Acme").await;
        push(&acme, 5).await;
        let hall = daemon.api.ship_from("Hall", "main").await;
        let mut messages = daemon.api.follow("?types=order.verdict_changed,source.unavailable,source.recovered", None).await;
        messages.expect("stream.ready").await;
        let lines = json!([{ "sku": sku(5), "quantity": 3 }]);
        daemon.api.order("4711", &hall, lines).await;
        let first = messages.expect("order.verdict_changed").await.data["data"].clone();
        assert_eq!((&first["order_number"], &first["before"], &first["verdict"]), (&json!("4711"), &Value::Null, &json!("can_ship")));
        let level = json!({ "sku": sku(5), "available": 1 });
        acme.put("/partner/levels", level).await.expect(200);
        let turned = messages.expect("order.verdict_changed").await.data["data"].clone();
        assert_eq!((&turned["before"], &turned["verdict"]), (&json!("can_ship"), &json!("short")));
        assert_eq!(turned["lines"][0], json!({ "sku": sku(5), "requested": 3, "available": 1, "status": "short" }));

        pause(&daemon.api, true).await;
        let down = messages.expect("source.unavailable").await.data["data"].clone();
        assert_eq!(down["source_id"], json!(daemon.api.source("main").await));
        assert_eq!((&down["name"], &down["reason"]), (&json!("main"), &json!("the connection is paused")));
        pause(&daemon.api, false).await;
        let up = messages.expect("source.recovered").await.data["data"].clone();
        assert_eq!((&up["source_id"], &up["since"]), (&down["source_id"], &down["since"]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_stops_says_where_to_go_on() {
    let install = Install::with(&["push"]);
    let daemon = install.serve().await;
    let mut messages = daemon.api.follow("", None).await;
    let ready = messages.expect("stream.ready").await;
    daemon.signal("-TERM");
    let ending = messages.expect("stream.ending").await;
    assert_eq!(ending.id, ready.id);
    assert!(daemon.end().await.success());
}

fn sku(number: i64) -> String {
    format!("S-{number}")
}

async fn push(partner: &Api, number: i64) {
    let level = json!({ "sku": sku(number), "available": number });
    partner.put("/partner/levels", level).await.expect(200);
}

/// Keeps what a change says of each SKU.
fn keep(told: &mut BTreeMap<String, i64>, event: &Value) {
    for level in event["data"]["levels"].as_array().unwrap() {
        let sku = level["sku"].as_str().unwrap().to_owned();
        told.insert(sku, level["after"]["available"].as_i64().unwrap());
    }
}

async fn pause(api: &Api, paused: bool) {
    let path = format!("/connections/{}", api.connection("Acme").await);
    let version = api.get(&path).await["version"].clone();
    let change = api.request(Method::PATCH, &path);
    let change = change.header("if-match", format!("\"{version}\""));
    let change = change.json(&json!({ "paused": paused }));
    api.send(change).await.expect(200);
}

//! A partner's system pushes its levels with a key that was made for it, and that is all it takes.

use std::sync::Arc;
use std::time::Duration;

use bestand::connection::state::{ConnectionState, Status};
use bestand::id::ConnectionId;
use bestand::partner::{PLACE_DEFAULT, Partners};
use bestand_plugin_api::{Quantities, Quantity, Sku, StockLevel};
use reqwest::{Body, Method};
use serde_json::{Value, json};

use crate::support::{Api, Install, Life, Site, on_both_engines};

on_both_engines! {
    async fn the_first_push_makes_the_heading_and_the_sources_and_nothing_else(database) {
        let install = Install::on(database, &["push", "warehouse"]);
        let daemon = install.serve().await;
        let acme = install.partner(&daemon, "Acme Goods").await;
        assert!(headings(&daemon.api).await.is_empty());

        let places = json!({ "locations": [{ "id": "b", "name": "Berlin" }] });
        let told = acme.put("/partner/locations", places).await.expect(200);
        assert_eq!(told["items"][0]["name"], "Berlin");
        let levels = json!([
            { "sku": "TEA-1", "location": "b", "available": 3, "on_hand": 5 },
            { "sku": "CUP-2", "location": "p", "available": "2.5" },
        ]);
        let report = acme.put("/partner/levels", levels).await.expect(200);
        assert_eq!(report["results"], json!(["changed", "changed"]));

        assert_eq!(headings(&daemon.api).await, [("Acme Goods".into(), vec!["Berlin".into(), "p".into()])]);
        let source = daemon.api.source("Berlin").await;
        let source = daemon.api.get(&format!("/inventory-sources/{source}")).await;
        assert_eq!((&source["status"], &source["listed_at"]), (&json!("ready"), &Value::Null), "nothing is to be listed");
        daemon.api.ship_from("Hall", "Berlin").await;
        let line = daemon.api.stored("TEA-1").await;
        assert_eq!((&line["status"], &line["on_hand"]), (&json!("in_stock"), &json!(5)));
        let connections = daemon.api.get("/connections").await;
        assert_eq!(connections["items"].as_array().unwrap().len(), 1);
        assert_eq!(connections["items"][0]["partner"], "Acme Goods");
    }

    async fn a_partner_sees_and_changes_what_is_its_own_only(database) {
        let install = Install::on(database, &["push"]);
        let daemon = install.serve().await;
        let acme = install.partner(&daemon, "Acme Goods").await;
        let other = install.partner(&daemon, "Other Inc.").await;
        let level = json!([{ "sku": "TEA-1", "available": 3 }]);
        acme.put("/partner/levels", level.clone()).await.expect(200);
        let ours = daemon.api.source("main").await;
        let theirs = format!("/inventory-sources/{ours}/levels?sku=TEA-1");
        assert_eq!(other.ask(Method::GET, &theirs, None).await.status, 404);
        assert!(headings(&other).await.is_empty());
        assert_eq!(headings(&acme).await.len(), 1);
        // The same place and SKU of another partner is another level.
        let zero = json!([{ "sku": "TEA-1", "available": 0 }]);
        other.put("/partner/levels", zero).await.expect(200);
        assert_eq!(acme.get(&theirs).await["items"][0]["available"], 3);
        let no_partner = daemon.api.put("/partner/levels", level).await.expect(403);
        assert!(no_partner["detail"].as_str().unwrap().contains("made for a partner"), "{no_partner}");
    }

    async fn of_two_levels_the_partners_own_time_or_version_decides(database) {
        let install = Install::on(database, &["push"]);
        let daemon = install.serve().await;
        let acme = install.partner(&daemon, "Acme").await;
        let push = async |available: u32, more: Value| {
            let mut level = json!({ "sku": "TEA-1", "available": available });
            level.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            acme.put("/partner/levels", level).await.expect(200)["results"][0].clone()
        };
        assert_eq!(push(5, json!({ "as_of": "2026-01-01T12:00:00Z" })).await, "changed");
        assert_eq!(push(9, json!({ "as_of": "2026-01-01T11:59:59Z" })).await, "older");
        assert_eq!(push(5, json!({ "as_of": "2026-01-01T12:00:00Z" })).await, "confirmed");
        assert_eq!(push(6, json!({ "as_of": "2026-01-01T12:00:01Z", "version": 7 })).await, "changed");
        assert_eq!(push(8, json!({ "version": 6 })).await, "older", "however late it comes");
        let source = daemon.api.source("main").await;
        let levels = daemon.api.get(&format!("/inventory-sources/{source}/levels?sku=TEA-1")).await;
        assert_eq!(levels["items"][0]["available"], 6);
    }

    async fn a_line_that_cannot_be_read_costs_itself_among_a_hundred_thousand(database) {
        let install = Install::on(database, &["push"]);
        let daemon = install.serve().await;
        let acme = install.partner(&daemon, "Acme").await;
        let mut lines: Vec<String> = (0..100_000)
            .map(|number| json!({ "sku": format!("S-{number:06}"), "available": number }).to_string())
            .collect();
        lines[49_999] = "{\"sku\": \"S-049999\", \"available\":".into();
        lines[70_000] = json!({ "sku": "S-070000", "available": 1, "colour": "red" }).to_string();
        let report = acme.send(ndjson(&acme, lines.join("\n"))).await.expect(200);
        let counts = ["received", "changed", "refused"].map(|name| report[name].clone());
        assert_eq!(counts, [json!(100_000), json!(99_998), json!(2)], "{report:#}");
        assert_eq!(report["refusals"][0]["line"], 50_000);
        assert!(report["refusals"][1]["reason"].as_str().unwrap().contains("colour"), "{report:#}");
        // The same again changes nothing, and says so of each line.
        let again = ndjson(&acme, lines.join("\n")).header("accept", "application/x-ndjson");
        let text = again.send().await.unwrap().text().await.unwrap();
        let results: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(results.len(), 100_000);
        assert_eq!(results[0], json!({ "position": 1, "result": "confirmed" }));
        assert_eq!((&results[49_999]["result"], &results[70_000]["position"]), (&json!("refused"), &json!(70_001)));
        let source = daemon.api.source("main").await;
        assert_eq!(daemon.api.get(&format!("/inventory-sources/{source}")).await["levels"], 99_998);
    }

    async fn what_was_acknowledged_survives_a_kill(database) {
        let install = Install::on(database, &["push"]);
        let daemon = install.serve().await;
        let acme = install.partner(&daemon, "Acme").await;
        for number in 0..50 {
            let level = json!({ "sku": format!("S-{number}"), "available": number });
            acme.put("/partner/levels", level).await.expect(200);
        }
        daemon.kill();
        let daemon = install.serve().await;
        daemon.api.ship_from("Hall", "main").await;
        for number in [0, 25, 49] {
            assert_eq!(daemon.api.stored(&format!("S-{number}")).await["available"], number);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_no_json_in_the_middle_of_a_million_costs_itself() {
    let install = Install::with(&["push"]);
    let daemon = install.serve().await;
    let acme = install.partner(&daemon, "Acme").await;
    let line = |number: u32| match number {
        500_000 => "this is no JSON\n".to_owned(),
        _ => format!("{{\"sku\":\"S-{number:07}\",\"available\":{number}}}\n"),
    };
    let piece = move |start: u32| (start..start + 10_000).map(line).collect::<String>();
    let pieces = (0..100).map(move |part| Ok::<_, std::io::Error>(piece(part * 10_000)));
    let body = Body::wrap_stream(futures::stream::iter(pieces));
    let report = acme.send(ndjson(&acme, body)).await.expect(200);
    let counts = ["received", "changed", "refused"].map(|name| report[name].clone());
    assert_eq!(counts, [json!(1_000_000), json!(999_999), json!(1)]);
    assert_eq!(report["refusals"][0]["line"], 500_001);
    let source = daemon.api.source("main").await;
    let path = format!("/inventory-sources/{source}");
    assert_eq!(daemon.api.get(&path).await["levels"], 999_999);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_stream_keeps_its_whole_levels_and_hurts_nobody() {
    let install = Install::with(&["push"]);
    let daemon = install.serve().await;
    let acme = install.partner(&daemon, "Acme").await;
    let cut_off = r#"[{"sku":"A","available":1},{"sku":"B","available":2},{"sku":"C","#;
    let report = acme.send(
        acme.request(Method::PUT, "/partner/levels")
            .header("content-type", "application/json")
            .body(cut_off),
    );
    let report = report.await.expect(200);
    assert_eq!(
        (&report["changed"], &report["refused"]),
        (&json!(2), &json!(1))
    );
    assert!(
        report["refusals"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("cut off"),
        "{report:#}"
    );

    let pieces = [
        Ok("{\"sku\":\"D\",\"available\":4}\n"),
        Err(std::io::Error::other("the sender is gone")),
    ];
    let broken = ndjson(&acme, Body::wrap_stream(futures::stream::iter(pieces)))
        .send()
        .await;
    assert!(broken.is_err(), "it was never answered");
    let next = acme
        .put("/partner/levels", json!({ "sku": "E", "available": 5 }))
        .await
        .expect(200);
    assert_eq!(next["changed"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_adapter_that_takes_pushes_the_sender_is_told_what_is_missing() {
    let install = Install::with(&["warehouse"]);
    let daemon = install.serve().await;
    let acme = install.partner(&daemon, "Acme").await;
    let refused = acme
        .put("/partner/levels", json!({ "sku": "A", "available": 1 }))
        .await
        .expect(409);
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("no adapter that takes pushes"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_partner_is_turned_away_and_what_is_known_stays() {
    let install = Install::with(&["push"]);
    let daemon = install.serve().await;
    let acme = install.partner(&daemon, "Acme").await;
    let level = json!({ "sku": "A", "available": 1 });
    acme.put("/partner/levels", level.clone()).await.expect(200);
    let path = format!("/connections/{}", daemon.api.connection("Acme").await);
    let pause = daemon
        .api
        .request(Method::PATCH, &path)
        .header("if-match", "\"1\"");
    daemon
        .api
        .send(pause.json(&json!({ "paused": true })))
        .await
        .expect(200);
    let refused = acme.put("/partner/levels", level).await.expect(409);
    assert!(
        refused["detail"].as_str().unwrap().contains("paused"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_that_stops_pushing_is_shown_as_silent_until_it_pushes_again() {
    let site = Site::with(&["push"]);
    let life = site.start().await;
    let partners = Partners::new(
        life.db.clone(),
        life.book.clone(),
        life.clock.clone(),
        life.connections.clone(),
    );
    let name: Arc<str> = "Acme".into();
    let push = async || {
        let mut push = partners
            .begin(life.account, &name, "their key")
            .await
            .unwrap();
        let quantities = Quantities::available(Quantity::units(1));
        let level = StockLevel::counted(
            Sku::new("A").unwrap(),
            PLACE_DEFAULT.into(),
            quantities,
            push.now(),
        );
        push.levels(vec![level]).await.unwrap();
        push.take_made()
    };
    let connection = push().await.expect("the first push makes it").id;
    listening(&life, connection).await;
    life.clock.advance(Duration::from_secs(59 * 60));
    assert!(push().await.is_none());
    life.clock.advance(Duration::from_secs(59 * 60));
    assert!(matches!(
        life.connections.status(connection).unwrap().state,
        ConnectionState::Ready
    ));
    life.clock.advance(Duration::from_secs(60));
    let reason = life.degraded(connection).await;
    assert!(
        reason.contains("`Acme` has pushed nothing since"),
        "{reason}"
    );
    push().await;
    listening(&life, connection).await;
}

/// Waits until nothing is amiss with the connection, to which nothing is ever synced.
async fn listening(life: &Life, connection: ConnectionId) {
    let is_ready = |status: &Status| status.state == ConnectionState::Ready;
    life.until(connection, "ready", is_ready).await;
}

fn ndjson(api: &Api, body: impl Into<Body>) -> reqwest::RequestBuilder {
    let request = api.request(Method::PUT, "/partner/levels");
    request
        .header("content-type", "application/x-ndjson")
        .body(body)
}

/// The headings, each with the names of its sources.
async fn headings(api: &Api) -> Vec<(String, Vec<String>)> {
    let all = api.get("/inventory-sources").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let groups = all["groups"].as_array().unwrap().iter();
    let sources = |group: &Value| {
        let sources = group["sources"].as_array().unwrap().iter();
        sources.map(|source| text(&source["name"])).collect()
    };
    groups
        .map(|group| (text(&group["heading"]), sources(group)))
        .collect()
}

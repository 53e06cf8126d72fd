//! Several sources as one: added up, or each standing in for the one before it, by the real program and library.

use std::time::{Duration, Instant};

use bestand::account::Account;
use bestand::clock::Clock;
use bestand::connection::{Connection, Origin};
use bestand::id::{ConnectionId, SourceId};
use bestand::store::{self, Db};
use bestand_plugin_api::Location;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Api, Daemon, Install, find, on_both_engines};

/// A daemon with two partners that push, each with a source of its own, and what is made of both.
struct Pair {
    daemon: Daemon,
    east: Api,
    west: Api,
    /// The ids of their sources.
    ids: [String; 2],
}

on_both_engines! {
    async fn a_push_to_a_part_shows_at_once_in_the_sum_and_says_where_it_comes_from(database) {
        let install = Install::on(database, &["push", "combined"]);
        let pair = Pair::start(&install).await;
        pair.push(&pair.east, "TEA-1", 3, None).await;
        pair.push(&pair.west, "TEA-1", 4, None).await;
        pair.combine("Both", json!({ "mode": "sum" })).await;
        let place = pair.daemon.api.ship_from("Hall", "Both").await;
        let line = pair.line(&place, "TEA-1", 5).await;
        assert_eq!((&line["status"], &line["available"]), (&json!("in_stock"), &json!(7)), "{line:#}");
        assert_eq!(from(&line), [("East".into(), json!(3), true), ("West".into(), json!(4), true)]);
        assert_eq!(line["from"][0]["source_id"], pair.ids[0]);
        for number in [10, 0, 25] {
            pair.push(&pair.west, "TEA-1", number, None).await;
            assert_eq!(pair.line(&place, "TEA-1", 1).await["available"], 3 + number);
        }
        // What is stored follows, for lists and pages.
        let stored = json!({ "items": [{ "sku": "TEA-1", "quantity": 1 }], "live": false });
        find("the new sum in the book", async || {
            let answer = pair.daemon.api.post("/availability", stored.clone()).await.expect(200);
            (answer["lines"][0]["available"] == 28).then_some(())
        })
        .await;
        let source = pair.daemon.api.source("Both").await;
        let levels = pair.daemon.api.get(&format!("/inventory-sources/{source}/levels?sku=TEA-1")).await;
        assert_eq!(levels["items"][0]["from"][1]["available"], 25, "{levels:#}");
        pair.daemon.api.order("1", &place, json!([{ "sku": "TEA-1", "quantity": 28 }])).await;
        let order = pair.daemon.api.get("/orders/1").await;
        assert_eq!(order["verdict"], "can_ship", "{order:#}");
        assert_eq!(order["lines"][0]["stock"]["from"][1]["name"], "West");
    }

    async fn unknown_is_not_zero_in_a_sum(database) {
        let install = Install::on(database, &["push", "combined"]);
        let pair = Pair::start(&install).await;
        pair.push(&pair.east, "TEA-1", 3, None).await;
        pair.push(&pair.west, "OTHER", 1, None).await;
        pair.combine("All", json!({ "mode": "sum" })).await;
        pair.combine("Known", json!({ "mode": "sum", "require_all": false })).await;
        let all = pair.daemon.api.ship_from("All", "All").await;
        let line = pair.line(&all, "TEA-1", 1).await;
        assert_eq!((&line["status"], &line["cause"]), (&json!("unavailable"), &json!("incomplete")), "{line:#}");
        assert_eq!(line["available"], Value::Null);
        let reason = line["reason"].as_str().unwrap();
        assert!(reason.contains("`West`"), "it names the source: {reason}");
        let known = pair.daemon.api.ship_from("Known", "Known").await;
        let line = pair.line(&known, "TEA-1", 1).await;
        assert_eq!((&line["status"], &line["available"]), (&json!("in_stock"), &json!(3)), "{line:#}");
        assert_eq!(from(&line)[1], ("West".into(), Value::Null, false));
    }

    async fn a_source_that_is_short_stale_or_down_is_answered_by_the_next(database) {
        let install = Install::on(database, &["push", "combined"]);
        let pair = Pair::start(&install).await;
        pair.push(&pair.east, "TEA-1", 5, None).await;
        pair.push(&pair.west, "TEA-1", 9, None).await;
        pair.combine("First", json!({ "mode": "fallback" })).await;
        let place = pair.daemon.api.ship_from("Hall", "First").await;
        let answered_by = async |needed: u32| {
            let line = pair.line(&place, "TEA-1", needed).await;
            let used = from(&line).into_iter().find(|(_, _, used)| *used);
            let causes = [0, 1].map(|at| line["from"][at]["cause"].clone());
            (used.expect("a source").0, line["status"].clone(), causes)
        };
        let (is, not_needed) = (json!("in_stock"), json!("not_needed"));
        assert_eq!(answered_by(5).await, ("East".into(), is.clone(), [Value::Null, not_needed.clone()]));
        assert_eq!(answered_by(6).await, ("West".into(), is.clone(), [json!("short"), Value::Null]));
        assert_eq!(answered_by(10).await.1, "short");
        // A list, where nobody asks live, says the same of what can ship.
        pair.daemon.api.order("1", &place, json!([{ "sku": "TEA-1", "quantity": 6 }])).await;
        let listed = pair.daemon.api.get("/orders").await;
        assert_eq!(listed["items"][0]["verdict"], "can_ship", "{listed:#}");
        // Stale: the partner itself says that its number is old.
        pair.push(&pair.east, "OLD", 5, Some("2026-01-01T12:00:00Z")).await;
        pair.push(&pair.west, "OLD", 2, None).await;
        let line = pair.line(&place, "OLD", 1).await;
        assert_eq!((&line["available"], &line["from"][0]["cause"]), (&json!(2), &json!("stale")), "{line:#}");
        assert_eq!(line["stale"], false);
        // Down: the operator has stopped it. Lists follow, though nothing is counted anew.
        pair.push(&pair.west, "TEA-1", 4, None).await;
        pair.daemon.api.order("2", &place, json!([{ "sku": "TEA-1", "quantity": 5 }])).await;
        let listed_as = async |verdict: &str| {
            find(verdict, async || {
                let listed = pair.daemon.api.get("/orders").await;
                let orders = listed["items"].as_array().unwrap();
                let second = orders.iter().find(|order| order["order_number"] == "2").unwrap();
                (second["verdict"] == verdict).then_some(())
            })
            .await;
        };
        listed_as("can_ship").await;
        pair.patch(&pair.connection("East").await, json!({ "paused": true })).await.expect(200);
        assert_eq!(answered_by(1).await, ("West".into(), is.clone(), [json!("down"), Value::Null]));
        listed_as("short").await;
        pair.patch(&pair.connection("East").await, json!({ "paused": false })).await.expect(200);
        listed_as("can_ship").await;
        find("East again", async || (answered_by(1).await.0 == "East").then_some(())).await;
    }

    async fn a_part_that_is_removed_is_gone_and_the_others_go_on(database) {
        let install = Install::on(database, &["push", "combined"]);
        let pair = Pair::start(&install).await;
        pair.push(&pair.east, "TEA-1", 5, None).await;
        pair.push(&pair.west, "TEA-1", 9, None).await;
        pair.combine("First", json!({ "mode": "fallback" })).await;
        pair.combine("Both", json!({ "mode": "sum" })).await;
        let first = pair.daemon.api.ship_from("First", "First").await;
        let both = pair.daemon.api.ship_from("Both", "Both").await;
        let east = pair.connection("East").await;
        let remove = pair.daemon.api.request(Method::DELETE, &format!("/connections/{east}"));
        let tag = pair.tag(&east).await;
        pair.daemon.api.send(remove.header("if-match", tag)).await.expect(204);
        let line = pair.line(&first, "TEA-1", 1).await;
        assert_eq!((&line["available"], &line["from"][0]["cause"]), (&json!(9), &json!("gone")), "{line:#}");
        assert_eq!(pair.line(&both, "TEA-1", 1).await["status"], "unavailable");
        // Also after a restart: what is gone is told, and is no reason for the connection to stop.
        let Pair { daemon, .. } = pair;
        daemon.end().await;
        let daemon = install.serve().await;
        let connection = daemon.api.connection("First").await;
        let shown = daemon.api.until(&connection, "ready").await;
        let warnings = shown["status"]["warnings"].to_string();
        assert!(warnings.contains("no longer there"), "{warnings}");
        let items = json!({ "ship_from_location_id": first, "items": [{ "sku": "TEA-1", "quantity": 1 }] });
        let answer = daemon.api.post("/availability", items).await.expect(200);
        assert_eq!(answer["lines"][0]["available"], 9, "{answer:#}");
    }

    async fn what_would_be_made_of_itself_is_refused_also_through_others(database) {
        let install = Install::on(database, &["push", "combined"]);
        let pair = Pair::start(&install).await;
        pair.push(&pair.east, "TEA-1", 3, None).await;
        pair.push(&pair.west, "TEA-1", 4, None).await;
        let first = pair.combine("One", json!({ "mode": "sum" })).await;
        let one = pair.daemon.api.source("One").await;
        let of = |sources: Vec<&String>| json!({ "settings": { "sources": sources, "mode": "sum" } });
        let own = pair.patch(&first, of(vec![&pair.ids[0], &one])).await.expect(422);
        assert_eq!(own["errors"][0]["field"], "settings.sources.1", "{own:#}");
        assert!(own["errors"][0]["reason"].as_str().unwrap().contains("made of this connection's own"), "{own:#}");
        // A sum of a sum is none of itself; the first may not be made of it in turn.
        let mut above = one.clone();
        for name in ["Two", "Three", "Four"] {
            pair.combine_of(name, vec![&above, &pair.ids[1]]).await;
            above = pair.daemon.api.source(name).await;
        }
        pair.patch(&first, of(vec![&above])).await.expect(422);
        let too_deep = json!({ "name": "Five", "adapter": "combined", "settings": { "sources": [above], "mode": "sum" } });
        let too_deep = pair.daemon.api.post("/connections", too_deep).await.expect(422);
        assert!(too_deep["errors"][0]["reason"].as_str().unwrap().contains("too many steps"), "{too_deep:#}");
        // What changes at the very bottom reaches the top.
        let place = pair.daemon.api.ship_from("Top", "Four").await;
        pair.push(&pair.west, "TEA-1", 10, None).await;
        find("the new sum of sums", async || {
            (pair.line(&place, "TEA-1", 1).await["available"] == 3 + 4 * 10).then_some(())
        })
        .await;
    }

    async fn a_source_that_is_not_the_accounts_is_not_found(database) {
        let install = Install::on(database, &["push", "combined"]);
        let pair = Pair::start(&install).await;
        pair.push(&pair.east, "TEA-1", 3, None).await;
        pair.push(&pair.west, "TEA-1", 3, None).await;
        let theirs = source_of_another_account(&install.database.url).await.to_string();
        for id in [theirs.as_str(), "019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90", "east"] {
            let new = json!({ "name": "Theirs", "adapter": "combined", "settings": { "sources": [id], "mode": "sum" } });
            let refused = pair.daemon.api.post("/connections", new).await.expect(422);
            assert_eq!(refused["errors"][0]["field"], "settings.sources.0");
            let reason = refused["errors"][0]["reason"].as_str().unwrap();
            assert!(reason.contains("no such inventory source"), "{reason}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_through_it_is_a_matter_of_milliseconds() {
    let install = Install::with(&["push", "combined"]);
    let pair = Pair::start(&install).await;
    pair.push(&pair.east, "TEA-1", 3, None).await;
    pair.push(&pair.west, "TEA-1", 4, None).await;
    pair.combine("Both", json!({ "mode": "sum" })).await;
    let place = pair.daemon.api.ship_from("Hall", "Both").await;
    let mut took = Vec::new();
    for _ in 0..200 {
        let began = Instant::now();
        assert_eq!(pair.line(&place, "TEA-1", 1).await["available"], 7);
        took.push(began.elapsed());
    }
    took.sort();
    // Unoptimised and with HTTP around it; what would be seen is a question to a store, or a wait.
    assert!(
        took[100] < Duration::from_millis(50),
        "the median is {:?}",
        took[100]
    );
    println!("median {:?}, p99 {:?}", took[100], took[198]);
}

// === impl Pair ===

impl Pair {
    async fn start(install: &Install) -> Self {
        let daemon = install.serve().await;
        let east = install.partner(&daemon, "East").await;
        let west = install.partner(&daemon, "West").await;
        let mut ids = [String::new(), String::new()];
        for ((api, name), id) in [(&east, "East"), (&west, "West")].into_iter().zip(&mut ids) {
            let places = json!({ "locations": [{ "id": "main", "name": name }] });
            api.put("/partner/locations", places).await.expect(200);
            *id = daemon.api.source(name).await;
        }
        Self {
            daemon,
            east,
            west,
            ids,
        }
    }

    async fn push(&self, partner: &Api, sku: &str, available: u32, as_of: Option<&str>) {
        let mut level = json!({ "sku": sku, "location": "main", "available": available });
        if let Some(as_of) = as_of {
            level["as_of"] = as_of.into();
        }
        partner
            .put("/partner/levels", json!([level]))
            .await
            .expect(200);
    }

    /// Makes a connection over both, and answers its id once it is synced.
    async fn combine(&self, name: &str, more: Value) -> String {
        let mut settings = json!({ "sources": self.ids });
        settings
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.make(name, settings).await
    }

    async fn combine_of(&self, name: &str, sources: Vec<&String>) -> String {
        self.make(name, json!({ "sources": sources, "mode": "sum" }))
            .await
    }

    async fn make(&self, name: &str, settings: Value) -> String {
        let new = json!({ "name": name, "adapter": "combined", "settings": settings });
        let api = &self.daemon.api;
        let made = api.post("/connections", new).await.expect(201);
        let id = made["id"].as_str().unwrap().to_owned();
        find("its first sync", async || {
            let shown = api.get(&format!("/connections/{id}")).await;
            let is_ready = shown["status"]["state"] == "ready";
            (is_ready && !shown["status"]["last_sync_at"].is_null()).then_some(())
        })
        .await;
        id
    }

    async fn line(&self, place: &str, sku: &str, quantity: u32) -> Value {
        let body = json!({ "ship_from_location_id": place, "items": [{ "sku": sku, "quantity": quantity }] });
        let answer = self.daemon.api.post("/availability", body).await;
        answer.expect(200)["lines"][0].clone()
    }

    async fn connection(&self, name: &str) -> String {
        self.daemon.api.connection(name).await
    }

    async fn tag(&self, connection: &str) -> String {
        let shown = self
            .daemon
            .api
            .get(&format!("/connections/{connection}"))
            .await;
        format!("\"{}\"", shown["version"])
    }

    async fn patch(&self, connection: &str, patch: Value) -> Answer {
        let api = &self.daemon.api;
        let request = api.request(Method::PATCH, &format!("/connections/{connection}"));
        let tag = self.tag(connection).await;
        api.send(request.header("if-match", tag).json(&patch)).await
    }
}

/// The id of a source that somebody else has.
async fn source_of_another_account(url: &str) -> SourceId {
    let db = Db::open(url).await.unwrap();
    let now = Clock::system().now();
    let other = Account::new("other", now);
    store::account::insert(&db, &other).await.unwrap();
    let connection = Connection {
        id: ConnectionId::new(),
        account_id: other.id,
        name: "Theirs".into(),
        adapter: "elsewhere".into(),
        partner: None,
        settings: json!({}),
        origin: Origin::Api,
        paused: true,
        allow_private_network: false,
        sync_interval_secs: None,
        reconcile_secs: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    store::connection::insert(&db, &connection).await.unwrap();
    let places = [Location::site("main", "Theirs")];
    let (account, connection) = (other.id, connection.id);
    let sources = store::source::follow_locations(&db, account, connection, &places, now).await;
    let id = sources.unwrap()[0].id;
    db.close().await.unwrap();
    id
}

/// What each source said: its name, its number, and whether it counts.
fn from(line: &Value) -> Vec<(String, Value, bool)> {
    let parts = line["from"].as_array().expect("what it is made of").iter();
    let told = parts.map(|part| {
        let name = part["name"].as_str().unwrap().to_owned();
        (
            name,
            part["available"].clone(),
            part["used"].as_bool().unwrap(),
        )
    });
    told.collect()
}

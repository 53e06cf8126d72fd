//! Orders are promised their goods at the built-in warehouse: all or nothing, and never the same goods twice.

use std::time::Duration;

use bestand::allocation::{AllocationState, Allocator, Refusal};
use bestand::connection::NewConnection;
use bestand::store;
use bestand_plugin_api::{Quantity, StockChange, StockOperation};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Api, Daemon, FinaleSystem, Install, Site, find, on_both_engines, sku};

/// How many want the last one.
const CLIENTS: usize = 100;

on_both_engines! {
    async fn a_hundred_clients_allocating_the_last_unit_sell_it_once(database) {
        let install = Install::on(database, &["warehouse"]);
        let (daemon, place) = serve(&install).await;
        daemon.api.stock("A", 1).await;
        for number in 0..CLIENTS {
            daemon.api.order(&number.to_string(), &place, json!([line("A", 1)])).await;
        }
        let clients = (0..CLIENTS).map(async |number| daemon.api.alone().allocate(number.to_string()).await);
        let answers = join_all(clients).await;
        let sold = answers.iter().filter(|answer| answer.status == 200).count();
        let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 409).collect();
        assert_eq!((sold, refused.len()), (1, CLIENTS - 1), "{answers:?}");
        assert!(refused[0].body["detail"].as_str().unwrap().contains("`A` cannot be promised"));
        assert_eq!(daemon.api.counts("A").await, (json!(1), json!(1), json!(0)));
        assert!(daemon.end().await.success());
    }

    async fn two_daemons_on_one_database_do_not_sell_it_twice_either(database) {
        let site = Site::on(database, &["warehouse"]);
        let life = site.start().await;
        let connection = life.connected(own()).await;
        let place = life.source(connection.id, "Main warehouse").await;
        let set = StockChange::Set { quantity: Quantity::units(7), expected: None };
        let set = StockOperation::new("set", sku("A"), place.location_id.clone(), set);
        life.connections.write_stock(life.account, "desk", &place, vec![set]).await.unwrap();
        let numbers = life.orders_of(&place, 20).await;
        // As many as there are daemons: each knows nothing of the turns of the others.
        let allocators: Vec<_> = (0..4).map(|_| Allocator::new(life.db.clone(), life.connections.clone())).collect();
        let asked = numbers.iter().enumerate().map(|(index, number)| {
            allocators[index % allocators.len()].allocate(life.account, "desk", number)
        });
        let sold = join_all(asked).await.into_iter().filter(Result::is_ok).count();
        assert_eq!(sold, 7);
        let held = life.level(&place, "A").await.unwrap();
        assert_eq!((held.on_hand, held.allocated), (Some(Quantity::units(7)), Some(Quantity::units(7))));
    }

    async fn what_is_promised_is_deducted_released_or_overridden_with_its_order(database) {
        let install = Install::on(database, &["warehouse"]);
        let (daemon, place) = serve(&install).await;
        let api = &daemon.api;
        api.stock("A", 10).await;
        api.stock("B", 1).await;
        for number in ["ships", "called off", "held", "waits"] {
            api.order(number, &place, json!([line("A", 2)])).await;
        }
        api.order("part", &place, json!([line("A", 1), line("B", 2)])).await;
        for number in ["ships", "called off", "held", "waits"] {
            let allocated = api.allocate(number.to_owned()).await.expect(200);
            assert_eq!((&allocated["allocation"]["state"], &allocated["allocation"]["locked"]), (&json!("allocated"), &json!(true)));
            assert_eq!((&allocated["verdict"], &allocated["lines"][0]["stock"]["cause"]), (&json!("can_ship"), &json!("allocated")));
        }
        assert_eq!(api.counts("A").await, (json!(10), json!(8), json!(2)));
        let part = api.allocate("part".to_owned()).await;
        assert_eq!(part.status, 409, "never a part: {part:?}");
        assert_eq!(api.counts("A").await, (json!(10), json!(8), json!(2)));

        api.put_status("ships", &place, "shipped").await;
        api.put_status("called off", &place, "cancelled").await;
        api.put_status("held", &place, "on_hold").await;
        api.until_counts("A", (json!(8), json!(2), json!(6))).await;
        let shipped = api.get("/orders/ships").await;
        assert_eq!(shipped["allocation"]["state"], json!("deducted"));

        let overridden = api.put("/orders/waits/override", json!({})).await.expect(200);
        assert_eq!((&overridden["allocation"]["state"], &overridden["consequence"]), (&json!("overridden"), &json!("none")));
        api.put_status("waits", &place, "shipped").await;
        api.until_counts("A", (json!(8), json!(0), json!(8))).await;
        assert!(daemon.end().await.success());
    }

    async fn a_kit_is_promised_as_its_components_and_deducted_so(database) {
        let install = Install::on(database, &["warehouse"]);
        let (daemon, place) = serve(&install).await;
        let api = &daemon.api;
        api.stock("A", 13).await;
        api.stock("B", 2).await;
        let kit = json!({ "kits": [{ "sku": "SET", "components": [{ "sku": "A", "quantity": 1 }, { "sku": "B", "quantity": 1 }] }] });
        api.put("/kits", kit).await.expect(200);
        let source = api.source("Main warehouse").await;
        let six_pack = json!({ "aliases": [{ "sku": "A-6", "source_sku": "A", "pack_factor": 6 }] });
        api.put(&format!("/inventory-sources/{source}/aliases"), six_pack).await.expect(200);
        api.order("too many", &place, json!([line("SET", 2), line("A-6", 2)])).await;
        let refused = api.allocate("too many".to_owned()).await;
        assert_eq!(refused.status, 409, "two and twelve are fourteen: {refused:?}");
        assert_eq!((api.counts("A").await.1, api.counts("B").await.1), (json!(0), json!(0)));
        api.order("fits", &place, json!([line("SET", 1), line("A-6", 2)])).await;
        let allocated = api.allocate("fits".to_owned()).await.expect(200);
        assert_eq!(allocated["verdict"], json!("can_ship"));
        assert_eq!(allocated["lines"][0]["stock"]["cause"], json!("allocated"));
        assert_eq!(api.counts("A").await, (json!(13), json!(13), json!(0)));
        api.put_status("fits", &place, "shipped").await;
        api.until_counts("A", (json!(0), json!(0), json!(0))).await;
        api.until_counts("B", (json!(1), json!(0), json!(1))).await;
        assert!(daemon.end().await.success());
    }

    async fn orders_are_promised_their_goods_by_themselves_oldest_first(database) {
        let install = Install::on(database, &["warehouse"]);
        let (daemon, place) = serve(&install).await;
        let api = &daemon.api;
        let at = |day: u32| format!("2026-11-{day:02}T10:00:00Z");
        for (number, day, quantity) in [("newest", 3, 2), ("oldest", 1, 2), ("too many", 2, 5)] {
            let order = json!({ "ship_from_location_id": place, "ordered_at": at(day), "lines": [line("A", quantity)] });
            api.put(&format!("/orders/{number}"), order).await.expect(201);
        }
        let location = api.get(&format!("/ship-from-locations/{place}")).await;
        let automatic = api.request(Method::PATCH, &format!("/ship-from-locations/{place}"))
            .header("if-match", format!("\"{}\"", location["version"])).json(&json!({ "allocation": "automatic" }));
        api.send(automatic).await.expect(200);
        api.stock("A", 3).await;
        api.until_counts("A", (json!(3), json!(2), json!(1))).await;
        let state = async |number: &str| api.get(&format!("/orders/{number}")).await["allocation"]["state"].clone();
        // What is promised is seen at the warehouse a moment before it is settled with the order.
        let settled = async |number| find(number, async || (state(number).await == "allocated").then_some(())).await;
        settled("oldest").await;
        assert_eq!(state("newest").await, "unallocated");
        api.stock("A", 4).await;
        api.until_counts("A", (json!(4), json!(4), json!(0))).await;
        settled("newest").await;
        assert_eq!(state("too many").await, "unallocated");
        assert!(daemon.end().await.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_was_broken_off_is_taken_up_again_and_done_once() {
    let site = Site::with(&["warehouse"]);
    let life = site.start().await;
    let connection = life.connected(own()).await;
    let place = life.source(connection.id, "Main warehouse").await;
    let set = StockChange::Set {
        quantity: Quantity::units(3),
        expected: None,
    };
    let set = StockOperation::new("set", sku("A"), place.location_id.clone(), set);
    let written = life
        .connections
        .write_stock(life.account, "desk", &place, vec![set]);
    written.await.unwrap();
    let numbers = life.orders_of(&place, 1).await;
    let allocator = Allocator::new(life.db.clone(), life.connections.clone());
    allocator
        .allocate(life.account, "desk", &numbers[0])
        .await
        .unwrap();
    // As if the daemon had died before it kept what came of it.
    let promised = store::allocation::of_order(&life.db, life.account, &numbers[0])
        .await
        .unwrap();
    let before = AllocationState::Reserving;
    store::allocation::reach(&life.db, life.account, &promised[0], Some(before))
        .await
        .unwrap();
    assert!(allocator.follow(life.account, &numbers[0]).await.unwrap());
    let promised = store::allocation::of_order(&life.db, life.account, &numbers[0])
        .await
        .unwrap();
    assert_eq!(promised[0].state, AllocationState::Reserved);
    let held = life.level(&place, "A").await.unwrap();
    assert_eq!(held.allocated, Some(Quantity::units(1)), "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stock_of_another_system_is_promised_there_and_not_here() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let numbers = life.orders_of(&berlin, 1).await;
    let allocator = Allocator::new(life.db.clone(), life.connections.clone());
    let refused = allocator.allocate(life.account, "desk", &numbers[0]).await;
    assert!(
        matches!(refused, Err(Refusal::NotOwn { .. })),
        "{refused:?}"
    );
}

fn own() -> NewConnection {
    NewConnection {
        name: "Own warehouse".into(),
        adapter: "warehouse".into(),
        settings: json!({}),
        secrets: Default::default(),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    }
}

/// A daemon with a warehouse, and a location that ships from it.
async fn serve(install: &Install) -> (Daemon, String) {
    let daemon = install.serve_with(&own()).await;
    let place = daemon.api.ship_from("Hall", "Main warehouse").await;
    (daemon, place)
}

fn line(code: &str, quantity: i64) -> Value {
    json!({ "sku": code, "quantity": quantity })
}

impl Api {
    async fn stock(&self, code: &str, quantity: i64) {
        let source = self.source("Main warehouse").await;
        let set = json!({ "adjustments": [{ "sku": code, "change": "set", "quantity": quantity, "reason": "count" }] });
        let path = format!("/inventory-sources/{source}/adjustments");
        let adjusted = self.post(&path, set).await.expect(200);
        assert_eq!(adjusted["operations"][0]["state"], json!("applied"));
    }

    async fn allocate(&self, number: String) -> crate::support::Answer {
        let path = format!("/orders/{number}/allocation");
        self.ask(Method::PUT, &path, None).await
    }

    /// On hand, allocated and available.
    async fn counts(&self, code: &str) -> (Value, Value, Value) {
        let source = self.source("Main warehouse").await;
        let level = self
            .get(&format!("/inventory-sources/{source}/levels?sku={code}"))
            .await["items"][0]
            .clone();
        let count = |name: &str| level[name].clone();
        (count("on_hand"), count("allocated"), count("available"))
    }

    async fn until_counts(&self, code: &str, expected: (Value, Value, Value)) {
        find("the counts", async || {
            (self.counts(code).await == expected).then_some(())
        })
        .await;
    }

    async fn put_status(&self, number: &str, place: &str, status: &str) {
        let lines = self.get(&format!("/orders/{number}")).await["lines"].clone();
        let lines: Vec<Value> = lines
            .as_array()
            .unwrap()
            .iter()
            .map(|line| json!({ "sku": line["sku"], "quantity": line["quantity"] }))
            .collect();
        let order = json!({ "status": status, "ship_from_location_id": place, "lines": lines });
        self.put(&format!("/orders/{number}"), order)
            .await
            .expect(200);
    }
}

impl crate::support::Life {
    /// Orders for one of `A` each, which ship from there.
    async fn orders_of(
        &self,
        place: &bestand::source::InventorySource,
        count: usize,
    ) -> Vec<bestand::order::OrderNumber> {
        let now = self.clock.now();
        let location = bestand::ship_from::ShipFromLocation {
            id: bestand::id::ShipFromId::new(),
            account_id: self.account,
            name: "Hall".into(),
            address: None,
            is_default: true,
            policy: bestand::ship_from::Policy::Warn,
            buffer: bestand::ship_from::Buffer::NONE,
            allocation: bestand::allocation::AllocationMode::Manual,
            source_id: Some(place.id),
            version: 1,
            created_at: now,
        };
        store::ship_from::insert(&self.db, &location).await.unwrap();
        let mut numbers = Vec::new();
        for index in 0..count {
            let number: bestand::order::OrderNumber = format!("order {index}").parse().unwrap();
            let line = bestand::order::OrderLine {
                line: 1,
                sku: Some(sku("A")),
                name: None,
                quantity: Quantity::units(1),
                kind: bestand::order::LineKind::Goods,
            };
            let draft = bestand::order::OrderDraft::new(number.clone(), vec![line]);
            store::order::put(
                &self.db,
                self.account,
                draft,
                None,
                now.after(Duration::ZERO),
            )
            .await
            .unwrap();
            numbers.push(number);
        }
        numbers
    }
}

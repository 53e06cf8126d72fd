//! Stock is written back through adapters: only where the operator lets it, and never twice.

use std::time::Duration;

use bestand::connection::Connection;
use bestand::operation::OperationState;
use bestand::operation::look_up::LOST_AFTER;
use bestand::source::{Direction, InventorySource};
use bestand::store;
use bestand::store::source::Decision;
use bestand_plugin_api::{Quantity, StockChange, StockOperation, WriteOutcome};
use bestand_upstreams::finale::{Fault, Units};
use bestand_upstreams::json_api::Fault as PartnerFault;
use serde_json::{Value, json};

use crate::partner_systems::{module, to_module};
use crate::support::install::enabling;
use crate::support::{FinaleSystem, Install, Life, Site, find, on_both_engines, sku};

on_both_engines! {
    async fn a_write_whose_answer_was_lost_is_found_out_and_done_once(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        system.finale.set_stock("A", "Berlin", 5);
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        let berlin = decided(&life, &connection, "Berlin", Direction::Both).await;
        system.finale.fault(Fault::DroppedAfterCommit.times(1));
        let outcome = life.adjust(&berlin, "op-1", 3).await;
        assert!(matches!(outcome, WriteOutcome::Unknown { .. }), "{outcome:?}");
        assert_eq!(life.state_of("op-1").await, OperationState::Unknown);

        site.advance(Duration::from_secs(60));
        life.connections.look_up_operations().await.unwrap();
        assert_eq!(life.state_of("op-1").await, OperationState::Applied);
        assert_eq!(system.finale.on_hand("A", "Berlin"), Some(Units::from(8)), "once");
        assert_eq!(life.level(&berlin, "A").await.unwrap().on_hand, Some(Quantity::units(8)));
        assert_eq!(life.connections.look_up_operations().await.unwrap(), 0, "nothing is asked any more");
    }

    async fn what_a_daemon_that_died_was_sending_is_found_out_by_the_next(database) {
        let site = Site::on(database, &["finale"]);
        let system = FinaleSystem::start(&site).await;
        system.finale.set_stock("A", "Berlin", 5);
        let life = site.start().await;
        let connection = life.connected(system.connection()).await;
        let berlin = decided(&life, &connection, "Berlin", Direction::Both).await;
        // As it is right before it is sent.
        let (now, sent) = (site.clock.now(), [operation(&berlin, "op-1", 3)]);
        let due_at = now.after(LOST_AFTER);
        store::operation::begin(&life.db, life.account, berlin.id, "desk", &sent, now, due_at).await.unwrap();
        drop(life);

        let life = site.start().await;
        life.ready(connection.id).await;
        assert_eq!(life.connections.look_up_operations().await.unwrap(), 0, "somebody may still wait");
        site.advance(LOST_AFTER);
        assert_eq!(life.connections.look_up_operations().await.unwrap(), 1);
        assert_eq!(life.state_of("op-1").await, OperationState::Applied);
        assert_eq!(system.finale.on_hand("A", "Berlin"), Some(Units::from(8)));
    }

    async fn where_a_repeat_would_count_twice_nothing_is_sent_again(database) {
        let site = Site::on(database, &["connect"]);
        let key = site.secrets.make();
        let module = module(&site, &key).await;
        let life = site.start().await;
        let connection = life.connected(to_module(&module, &key)).await;
        let berlin = decided(&life, &connection, "Berlin", Direction::Both).await;
        module.fault(PartnerFault::DroppedAfterCommit.times(1));
        let set = StockChange::Set { quantity: Quantity::units(9), expected: None };
        let sent = StockOperation::new("op-1", sku("TEA-1"), berlin.location_id.clone(), set)
            .with_basis(bestand_plugin_api::Basis::Available);
        let outcomes = life.connections.write_stock(life.account, "desk", &berlin, vec![sent.clone()]).await.unwrap();
        assert!(matches!(outcomes[..], [WriteOutcome::Unknown { .. }]), "{outcomes:?}");
        let requests = module.requests().len();
        site.advance(LOST_AFTER);
        life.connections.look_up_operations().await.unwrap();
        let again = life.connections.write_stock(life.account, "desk", &berlin, vec![sent]).await.unwrap();
        assert!(matches!(again[..], [WriteOutcome::Unknown { .. }]), "{again:?}");
        let kept = store::operation::find(&life.db, life.account, "op-1").await.unwrap().unwrap();
        assert_eq!((kept.state, kept.due_at), (OperationState::Unknown, None), "a person has to say");
        let pushes = module.requests()[requests..].iter().filter(|request| request.path.contains("push")).count();
        assert_eq!(pushes, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_system_is_only_read_until_somebody_decides_otherwise() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = life.source(connection.id, "Berlin").await;
    let sent = vec![operation(&berlin, "op-1", 3)];
    let written = life
        .connections
        .write_stock(life.account, "desk", &berlin, sent)
        .await;
    let refused = written.unwrap_err().to_string();
    assert!(refused.contains("whose direction is `read`"), "{refused}");
    assert_eq!(system.finale.on_hand("A", "Berlin"), Some(Units::from(5)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_is_not_read_keeps_what_was_known_and_is_brought_up_to_date_later() {
    let site = Site::with(&["finale"]);
    let system = FinaleSystem::start(&site).await;
    system.finale.set_stock("A", "Berlin", 5);
    let life = site.start().await;
    let connection = life.connected(system.connection()).await;
    let berlin = decided(&life, &connection, "Berlin", Direction::Off).await;
    system.finale.set_stock("A", "Berlin", 2);
    site.advance(Duration::from_secs(60));
    life.sync(&site, connection.id, true).await;
    let on_hand = async || life.level(&berlin, "A").await.unwrap().on_hand;
    assert_eq!(on_hand().await, Some(Quantity::units(5)));
    decided(&life, &connection, "Berlin", Direction::Read).await;
    site.advance(Duration::from_secs(60));
    life.sync(&site, connection.id, true).await;
    assert_eq!(on_hand().await, Some(Quantity::units(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_changes_stock_promises_it_and_settles_what_is_unknown() {
    let install = Install::with(&["warehouse"]);
    let own = "[[connection]]\nname = \"Own\"\nadapter = \"warehouse\"\nsettings = {}\n";
    install.configure(&format!("{}{own}", enabling(&["warehouse"])));
    let daemon = install.serve().await;
    let place = find("the warehouse", async || {
        let listed = daemon.api.get("/inventory-sources").await;
        listed["groups"][0]["sources"][0]["id"]
            .as_str()
            .map(str::to_owned)
    })
    .await;
    let hall = daemon.api.ship_from("Hall", "Main warehouse").await;
    for number in ["1", "2"] {
        let lines = json!([{ "sku": "A", "quantity": 2 }]);
        daemon.api.order(number, &hall, lines).await;
    }
    assert!(daemon.end().await.success());
    let adjust = |rest: &[&str]| {
        let arguments = [&["adjust", "Main warehouse", "A", "--json"], rest].concat();
        install.run(&arguments)
    };
    adjust(&["--set", "5", "--reason", "count"]).expect(0);
    let again = ["--by", "-2", "--operation-id", "op-1"];
    adjust(&again).expect(0);
    adjust(&again).expect(0);
    let refused = adjust(&["--by", "-4"]).expect(1).stdout;
    assert!(refused.contains("only 3 of 4 are there"), "{refused}");
    adjust(&["--set", "1", "--by", "1"]).expect(64);
    install.run(&["order", "allocate", "1"]).expect(0);
    let short = install.run(&["order", "allocate", "2"]).expect(1).stderr;
    assert!(short.contains("only 1 of 2 are there"), "{short}");
    install.run(&["order", "release", "1"]).expect(0);
    install.run(&["order", "allocate", "2"]).expect(0);
    let listed = install.run(&["operation", "list", "--source", &place, "--json"]);
    let listed: Vec<Value> = serde_json::from_str(&listed.expect(0).stdout).unwrap();
    let changes: Vec<&Value> = listed.iter().map(|row| &row["change"]).collect();
    assert_eq!(
        changes,
        [
            "reserve", "release", "reserve", "reserve", "adjust", "adjust", "set"
        ]
    );
    let read_again = install.run(&["sync", "Own", "--sku", "A", "--dry-run"]);
    let said = read_again.expect(0).stderr;
    assert!(said.contains("1 levels compared, 0 not as held"), "{said}");
    let unknown = install.run(&["sync", "Own", "--sku", "NOBODY-KNOWS"]);
    assert!(unknown.expect(2).stderr.contains("NOBODY-KNOWS: "));
    install.run(&["sync", "Nowhere", "--sku", "A"]).expect(64);
    let nothing = install.run(&["sync", "Own"]).expect(64).stderr;
    assert!(nothing.contains("`--changed-since`"), "{nothing}");
    let all = install.run(&["sync", "Own", "--dry-run"]).expect(0).stderr;
    assert!(all.contains(", 0 not as held"), "{all}");
    let untold = install.run(&["sync", "Own", "--changed-since", "2026-11-24T08:00:00Z"]);
    let untold = untold.expect(1).stderr;
    assert!(untold.contains("cannot tell what changed"), "{untold}");
    let known = install
        .run(&["operation", "settle", "op-1", "--done"])
        .expect(1);
    assert!(
        known.stderr.contains("op-1` is applied"),
        "{}",
        known.stderr
    );
}

/// The source, once the operator has decided this.
async fn decided(
    life: &Life,
    connection: &Connection,
    name: &str,
    direction: Direction,
) -> InventorySource {
    let source = life.source(connection.id, name).await;
    let decision = Decision {
        direction: Some(direction),
        ..Decision::of(&source)
    };
    let decided = store::source::decide(&life.db, &source, decision).await;
    decided.expect("nobody else decides");
    life.source(connection.id, name).await
}

fn operation(place: &InventorySource, id: &str, delta: i64) -> StockOperation {
    let delta = Quantity::units(delta);
    let change = StockChange::Adjust { delta };
    StockOperation::new(id, sku("A"), place.location_id.clone(), change)
}

impl Life {
    async fn adjust(&self, place: &InventorySource, id: &str, delta: i64) -> WriteOutcome {
        let sent = vec![operation(place, id, delta)];
        let written = self
            .connections
            .write_stock(self.account, "desk", place, sent);
        written.await.expect("the adapter answers").remove(0)
    }

    async fn state_of(&self, id: &str) -> OperationState {
        let found = store::operation::find(&self.db, self.account, id).await;
        found
            .expect("the store answers")
            .expect("it is there")
            .state
    }
}

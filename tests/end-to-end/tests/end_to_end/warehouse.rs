//! The built-in warehouse is an adapter like any other: written through its connection, read back at once.

use bestand::connection::NewConnection;
use bestand::source::InventorySource;
use bestand::stock::CauseKind;
use bestand_plugin_api::{Quantity, StockChange, StockOperation, WriteOutcome};
use serde_json::json;

use crate::support::{Life, Site, on_both_engines, sku};

on_both_engines! {
    async fn what_is_written_is_answered_at_once_and_after_a_restart(database) {
        let site = Site::on(database, &["warehouse"]);
        let life = site.start().await;
        let connection = life.connect(own()).await;
        life.ready(connection.id).await;
        let place = life.source(connection.id, "Main warehouse").await;
        assert_eq!(write(&life, &place, "op-1", "A", 5).await, [WriteOutcome::Applied]);
        assert_eq!(available(&life, &place).await, Some(Quantity::units(5)));
        assert_eq!(write(&life, &place, "op-1", "A", 5).await, [WriteOutcome::Applied]);
        assert_eq!(available(&life, &place).await, Some(Quantity::units(5)), "the same intent, once");
        assert_eq!(write(&life, &place, "op-2", "A", -2).await, [WriteOutcome::Applied]);
        let history = life.book.history(life.account, place.id, &sku("A"), 10).await.unwrap();
        assert_eq!(history[0].cause.kind, CauseKind::Write);
        assert_eq!(history[0].cause.actor.as_deref(), Some("desk"));
        drop(life);

        let life = site.start().await;
        assert_eq!(available(&life, &place).await, Some(Quantity::units(3)));
        life.ready(connection.id).await;
        assert_eq!(available(&life, &place).await, Some(Quantity::units(3)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_more_than_there_is_is_refused_and_changes_nothing() {
    let site = Site::with(&["warehouse"]);
    let life = site.start().await;
    let connection = life.connect(own()).await;
    life.ready(connection.id).await;
    let place = life.source(connection.id, "Main warehouse").await;
    write(&life, &place, "op-1", "A", 5).await;
    let outcomes = write(&life, &place, "op-2", "A", -6).await;
    assert!(
        matches!(outcomes[..], [WriteOutcome::Rejected { .. }]),
        "{outcomes:?}"
    );
    assert_eq!(available(&life, &place).await, Some(Quantity::units(5)));
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

async fn write(
    life: &Life,
    place: &InventorySource,
    op_id: &str,
    code: &str,
    delta: i64,
) -> Vec<WriteOutcome> {
    let change = StockChange::Adjust {
        delta: Quantity::units(delta),
    };
    let operation = StockOperation::new(op_id, sku(code), place.location_id.clone(), change)
        .with_reason("count");
    let written = life
        .connections
        .write_stock(life.account, "desk", place, vec![operation])
        .await;
    written.expect("the adapter answers")
}

async fn available(life: &Life, place: &InventorySource) -> Option<Quantity> {
    life.level(place, "A").await.and_then(|held| held.available)
}

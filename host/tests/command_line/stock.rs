//! A store with something in it, for commands to work on.

use bestand::clock::Clock;
use bestand::connection::{Connection, Origin};
use bestand::event_log::EventLog;
use bestand::id::ConnectionId;
use bestand::stock::{BookOptions, Cause, CauseKind, StockBook, Update};
use bestand::store::{self, Db};
use bestand_plugin_api::{Location, LocationId, Quantities, Quantity, Sku, StockLevel};

/// A connection `Shop` and its source `Hamburg`, where three mugs lie.
pub(crate) async fn put(url: &str) {
    let (db, clock) = (Db::open(url).await.unwrap(), Clock::system());
    let now = clock.now();
    let account = store::account::first(&db, now).await.unwrap().id;
    let connection = Connection {
        id: ConnectionId::new(),
        account_id: account,
        name: "Shop".into(),
        adapter: "finale".into(),
        partner: None,
        settings: serde_json::json!({}),
        origin: Origin::Api,
        paused: false,
        allow_private_network: false,
        sync_interval_secs: None,
        reconcile_secs: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    store::connection::insert(&db, &connection).await.unwrap();
    let places = [Location::site("main", "Hamburg")];
    let sources = store::source::follow_locations(&db, account, connection.id, &places, now);
    let source_id = sources.await.unwrap()[0].id;
    let event_log = EventLog::open(db.clone(), clock.clone());
    let book = StockBook::open(db.clone(), clock, event_log, BookOptions::default());
    let three = Quantities::available(Quantity::units(3));
    let level = StockLevel::counted(
        Sku::new("MUG").unwrap(),
        LocationId::from("main"),
        three,
        now,
    );
    let update = Update { source_id, level };
    let applied = book.apply(account, Cause::of(CauseKind::Push), vec![update]);
    applied.await.unwrap();
    db.close().await.unwrap();
}

//! A warehouse with stock, and a location that ships from it.

use bestand::api_key::Role;
use bestand::connection::{Connection, Origin};
use bestand::id::{ConnectionId, SourceId, SyncId};
use bestand::stock::{Cause, CauseKind, Update};
use bestand::store;
use bestand_plugin_api::{
    Absent, Location, LocationId, Quantities, Quantity, Sku, StockLevel, Timestamp, Tracking,
};
use serde_json::json;

use super::{Api, NOW};

/// A warehouse with stock at Finale, linked to the default ship-from location.
pub(crate) struct Shop<'a> {
    pub(crate) api: &'a Api,
    pub(crate) connection: ConnectionId,
    pub(crate) source: SourceId,
    pub(crate) ship_from: String,
}

// === impl Shop ===

impl<'a> Shop<'a> {
    pub(super) async fn open(api: &'a Api) -> Self {
        let connection = connect(api, "finale").await;
        let db = &api.parts.db;
        let places = [Location::site("main", "Hamburg")];
        let sources = store::source::follow_locations(db, api.account, connection, &places, NOW);
        let source = sources.await.unwrap()[0].id;
        let new = json!({ "name": "Hamburg", "source_id": source });
        let made = api
            .api(Role::Operator, "POST /ship-from-locations")
            .json(&new)
            .expect(201)
            .await;
        let shop = Self {
            api,
            connection,
            source,
            ship_from: made.json()["id"].as_str().unwrap().to_owned(),
        };
        shop.list(&[
            shop.level("MUG", 10),
            shop.level("CUP", 1),
            shop.untracked("GIFT"),
        ])
        .await;
        shop
    }

    /// A level with so many available, as of now.
    pub(crate) fn level(&self, sku: &str, available: i64) -> StockLevel {
        let count = Quantity::units(available);
        self.level_at(sku, Quantities::of(count, count), NOW)
    }

    pub(crate) fn level_at(&self, sku: &str, quantities: Quantities, at: Timestamp) -> StockLevel {
        StockLevel::counted(
            Sku::new(sku).unwrap(),
            LocationId::from("main"),
            quantities,
            at,
        )
    }

    fn untracked(&self, sku: &str) -> StockLevel {
        let mut level = self.level(sku, 0);
        level.tracking = Tracking::NotTracked;
        level
    }

    /// Lists the warehouse completely.
    pub(crate) async fn list(&self, levels: &[StockLevel]) {
        let run = SyncId::new();
        self.apply(Cause::listing(run), levels).await;
        let book = &self.api.parts.book;
        let finished = book.finish_listing(self.api.account, self.source, run, NOW, Absent::Zero);
        finished.await.unwrap();
    }

    /// As when the system sends these levels.
    pub(crate) async fn push(&self, levels: &[StockLevel]) {
        self.apply(Cause::of(CauseKind::Push), levels).await;
    }

    async fn apply(&self, cause: Cause, levels: &[StockLevel]) {
        let update = |level: &StockLevel| Update {
            source_id: self.source,
            level: level.clone(),
        };
        let updates = levels.iter().map(update).collect();
        let book = &self.api.parts.book;
        book.apply(self.api.account, cause, updates).await.unwrap();
    }
}

/// A stored connection of this adapter, which does not run.
pub(crate) async fn connect(api: &Api, adapter: &str) -> ConnectionId {
    let connection = Connection {
        id: ConnectionId::new(),
        account_id: api.account,
        name: format!("{adapter} main"),
        adapter: adapter.into(),
        partner: None,
        settings: json!({ "account": "acme" }),
        origin: Origin::Api,
        paused: false,
        allow_private_network: false,
        sync_interval_secs: None,
        reconcile_secs: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    };
    store::connection::insert(&api.parts.db, &connection)
        .await
        .unwrap();
    connection.id
}

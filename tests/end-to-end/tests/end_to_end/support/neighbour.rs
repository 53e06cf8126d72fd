//! A warehouse beside an adapter that misbehaves: it is to be answered as if nothing were.

use std::sync::atomic::{AtomicI64, Ordering};

use bestand::connection::NewConnection;
use bestand::source::InventorySource;
use bestand_plugin_api::{Quantity, StockChange, StockOperation, WriteOutcome};
use serde_json::json;

use super::{Life, sku};

/// The article that is counted.
const ARTICLE: &str = "NEXT-DOOR";

/// A connection to the built-in warehouse, and what was put into it.
pub(crate) struct Neighbour {
    place: InventorySource,
    units: AtomicI64,
}

// === impl Neighbour ===

impl Neighbour {
    pub(crate) async fn of(life: &Life) -> Self {
        let connection = life.connected(warehouse()).await;
        Self {
            place: life.source(connection.id, "Main warehouse").await,
            units: AtomicI64::new(0),
        }
    }

    /// Puts one more in, and asks as an order does.
    pub(crate) async fn is_well(&self, life: &Life) {
        let units = self.units.fetch_add(1, Ordering::Relaxed) + 1;
        let change = StockChange::Adjust {
            delta: Quantity::units(1),
        };
        let location = self.place.location_id.clone();
        let operation = StockOperation::new(format!("op-{units}"), sku(ARTICLE), location, change)
            .with_reason("count");
        let written =
            life.connections
                .write_stock(life.account, "desk", &self.place, vec![operation]);
        assert_eq!(written.await.expect("an answer"), [WriteOutcome::Applied]);
        assert_eq!(life.ask(&self.place, &[sku(ARTICLE)]).await.trouble, None);
        let held = life.level(&self.place, ARTICLE).await.expect("a level");
        assert_eq!(held.available, Some(Quantity::units(units)));
    }
}

/// A connection to the built-in warehouse.
pub(crate) fn warehouse() -> NewConnection {
    NewConnection {
        name: "Next door".into(),
        adapter: "warehouse".into(),
        settings: json!({}),
        secrets: Default::default(),
        allow_private_network: false,
        paused: false,
        sync_interval_secs: None,
        reconcile_secs: None,
    }
}

//! A warehouse on a fake host, and short words for what is done to it.

use bestand_plugin_api::testing::{Connection, FakeHost};
use bestand_plugin_api::{
    Condition, Location, LocationChange, LocationId, Quantity, Result, Sku, SkuQuery, StockChange,
    StockLevel, StockOperation, StockWrites, Timestamp, Tracking, WriteOutcome, call,
};
use bestand_plugin_warehouse::{Warehouse, ledger};
use serde_json::{Value, json};

/// The id of the warehouse that is there from the start.
pub(crate) const MAIN: &str = "main";

pub(crate) struct Shop {
    pub(crate) host: FakeHost,
    pub(crate) connection: Connection,
}

/// `(on hand, allocated, available)` in whole units.
pub(crate) type Numbers = (i64, i64, i64);

// === impl Shop ===

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::on(FakeHost::at(Timestamp::from_secs(1_700_000_000))).await
    }

    /// Opens the same warehouse again, as after a restart.
    pub(crate) async fn on(host: FakeHost) -> Self {
        let connection = Self::connect(&host, json!({})).await.unwrap();
        Self { host, connection }
    }

    /// One from which more may be taken than is there.
    pub(crate) async fn allowing_negative() -> Self {
        let host = FakeHost::at(Timestamp::from_secs(1_700_000_000));
        let settings = json!({ "allow_negative": true });
        let connection = Self::connect(&host, settings).await.unwrap();
        Self { host, connection }
    }

    pub(crate) async fn connect(host: &FakeHost, settings: Value) -> Result<Connection> {
        Connection::open(bestand_plugin_warehouse::wiring, &settings, host).await
    }

    /// In batches, as the daemon writes.
    pub(crate) async fn write(&self, operations: Vec<StockOperation>) -> Vec<WriteOutcome> {
        let mut outcomes = Vec::new();
        for batch in operations.chunks(<Warehouse as StockWrites>::MAX_BATCH) {
            outcomes.extend(self.connection.write_stock(batch).await.unwrap());
        }
        outcomes
    }

    /// Does one operation, which must be applied.
    pub(crate) async fn apply(&self, operation: StockOperation) {
        let shown = format!("{operation:?}");
        assert_eq!(
            self.write(vec![operation]).await,
            [WriteOutcome::Applied],
            "{shown}"
        );
    }

    /// Does one operation, which must be refused; why.
    pub(crate) async fn refused(&self, operation: StockOperation) -> String {
        match self.write(vec![operation]).await.remove(0) {
            WriteOutcome::Rejected { reason } => reason,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn bin(&self, site: &str, name: &str) -> LocationId {
        self.create(name, Some(site)).await.id
    }

    pub(crate) async fn create(&self, name: &str, parent: Option<&str>) -> Location {
        let change = creation(name, parent);
        self.connection.change_location(&change).await.unwrap()
    }

    /// The level of an article at a place, which must be counted there.
    pub(crate) async fn level(&self, article: &str, place: &LocationId) -> StockLevel {
        let query = SkuQuery::of(vec![sku(article)]).at(vec![place.clone()]);
        let answers = self.connection.stock_by_sku(&query).await.unwrap();
        assert_eq!(answers.errors, []);
        let level = answers.levels.into_iter().next().unwrap();
        assert_eq!(level.tracking, Tracking::Counted, "{article} at {place}");
        level
    }

    pub(crate) async fn numbers(&self, article: &str, place: &LocationId) -> Numbers {
        numbers(&self.level(article, place).await)
    }

    /// The whole ledger, as it is stored.
    pub(crate) fn ledger(&self) -> Vec<ledger::Entry> {
        let state = self.host.state();
        let entries = state
            .iter()
            .filter(|entry| entry.key.starts_with("ledger/"));
        entries
            .map(|entry| call::decode(&entry.value).unwrap())
            .collect()
    }
}

pub(crate) fn numbers(level: &StockLevel) -> Numbers {
    let units = |quantity: Option<Quantity>| quantity.unwrap().floor();
    let quantities = &level.quantities;
    (
        units(quantities.on_hand),
        units(quantities.allocated),
        units(quantities.available),
    )
}

pub(crate) fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

pub(crate) fn main_site() -> LocationId {
    MAIN.into()
}

/// The change that opens a place, in a warehouse or as one.
pub(crate) fn creation(name: &str, parent: Option<&str>) -> LocationChange {
    match parent {
        Some(parent) => LocationChange::create_in(parent, name),
        None => LocationChange::create(name),
    }
}

/// An operation on what is on hand.
pub(crate) fn operation(
    id: &str,
    article: &str,
    location: &LocationId,
    change: StockChange,
) -> StockOperation {
    StockOperation::new(id, sku(article), location.clone(), change)
}

pub(crate) fn set(quantity: i64) -> StockChange {
    StockChange::Set {
        quantity: Quantity::units(quantity),
        expected: None,
    }
}

pub(crate) fn adjust(delta: i64) -> StockChange {
    let delta = Quantity::units(delta);
    StockChange::Adjust { delta }
}

pub(crate) fn reserve(quantity: i64) -> StockChange {
    let quantity = Quantity::units(quantity);
    StockChange::Reserve { quantity }
}

pub(crate) fn release(quantity: i64) -> StockChange {
    let quantity = Quantity::units(quantity);
    StockChange::Release { quantity }
}

pub(crate) fn ship(quantity: i64) -> StockChange {
    let quantity = Quantity::units(quantity);
    StockChange::Ship { quantity }
}

/// Says that this many are in another condition.
pub(crate) fn regrade(quantity: i64, to: Condition) -> StockChange {
    let quantity = Quantity::units(quantity);
    StockChange::Regrade { quantity, to }
}

pub(crate) fn bring(quantity: i64, to: &LocationId) -> StockChange {
    StockChange::Move {
        quantity: Quantity::units(quantity),
        to: to.clone(),
    }
}

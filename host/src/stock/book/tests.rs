//! Cases of the stock book, on both engines.

mod absence;
mod drift;
mod history;
mod low_stock;
mod reading;
mod writing;

use std::time::Duration;

use bestand_plugin_api::{Location, LocationId, Quantities, Quantity};

use super::*;
use crate::event_log::EventLog;
use crate::stock::{CauseKind, Counts};
use crate::store::testing::connection;

/// When all of these cases begin.
const START: Timestamp = Timestamp::from_secs(1_700_000_000);

/// A moment so many seconds after the start.
fn at(secs: u64) -> Timestamp {
    START.after(Duration::from_secs(secs))
}

fn sku(name: &str) -> Sku {
    Sku::new(name).unwrap()
}

/// A book with one source, its clock an hour after the start.
struct Shop {
    db: Db,
    book: StockBook,
    account: AccountId,
    source: SourceId,
}

// === impl Shop ===

impl Shop {
    async fn open(db: &Db) -> Self {
        let (account, connection) = connection(db).await;
        let places = [Location::site("main", "Main")];
        let sources = store::source::follow_locations(db, account, connection, &places, START);
        let source = sources.await.unwrap()[0].id;
        let book = Self::book(db, BookOptions::default());
        Self {
            db: db.clone(),
            book,
            account,
            source,
        }
    }

    fn book(db: &Db, options: BookOptions) -> StockBook {
        let clock = Clock::set_at(at(3600));
        let event_log = EventLog::open(db.clone(), clock.clone());
        StockBook::open(db.clone(), clock, event_log, options)
    }

    /// As after a restart of the daemon: nothing is in memory.
    fn restart(&mut self) {
        self.book = Self::book(&self.db, BookOptions::default());
    }

    /// Another source, of another account.
    async fn neighbour(&self) -> (AccountId, SourceId) {
        let other = Self::open(&self.db).await;
        (other.account, other.source)
    }

    /// An update with so many available, asked for so many seconds after the start.
    fn level(&self, name: &str, available: i64, secs: u64) -> Update {
        let quantities = Quantities::available(Quantity::units(available));
        let location = LocationId::from("main");
        Update {
            source_id: self.source,
            level: StockLevel::counted(sku(name), location, quantities, at(secs)),
        }
    }

    async fn apply(&self, cause: Cause, updates: Vec<Update>) -> Applied {
        self.book.apply(self.account, cause, updates).await.unwrap()
    }

    async fn push(&self, updates: Vec<Update>) -> Applied {
        self.apply(Cause::of(CauseKind::Push), updates).await
    }

    async fn finish(&self, run: SyncId, secs: u64, absent: Absent) -> u64 {
        let finished = self
            .book
            .finish_listing(self.account, self.source, run, at(secs), absent);
        finished.await.unwrap()
    }

    async fn held(&self, name: &str) -> Option<Held> {
        let levels = self
            .book
            .levels(self.account, self.source, &[sku(name)])
            .await
            .unwrap();
        let mut levels = levels.into_iter();
        levels.next().unwrap()
    }

    /// What is available, and as of how many seconds after the start.
    async fn available(&self, name: &str) -> Option<(Option<i64>, u64)> {
        let held = self.held(name).await?;
        let available = held.available.map(Quantity::floor);
        Some((available, held.as_of.since(START).as_secs()))
    }

    /// How many levels the source says it has.
    async fn levels_counted(&self) -> u64 {
        let source = store::source::find(&self.db, self.account, self.source);
        source.await.unwrap().unwrap().levels
    }

    async fn history(&self, name: &str) -> Vec<Change> {
        let sku = sku(name);
        let history = self.book.history(self.account, self.source, &sku, 100);
        history.await.unwrap()
    }
}

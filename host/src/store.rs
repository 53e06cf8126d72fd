//! The database: SQLite by default, PostgreSQL by URL, one set of queries for both.
//!
//! `Db` opens it and brings its tables up to date; one file per aggregate holds that aggregate's SQL. Rules are not
//! here: this module stores and finds. SQL is lower case with `$1` placeholders, which both engines read.

pub mod account;
pub mod activity;
pub mod allocation;
pub mod api_key;
pub mod article;
pub mod connection;
pub mod drift;
pub mod event;
pub mod history;
pub mod idempotency;
pub mod inbound;
pub mod level;
pub mod low_stock;
pub mod operation;
pub mod order;
pub mod plugin_state;
pub mod set_up_token;
pub mod ship_from;
pub mod shipstation;
pub mod source;
pub(crate) mod source_outage;
pub mod stock_take;
pub mod sync_run;
pub mod user;
pub mod user_network;
pub mod user_session;
pub mod webhook;

mod clash;
mod error;
mod migration;
mod open;
mod sql;
#[cfg(test)]
pub(crate) mod testing;

pub use clash::Clash;
pub use error::Error;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

/// A transaction that is going to write.
pub type Tx = DatabaseTransaction;

/// An open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Arc<Pools>,
}

/// Which engine is behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file on this machine.
    Sqlite,
    /// A server, which other daemons may share.
    Postgres,
}

#[derive(Debug)]
struct Pools {
    engine: Engine,
    reader: DatabaseConnection,
    /// One connection on SQLite, so that writers queue here and never meet "database is locked".
    writer: DatabaseConnection,
    /// How often ship-from locations or sources were changed through this handle.
    route_changes: AtomicU64,
    /// How often orders were.
    order_changes: AtomicU64,
}

// === impl Engine ===

impl Engine {
    /// The engine behind a connection or transaction.
    pub(crate) fn of(connection: &impl ConnectionTrait) -> Self {
        match connection.get_database_backend() {
            DbBackend::Sqlite => Self::Sqlite,
            _ => Self::Postgres,
        }
    }
}

// === impl Db ===

impl Db {
    /// Opens `sqlite:path` (made when missing) or `postgres://…`, and brings its tables up to date.
    ///
    /// # Errors
    /// When the URL is neither, the database is out of reach, or a newer release has been at work in it.
    pub async fn open(url: &str) -> Result<Self, Error> {
        let pools = Arc::new(open::pools(url).await?);
        let db = Self { pools };
        migration::run(&db).await?;
        Ok(db)
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.pools.engine
    }

    /// For queries that only read; they never wait for a writer.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.pools.reader
    }

    /// For a single statement that writes.
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.pools.writer
    }

    /// Runs `work` in one transaction: all of it is durable when this returns `Ok`, none of it otherwise.
    ///
    /// # Errors
    /// Those of `work`, and when the database is out of reach.
    pub async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&Tx) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let tx = self.begin().await?;
        let done = work(&tx).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Begins a transaction that is going to write; dropped without a commit, it is rolled back.
    ///
    /// # Errors
    /// When the database is out of reach.
    pub async fn begin(&self) -> Result<Tx, Error> {
        // Taking the write lock at once: a lock taken later can fail when another process wrote in between.
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.pools.writer.begin_with_options(options).await?)
    }

    /// A number that grows whenever ship-from locations or sources are changed through this handle, so that what is
    /// kept of them in memory is known to be old.
    pub(crate) fn route_changes(&self) -> u64 {
        self.pools.route_changes.load(Ordering::Acquire)
    }

    /// To be called after ship-from locations or sources were changed.
    fn note_route_change(&self) {
        self.pools.route_changes.fetch_add(1, Ordering::Release);
    }

    /// A number that grows whenever orders are changed through this handle.
    pub(crate) fn order_changes(&self) -> u64 {
        self.pools.order_changes.load(Ordering::Acquire)
    }

    /// To be called after orders were changed.
    fn note_order_change(&self) {
        self.pools.order_changes.fetch_add(1, Ordering::Release);
    }

    /// Waits for what is running and closes all connections.
    ///
    /// # Errors
    /// When a connection cannot be closed.
    pub async fn close(&self) -> Result<(), Error> {
        self.pools.reader.close_by_ref().await?;
        Ok(self.pools.writer.close_by_ref().await?)
    }
}

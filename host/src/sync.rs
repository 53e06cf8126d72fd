//! Syncs: the runs that bring a connection's levels in.
//!
//! [`plan`] decides what is next; [`listing`], [`changes`] and [`by_sku`] do it, page by page: what a page brought is
//! durable before its cursor is, so a run that dies goes on where it was and nothing is lost.

pub mod backoff;
pub mod by_sku;
pub mod changes;
pub mod listing;
pub mod places;
pub mod plan;

use std::sync::Arc;

use bestand_plugin_api::{AdapterError, StockLevel};

use crate::clock::Clock;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::Session;
use crate::stock::{Cause, StockBook};
use crate::store::{self, Db};
use places::Places;

/// What every run needs.
pub struct Work<'a> {
    /// The database.
    pub db: &'a Db,
    /// Where levels go.
    pub book: &'a StockBook,
    /// The time.
    pub clock: &'a Clock,
    /// The connection's adapter.
    pub session: Arc<Session>,
    /// The connection's sources.
    pub places: Places,
    /// Told how many levels were brought in so far.
    pub progress: &'a (dyn Fn(u64) + Send + Sync),
}

/// Why a run did not end well.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The adapter or its system.
    #[error(transparent)]
    Adapter(#[from] AdapterError),
    /// Our own store.
    #[error("levels cannot be stored: {0}")]
    Store(#[from] store::Error),
}

// === impl Work ===

impl Work<'_> {
    fn account(&self) -> AccountId {
        self.session.context().account
    }

    fn connection(&self) -> ConnectionId {
        self.session.context().connection
    }

    /// Stores levels under their sources. Durable when it returns.
    async fn apply(&self, cause: Cause, levels: Vec<StockLevel>) -> Result<(), SyncError> {
        let (updates, strays) = self.places.updates(levels);
        if strays > 0 {
            let connection = &self.session.context().name;
            tracing::warn!(
                connection,
                strays,
                "levels at places that are no inventory source were left out"
            );
        }
        self.book.apply(self.account(), cause, updates).await?;
        Ok(())
    }
}

//! Why something cannot be read again.

use bestand_plugin_api::{AdapterError, Timestamp};

use crate::store;
use crate::sync::SyncError;

/// Why something cannot be read again.
#[derive(Debug, thiserror::Error)]
pub enum RereadError {
    /// An operator has decided so.
    #[error(
        "the counts of these sources are not read; set their direction to `read` or `both` first"
    )]
    NotRead,
    /// Its system is asked for everything, or not at all.
    #[error("the adapter cannot look up single SKUs; read its sources again as a whole")]
    NoSkus,
    /// Its system sends levels by itself.
    #[error("the adapter can neither look up SKUs nor list stock: its system sends what it has")]
    NothingToAsk,
    /// Nothing tells what changed.
    #[error(
        "the adapter cannot tell what changed since a time; name SKUs, or read its sources again as a whole"
    )]
    NoChanges,
    /// A checkpoint from before that time is needed, which only a sync leaves.
    #[error("what changed since then cannot be asked: {}", known_since(*.since))]
    NoCheckpoint {
        /// From when on it can be asked; nothing before the first sync.
        since: Option<Timestamp>,
    },
    /// Its system has forgotten.
    #[error("the system does not tell any more what changed since then; choose a later time")]
    TooLongAgo,
    /// One thing at a time: some systems make one report at once.
    #[error("a sync of this connection is under way; wait for its end")]
    Busy,
    /// It has a limit.
    #[error(
        "it was given up after ten minutes; what was read until then counts, and a sync of the whole connection takes its time"
    )]
    TookTooLong,
    /// The adapter, its system, or our own store.
    #[error(transparent)]
    Sync(#[from] SyncError),
}

fn known_since(since: Option<Timestamp>) -> String {
    match since {
        Some(since) => format!("it is known from {since} on"),
        None => "the connection was not synced completely yet".into(),
    }
}

impl From<AdapterError> for RereadError {
    fn from(error: AdapterError) -> Self {
        Self::Sync(error.into())
    }
}

impl From<store::Error> for RereadError {
    fn from(error: store::Error) -> Self {
        Self::Sync(error.into())
    }
}

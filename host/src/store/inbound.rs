//! What systems send by themselves, in the database.
//!
//! [`queue`] holds the requests that are kept for later, [`event`] the deliveries that are done, [`owed`] the syncs that
//! are owed to what was only a hint.

pub mod event;
pub mod owed;
pub mod queue;

use super::{Db, Error};
use crate::id::{AccountId, ConnectionId};
use bestand_plugin_api::Timestamp;

/// What a delivery left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Whose connection it came to.
    pub account: AccountId,
    /// The connection.
    pub connection: ConnectionId,
    /// The delivery, when its sender gave it an id.
    pub event: Option<event::EventHash>,
    /// What is still to be done for it.
    pub owed: Option<owed::Owed>,
}

/// Keeps that a delivery was done, and what is owed to it: both or neither.
///
/// # Errors
/// `NotFound` when the connection is gone.
pub async fn done(db: &Db, done: &Done, now: Timestamp) -> Result<(), Error> {
    if done.event.is_none() && done.owed.is_none() {
        return Ok(());
    }
    let kept = db.write(async |tx| {
        if let Some(event) = &done.event {
            event::insert(tx, done.account, done.connection, event, now).await?;
        }
        if let Some(owed) = &done.owed {
            owed::insert(tx, done.account, done.connection, *owed).await?;
        }
        Ok(())
    });
    let gone = |error: Error| error.when_dangling("connection", done.connection);
    kept.await.map_err(gone)
}

//! What changed since a time.
//!
//! Only an adapter can read its checkpoints, so none can be made of a time: the newest is taken that a sync left before
//! it. What the connection itself goes on from stays as it is.

use bestand_plugin_api::call::adapter::{Since, StockChanges};
use bestand_plugin_api::{Changes, ErrorKind, Timestamp};

use super::RereadError;
use super::reading::Reading;
use crate::plugin::Priority;
use crate::store::sync_run;
use crate::sync::changes::tells_changes;
use crate::sync::places::moved_on;

// === impl Reading ===

impl Reading<'_> {
    /// What has changed since then, and perhaps somewhat more.
    pub(super) async fn changed_since(&mut self, since: Timestamp) -> Result<(), RereadError> {
        if !tells_changes(self.session.adapter().manifest()) {
            return Err(RereadError::NoChanges);
        }
        let (db, id) = (&self.surroundings.db, self.session.context().connection);
        let checkpoint = sync_run::checkpoint_before(db, self.account(), id, since).await?;
        let Some(checkpoint) = checkpoint else {
            let since = sync_run::oldest_checkpoint_at(db, self.account(), id).await?;
            return Err(RereadError::NoCheckpoint { since });
        };
        let mut from = Since {
            checkpoint: Some(checkpoint),
            cursor: None,
        };
        loop {
            let told = self.session.call::<StockChanges>(Priority::Sync, &from);
            let Changes { items, next, .. } = match told.await {
                Err(error) if error.kind == ErrorKind::NotFound => {
                    return Err(RereadError::TooLongAgo);
                }
                told => told?,
            };
            self.take(items).await?;
            let Some(next) = next else { return Ok(()) };
            from.cursor = Some(moved_on(from.cursor.as_ref(), next)?);
        }
    }
}

//! What changed since the last checkpoint, between full listings.

use bestand_plugin_api::call::adapter::{Since, StockChanges};
use bestand_plugin_api::{
    AdapterError, CURSOR_BYTES_MAX, Capability, Changes, ErrorKind, Manifest, StockLevel,
};

use super::places::moved_on;
use super::{SyncError, Work};
use crate::plugin::Priority;
use crate::stock::{Cause, CauseKind};
use crate::store::sync_run::{self, Progress, SyncKind, SyncRun};

/// Pages of one run; a system with more has so much to tell that a full listing is cheaper.
const PAGES_MAX: i64 = 10_000;

/// What is noted of a run that brought nothing, or not all.
const TOO_OLD: &str =
    "too much has changed since the checkpoint, or it is too old: a full listing follows";

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Everything since the checkpoint was brought in.
    All,
    /// The checkpoint is too old: only a full listing helps.
    TooOld,
}

/// Whether an adapter can say what changed.
#[must_use]
pub fn tells_changes(manifest: &Manifest) -> bool {
    manifest
        .capabilities
        .iter()
        .any(|capability| matches!(capability, Capability::StockChanges { .. }))
}

impl Work<'_> {
    /// Brings in what changed. A checkpoint is kept only once the levels before it are durable.
    ///
    /// # Errors
    /// What the adapter or the store answers; the next call asks from the last checkpoint kept.
    pub async fn changes(&self) -> Result<Told, SyncError> {
        let (account, connection) = (self.account(), self.connection());
        let checkpoint = sync_run::newest_checkpoint(self.db, account, connection).await?;
        let Some(checkpoint) = checkpoint else {
            return Ok(Told::TooOld);
        };
        let mut run = sync_run::start(
            self.db,
            account,
            connection,
            SyncKind::Changes,
            self.clock.now(),
        )
        .await?;
        let mut since = Since {
            checkpoint: Some(checkpoint),
            cursor: None,
        };
        let outcome = self.change_pages(&mut run, &mut since).await;
        let noted = match &outcome {
            Ok(Told::All) => Ok(()),
            Ok(Told::TooOld) => Err(TOO_OLD.to_owned()),
            Err(error) => Err(error.to_string()),
        };
        sync_run::finish(self.db, &run, noted, self.clock.now()).await?;
        outcome
    }

    async fn change_pages(&self, run: &mut SyncRun, since: &mut Since) -> Result<Told, SyncError> {
        while run.pages < PAGES_MAX {
            let answer = self
                .session
                .call::<StockChanges>(Priority::Sync, since)
                .await;
            let Changes {
                items,
                next,
                checkpoint,
                ..
            } = match answer {
                Err(error) if error.kind == ErrorKind::NotFound => return Ok(Told::TooOld),
                answer => answer?,
            };
            if checkpoint.0.len() > CURSOR_BYTES_MAX {
                return Err(
                    AdapterError::bug("the adapter's checkpoint is larger than 64 KiB").into(),
                );
            }
            self.change_page(run, items).await?;
            let Some(next) = next else {
                run.checkpoint = Some(checkpoint);
                self.keep_changes(run).await?;
                return Ok(Told::All);
            };
            since.cursor = Some(moved_on(since.cursor.as_ref(), next)?);
        }
        Ok(Told::TooOld)
    }

    async fn change_page(
        &self,
        run: &mut SyncRun,
        items: Vec<StockLevel>,
    ) -> Result<(), SyncError> {
        run.pages += 1;
        run.levels += i64::try_from(items.len()).unwrap_or(i64::MAX);
        let cause = Cause {
            run: Some(run.id),
            ..Cause::of(CauseKind::Change)
        };
        self.apply(cause, items).await?;
        (self.progress)(u64::try_from(run.levels).unwrap_or(0));
        Ok(())
    }

    async fn keep_changes(&self, run: &SyncRun) -> Result<(), SyncError> {
        let (pages, levels) = (run.pages, run.levels);
        let progress = Progress {
            cursor: None,
            checkpoint: run.checkpoint.clone(),
            pages,
            levels,
        };
        Ok(sync_run::keep_progress(self.db, run, &progress, self.clock.now()).await?)
    }
}

//! What became of an operation, remembered in the host's state under its id.
//!
//! **Invariant:** an operation is in here before its variance is posted, so a repeat after any crash knows of it.

use std::time::Duration;

use bestand_plugin_api::state::{Entry, EntryRange, Expected, Write, Written};
use bestand_plugin_api::{Ctx, Result, Timestamp, WriteOutcome};
use serde::{Deserialize, Serialize};

const PREFIX: &str = "write/";
/// No host repeats an operation that was applied so long ago.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How many entries are looked at per call; more than one call adds.
const FORGOTTEN_PER_CALL: usize = 100;

/// The entry of one operation.
#[derive(Debug)]
pub(super) struct Journal {
    key: String,
    entry: Option<Entry>,
}

/// How far an operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(super) enum Phase {
    /// On its way, or its answer was lost.
    Posted { at: Timestamp },
    /// Certainly done.
    Applied { at: Timestamp },
}

/// Removes what was applied long ago.
pub(super) async fn forget_old(ctx: &Ctx) -> Result<()> {
    let oldest = EntryRange::prefix(PREFIX).limit(FORGOTTEN_PER_CALL);
    let entries = ctx.state().list(&oldest).await?;
    let now = ctx.now().await?;
    let is_old = |entry: &&Entry| matches!(phase_of(entry), Some(Phase::Applied { at }) if now.since(at) > KEPT);
    let forgotten: Vec<Write> = entries
        .iter()
        .filter(is_old)
        .map(|entry| Write::delete(&entry.key, Expected::Version(entry.version)))
        .collect();
    if !forgotten.is_empty() {
        ctx.state().commit(&forgotten).await?;
    }
    Ok(())
}

fn phase_of(entry: &Entry) -> Option<Phase> {
    serde_json::from_slice(&entry.value).ok()
}

// === impl Journal ===

impl Journal {
    pub(super) async fn read(ctx: &Ctx, op_id: &str) -> Result<Self> {
        let key = format!("{PREFIX}{op_id}");
        let entry = ctx.state().get(&key).await?;
        Ok(Self { key, entry })
    }

    pub(super) fn phase(&self) -> Option<Phase> {
        self.entry.as_ref().and_then(phase_of)
    }

    /// Notes that the variance is about to be posted; `false` when another call has taken the operation meanwhile.
    pub(super) async fn posting(&self, ctx: &Ctx, at: Timestamp) -> Result<bool> {
        let expected = Expected::unchanged(self.entry.as_ref());
        let write = Write::put(&self.key, encoded(Phase::Posted { at }), expected);
        Ok(ctx.state().commit(&[write]).await? == Written::Done)
    }

    /// Notes that it is done. If that cannot be noted, a repeat finds the variance in Finale.
    pub(super) async fn applied(&self, ctx: &Ctx) -> WriteOutcome {
        if let Ok(at) = ctx.now().await {
            self.note(
                ctx,
                Write::put(&self.key, encoded(Phase::Applied { at }), Expected::Any),
            )
            .await;
        }
        WriteOutcome::Applied
    }

    /// Notes that nothing was done, because Finale refuses it.
    pub(super) async fn rejected(&self, ctx: &Ctx, reason: String) -> WriteOutcome {
        self.erase(ctx).await;
        WriteOutcome::Rejected { reason }
    }

    /// Notes that nothing was done. If that cannot be noted, a repeat looks in Finale and finds nothing.
    pub(super) async fn erase(&self, ctx: &Ctx) {
        self.note(ctx, Write::delete(&self.key, Expected::Any))
            .await;
    }

    async fn note(&self, ctx: &Ctx, write: Write) {
        if let Err(error) = ctx.state().commit(&[write]).await {
            tracing::warn!(key = self.key, %error, "the outcome of a stock change could not be noted");
        }
    }
}

fn encoded(phase: Phase) -> Vec<u8> {
    serde_json::to_vec(&phase).expect("a phase has nothing JSON cannot say")
}

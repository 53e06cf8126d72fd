//! What was sent, kept before it is sent: for every operation the batch it went with.
//!
//! `write/batch/TIME-KEY` holds a batch, `write/op/ID` its name. Entries stay for a week, so that an operation that
//! comes back late is recognised; Shopify itself remembers a key for a day.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bestand_plugin_api::state::{EntryRange, Expected, Write};
use bestand_plugin_api::{Ctx, Result, StockOperation, Timestamp};
use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::unreadable;

const BATCH_PREFIX: &str = "write/batch/";

/// How long Shopify knows a key, with an hour's margin.
const KEY_LIFE: Duration = Duration::from_secs(23 * 60 * 60);

/// How long entries stay.
const ENTRY_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Old batches removed by one call.
const REMOVED_PER_CALL_MAX: usize = 20;

/// The journal of one connection.
pub(super) struct Journal<'a> {
    pub(super) ctx: &'a Ctx,
}

/// A batch that was sent before.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) batch: Batch,
    pub(super) done: bool,
    /// Whether Shopify has forgotten its key.
    pub(super) expired: bool,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    batch: Batch,
    sent_at: Timestamp,
    done: bool,
}

// === impl Journal ===

impl Journal<'_> {
    /// The batches in which any of these operations went out before.
    pub(super) async fn find(&self, operations: &[StockOperation]) -> Result<Vec<Entry>> {
        let keys = operations
            .iter()
            .map(|operation| op_key(&operation.op_id))
            .collect();
        let names = self.ctx.state().get_many(keys).await?.into_iter().flatten();
        let names: BTreeSet<String> = names
            .map(|entry| String::from_utf8_lossy(&entry.value).into_owned())
            .collect();
        let now = self.ctx.now().await?;
        let mut entries = Vec::new();
        for stored in self
            .ctx
            .state()
            .get_many(names.into_iter().collect())
            .await?
            .into_iter()
            .flatten()
        {
            let Stored {
                batch,
                sent_at,
                done,
            } = serde_json::from_slice(&stored.value).map_err(|error| unreadable(&error))?;
            entries.push(Entry {
                batch,
                done,
                expired: now.since(sent_at) > KEY_LIFE,
            });
        }
        Ok(entries)
    }

    /// Notes a batch that is about to be sent.
    pub(super) async fn begin(&self, batch: &Batch) -> Result<()> {
        let sent_at = self.ctx.now().await?;
        let name = format!("{BATCH_PREFIX}{:015}-{}", sent_at.millis(), batch.key());
        let stored = Stored {
            batch: batch.clone(),
            sent_at,
            done: false,
        };
        let mut writes = vec![put(&name, &stored)?];
        let ops = batch.rows.iter().map(|row| op_key(&row.op_id));
        writes.extend(ops.map(|key| Write::put(key, name.clone().into_bytes(), Expected::Any)));
        self.ctx.state().commit(&writes).await.map(drop)
    }

    /// Notes that it was applied. If that cannot be noted, a repeat is sent under the same key, and Shopify says so.
    pub(super) async fn finish(&self, batch: &Batch) {
        if let Err(error) = self.note_done(batch).await {
            tracing::warn!(key = batch.key(), %error, "the outcome of a stock change could not be noted");
        }
    }

    async fn note_done(&self, batch: &Batch) -> Result<()> {
        let Some((name, stored)) = self.stored(batch).await? else {
            return Ok(());
        };
        if stored.done {
            return Ok(());
        }
        let done = Stored {
            done: true,
            ..stored
        };
        let write = put(&name, &done)?;
        self.ctx.state().commit(&[write]).await.map(drop)
    }

    /// Drops a batch of which certainly nothing was done.
    pub(super) async fn forget(&self, batch: &Batch) -> Result<()> {
        let Some((name, _)) = self.stored(batch).await? else {
            return Ok(());
        };
        self.remove([(name, batch.clone())]).await
    }

    /// Drops what is older than anybody will ask for.
    pub(super) async fn forget_old(&self) -> Result<()> {
        let now = self.ctx.now().await?;
        let range = EntryRange::prefix(BATCH_PREFIX).limit(REMOVED_PER_CALL_MAX);
        let mut old = BTreeMap::new();
        for entry in self.ctx.state().list(&range).await? {
            let stored: Stored =
                serde_json::from_slice(&entry.value).map_err(|error| unreadable(&error))?;
            if now.since(stored.sent_at) > ENTRY_LIFE {
                old.insert(entry.key, stored.batch);
            }
        }
        match old.is_empty() {
            true => Ok(()),
            false => self.remove(old).await,
        }
    }

    async fn stored(&self, batch: &Batch) -> Result<Option<(String, Stored)>> {
        let Some(row) = batch.rows.first() else {
            return Ok(None);
        };
        let Some(entry) = self.ctx.state().get(&op_key(&row.op_id)).await? else {
            return Ok(None);
        };
        let name = String::from_utf8_lossy(&entry.value).into_owned();
        let Some(entry) = self.ctx.state().get(&name).await? else {
            return Ok(None);
        };
        let stored = serde_json::from_slice(&entry.value).map_err(|error| unreadable(&error))?;
        Ok(Some((name, stored)))
    }

    async fn remove(&self, batches: impl IntoIterator<Item = (String, Batch)>) -> Result<()> {
        let mut writes = Vec::new();
        for (name, batch) in batches {
            writes.extend(
                batch
                    .rows
                    .iter()
                    .map(|row| Write::delete(op_key(&row.op_id), Expected::Any)),
            );
            writes.push(Write::delete(name, Expected::Any));
        }
        self.ctx.state().commit(&writes).await.map(drop)
    }
}

fn op_key(op_id: &str) -> String {
    format!("write/op/{op_id}")
}

fn put(name: &str, stored: &Stored) -> Result<Write> {
    let value = serde_json::to_vec(stored).map_err(|error| unreadable(&error))?;
    Ok(Write::put(name, value, Expected::Any))
}

//! An adapter's keys and values, in our store, within limits.
//!
//! What touches the store runs on the daemon's runtime: an adapter that blocks its own must not hold a connection.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bestand_plugin_api::call::MESSAGE_BYTES_MAX;
use bestand_plugin_api::state::{
    BATCH_MAX, Entry, EntryRange, KEY_BYTES_MAX, VALUE_BYTES_MAX, Write, Written,
};
use bestand_plugin_api::{AdapterError, Result};
use tokio::runtime::Handle;

use super::{Call, Common};
use crate::store;
use crate::store::plugin_state::{self, Owner};

/// What no answer can carry is not read from the store in the first place: ten thousand of the largest values would be
/// more memory than there is.
const ANSWER_BYTES_MAX: u64 = MESSAGE_BYTES_MAX as u64;
/// So many of the largest values fit; their lengths need not be asked for first.
const SURELY_FIT: usize = MESSAGE_BYTES_MAX / VALUE_BYTES_MAX;

// === impl Common ===

impl Common {
    pub(super) async fn get(
        self,
        call: Arc<Call>,
        keys: Vec<String>,
    ) -> Result<Vec<Option<Entry>>> {
        limit("keys", keys.len())?;
        let owner = owner(&call)?;
        // One that is named often is read once, and counts as often as it is answered.
        let distinct: HashSet<&String> = keys.iter().collect();
        let distinct: Vec<String> = distinct.into_iter().cloned().collect();
        let found = on(&self.daemon, async move {
            let many = distinct.len() > SURELY_FIT;
            if many && plugin_state::bytes(&self.db, owner, &distinct).await? > ANSWER_BYTES_MAX {
                return Ok(None);
            }
            plugin_state::get(&self.db, owner, &distinct)
                .await
                .map(Some)
        });
        let found = found.await?.ok_or_else(too_much)?;
        let found: HashMap<String, Entry> = found
            .into_iter()
            .flatten()
            .map(|entry| (entry.key.clone(), entry))
            .collect();
        let bytes = |key| found.get(key).map_or(0, |entry| entry.value.len() as u64);
        match keys.iter().map(bytes).sum::<u64>() > ANSWER_BYTES_MAX {
            true => Err(too_much()),
            false => Ok(keys.iter().map(|key| found.get(key).cloned()).collect()),
        }
    }

    pub(super) async fn list(self, call: Arc<Call>, range: EntryRange) -> Result<Vec<Entry>> {
        let owner = owner(&call)?;
        let listed = on(&self.daemon, async move {
            let many = range.limit > SURELY_FIT;
            if many
                && plugin_state::bytes_of_range(&self.db, owner, &range).await? > ANSWER_BYTES_MAX
            {
                return Ok(None);
            }
            plugin_state::list(&self.db, owner, &range).await.map(Some)
        });
        listed.await?.ok_or_else(too_much)
    }

    pub(super) async fn commit(self, call: Arc<Call>, writes: Vec<Write>) -> Result<Written> {
        limit("writes", writes.len())?;
        writes.iter().try_for_each(fits)?;
        let owner = owner(&call)?;
        on(&self.daemon, async move {
            plugin_state::commit(&self.db, owner, &writes).await
        })
        .await
    }
}

pub(super) async fn on<T: Send + 'static>(
    daemon: &Handle,
    work: impl Future<Output = Result<T, store::Error>> + Send + 'static,
) -> Result<T> {
    match daemon.spawn(work).await {
        Ok(done) => done.map_err(|error| AdapterError::transient(error.to_string())),
        Err(_) => Err(AdapterError::transient("the daemon is going down")),
    }
}

fn owner(call: &Call) -> Result<Owner> {
    let session = call.session()?;
    Ok(Owner {
        account_id: session.account,
        connection_id: session.connection,
    })
}

fn too_much() -> AdapterError {
    AdapterError::bug(format!(
        "the entries asked for have more than {ANSWER_BYTES_MAX} bytes; ask for fewer at once"
    ))
}

fn limit(what: &str, count: usize) -> Result<()> {
    if count > BATCH_MAX {
        return Err(AdapterError::bug(format!(
            "{count} {what} at once; at most {BATCH_MAX} are allowed"
        )));
    }
    Ok(())
}

fn fits(write: &Write) -> Result<()> {
    if write.key.is_empty() || write.key.len() > KEY_BYTES_MAX {
        return Err(AdapterError::bug(format!(
            "a state key must have 1 to {KEY_BYTES_MAX} bytes"
        )));
    }
    if write
        .value
        .as_ref()
        .is_some_and(|value| value.len() > VALUE_BYTES_MAX)
    {
        return Err(AdapterError::bug(format!(
            "the state of `{}` is larger than {VALUE_BYTES_MAX} bytes",
            write.key
        )));
    }
    Ok(())
}

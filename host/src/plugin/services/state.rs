//! An adapter's keys and values, in our store, within limits.
//!
//! What touches the store runs on the daemon's runtime: an adapter that blocks its own must not hold a connection.

use std::sync::Arc;

use bestand_plugin_api::state::{
    BATCH_MAX, Entry, EntryRange, KEY_BYTES_MAX, VALUE_BYTES_MAX, Write, Written,
};
use bestand_plugin_api::{AdapterError, Result};
use tokio::runtime::Handle;

use super::{Call, Common};
use crate::store;
use crate::store::plugin_state::{self, Owner};

// === impl Common ===

impl Common {
    pub(super) async fn get(
        self,
        call: Arc<Call>,
        keys: Vec<String>,
    ) -> Result<Vec<Option<Entry>>> {
        limit("keys", keys.len())?;
        let owner = owner(&call)?;
        on(&self.daemon, async move {
            plugin_state::get(&self.db, owner, &keys).await
        })
        .await
    }

    pub(super) async fn list(self, call: Arc<Call>, range: EntryRange) -> Result<Vec<Entry>> {
        let owner = owner(&call)?;
        on(&self.daemon, async move {
            plugin_state::list(&self.db, owner, &range).await
        })
        .await
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

async fn on<T: Send + 'static>(
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

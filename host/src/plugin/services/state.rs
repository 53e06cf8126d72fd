//! An adapter's keys and values, in our store, within limits.

use bestand_plugin_api::state::{
    BATCH_MAX, Entry, EntryRange, KEY_BYTES_MAX, VALUE_BYTES_MAX, Write, Written,
};
use bestand_plugin_api::{AdapterError, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

use super::{Call, Common};
use crate::id::{AccountId, ConnectionId};

/// Whose entries they are.
pub type Owner = (AccountId, ConnectionId);

/// Where the entries of connections are kept.
pub trait StateStore: Send + Sync {
    /// Some entries, in the order asked for.
    fn get(&self, at: Owner, keys: Vec<String>) -> BoxFuture<'static, Result<Vec<Option<Entry>>>>;
    /// Entries in order of their keys.
    fn list(&self, at: Owner, range: EntryRange) -> BoxFuture<'static, Result<Vec<Entry>>>;
    /// All writes or none.
    fn commit(&self, at: Owner, writes: Vec<Write>) -> BoxFuture<'static, Result<Written>>;
}

// === impl Common ===

impl Common {
    pub(super) fn get(
        &self,
        call: &Call,
        keys: Vec<String>,
    ) -> BoxFuture<'static, Result<Vec<Option<Entry>>>> {
        let limited = limit("keys", keys.len());
        self.on_daemon(call, move |state, at| limited.map(|()| state.get(at, keys)))
    }

    pub(super) fn list(
        &self,
        call: &Call,
        mut range: EntryRange,
    ) -> BoxFuture<'static, Result<Vec<Entry>>> {
        range.limit = range.limit.min(BATCH_MAX);
        self.on_daemon(call, move |state, at| Ok(state.list(at, range)))
    }

    pub(super) fn commit(
        &self,
        call: &Call,
        writes: Vec<Write>,
    ) -> BoxFuture<'static, Result<Written>> {
        let limited = limit("writes", writes.len()).and_then(|()| writes.iter().try_for_each(fits));
        self.on_daemon(call, move |state, at| {
            limited.map(|()| state.commit(at, writes))
        })
    }

    /// Works on the daemon's runtime, so that an adapter that blocks its own holds no connection to the store.
    fn on_daemon<T: Send + 'static>(
        &self,
        call: &Call,
        work: impl FnOnce(&dyn StateStore, Owner) -> Result<BoxFuture<'static, Result<T>>>,
    ) -> BoxFuture<'static, Result<T>> {
        let started = call
            .session()
            .and_then(|session| work(&*self.state, (session.account, session.connection)))
            .map(|work| self.daemon.spawn(work));
        let gone = |_| AdapterError::transient("the daemon is going down");
        async move { started?.await.map_err(gone)? }.boxed()
    }
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

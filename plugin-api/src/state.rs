//! What an adapter keeps: keys and values of one connection, durable, in the host's store.

use serde::{Deserialize, Serialize};

use crate::call::host::{StateCommit, StateGet, StateList};
use crate::{Ctx, Result};

/// Longest key in bytes.
pub const KEY_BYTES_MAX: usize = 1024;
/// Largest value in bytes.
pub const VALUE_BYTES_MAX: usize = 1024 * 1024;
/// Most writes of one commit, and most entries of one list.
pub const BATCH_MAX: usize = 10_000;

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// Its value.
    #[serde(with = "serde_bytes")]
    pub value: Vec<u8>,
    /// Grows with every write of this key.
    pub version: u64,
}

/// Which entries to list.
///
/// ```
/// use bestand_plugin_api::state::EntryRange;
///
/// let next_hundred = EntryRange::prefix("ledger/").after("ledger/0042").limit(100);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EntryRange {
    /// Only keys that begin so.
    pub prefix: String,
    /// Only keys after this one.
    #[serde(default)]
    pub after: Option<String>,
    /// At most this many, and at most [`BATCH_MAX`].
    pub limit: usize,
}

/// One write of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Write {
    /// Its key.
    pub key: String,
    /// The new value; `None` deletes.
    #[serde(default, with = "serde_bytes")]
    pub value: Option<Vec<u8>>,
    /// What must be there for the commit to happen.
    #[serde(default)]
    pub expected: Expected,
}

/// What must be there for a commit to happen. Closed: a condition that is not understood must not be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Anything.
    #[default]
    Any,
    /// Nothing.
    Absent,
    /// This version.
    Version(u64),
}

/// What became of a commit. Closed: it happened or it did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// All of it is durable.
    Done,
    /// None of it happened: this key was not as expected. Read again and decide anew.
    Conflict {
        /// The first such key.
        key: String,
    },
}

/// The entries of the connection being served.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    pub(crate) ctx: &'a Ctx,
}

// === impl State ===

impl State<'_> {
    /// One entry.
    ///
    /// # Errors
    /// `Transient` when the store is out of reach, `Bug` beyond the limits of this module.
    pub async fn get(&self, key: &str) -> Result<Option<Entry>> {
        Ok(self.get_many(vec![key.into()]).await?.pop().flatten())
    }

    /// Some entries, in the order asked for; at most [`BATCH_MAX`].
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn get_many(&self, keys: Vec<String>) -> Result<Vec<Option<Entry>>> {
        self.ctx.ask::<StateGet>(&keys).await
    }

    /// Entries in order of their keys' bytes. All of an answer together must stay below
    /// [`MESSAGE_BYTES_MAX`](crate::call::MESSAGE_BYTES_MAX), so ask for fewer where values are large.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn list(&self, range: &EntryRange) -> Result<Vec<Entry>> {
        self.ctx.ask::<StateList>(range).await
    }

    /// Writes all or nothing, in order; durable when it answers [`Written::Done`]. At most [`BATCH_MAX`] writes, all
    /// together below [`MESSAGE_BYTES_MAX`](crate::call::MESSAGE_BYTES_MAX).
    ///
    /// # Errors
    /// As [`get`](Self::get). After `Transient` the commit may have happened all the same.
    pub async fn commit(&self, writes: &[Write]) -> Result<Written> {
        self.ctx.ask_with::<StateCommit>(writes).await
    }
}

// === impl Entry ===

impl Entry {
    /// An entry as the host stores it.
    pub fn new(key: impl Into<String>, value: Vec<u8>, version: u64) -> Self {
        Self {
            key: key.into(),
            value,
            version,
        }
    }
}

// === impl EntryRange ===

impl EntryRange {
    /// The first [`BATCH_MAX`] entries whose keys begin so.
    pub fn prefix(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            after: None,
            limit: BATCH_MAX,
        }
    }

    /// The same, after this key only.
    #[must_use]
    pub fn after(self, key: impl Into<String>) -> Self {
        Self {
            after: Some(key.into()),
            ..self
        }
    }

    /// The same, but at most this many.
    #[must_use]
    pub fn limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }
}

// === impl Write ===

impl Write {
    /// Stores `value` under `key`.
    pub fn put(key: impl Into<String>, value: Vec<u8>, expected: Expected) -> Self {
        Self {
            key: key.into(),
            value: Some(value),
            expected,
        }
    }

    /// Removes `key`.
    pub fn delete(key: impl Into<String>, expected: Expected) -> Self {
        Self {
            key: key.into(),
            value: None,
            expected,
        }
    }
}

// === impl Expected ===

impl Expected {
    /// What was just read must still be there.
    #[must_use]
    pub fn unchanged(entry: Option<&Entry>) -> Self {
        entry.map_or(Self::Absent, |entry| Self::Version(entry.version))
    }
}

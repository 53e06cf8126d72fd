//! Entries in memory, with the daemon's limits and its rule for a commit.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use crate::state::{
    BATCH_MAX, Entry, EntryRange, Expected, KEY_BYTES_MAX, VALUE_BYTES_MAX, Write, Written,
};
use crate::{AdapterError, Result};

#[derive(Debug, Default)]
pub(super) struct Store {
    entries: BTreeMap<String, Entry>,
    last_version: u64,
    pub(super) commits: usize,
    pub(super) conflicts: usize,
    pub(super) lost_answers: usize,
}

// === impl Store ===

impl Store {
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.values().cloned().collect()
    }

    pub(super) fn get(&self, keys: &[String]) -> Result<Vec<Option<Entry>>> {
        limit("keys", keys.len())?;
        Ok(keys
            .iter()
            .map(|key| self.entries.get(key).cloned())
            .collect())
    }

    pub(super) fn list(&self, range: &EntryRange) -> Vec<Entry> {
        let prefix = range.prefix.as_str();
        let from = match range.after.as_deref() {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        self.entries
            .range::<str, _>((from, Bound::Unbounded))
            .map(|(_, entry)| entry)
            .take_while(|entry| entry.key.starts_with(prefix))
            .take(range.limit.min(BATCH_MAX))
            .cloned()
            .collect()
    }

    pub(super) fn commit(&mut self, writes: Vec<Write>) -> Result<Written> {
        limit("writes", writes.len())?;
        writes.iter().try_for_each(fits)?;
        if self.conflicts > 0 && !writes.is_empty() {
            self.conflicts -= 1;
            let key = writes[0].key.clone();
            return Ok(Written::Conflict { key });
        }
        let written = self.write(writes);
        self.commits += usize::from(written == Written::Done);
        if self.lost_answers > 0 {
            self.lost_answers -= 1;
            return Err(AdapterError::transient("the answer was lost"));
        }
        Ok(written)
    }

    fn write(&mut self, writes: Vec<Write>) -> Written {
        let version = self.last_version + 1;
        if let Some(key) = self.broken(&writes, version) {
            return Written::Conflict { key };
        }
        self.last_version = version;
        for Write { key, value, .. } in writes {
            match value {
                Some(value) => {
                    let entry = Entry::new(key.clone(), value, version);
                    self.entries.insert(key, entry)
                }
                None => self.entries.remove(&key),
            };
        }
        Written::Done
    }

    /// The first key that is not as expected. Each write is held against what those before it leave behind.
    fn broken(&self, writes: &[Write], version: u64) -> Option<String> {
        let mut left = HashMap::new();
        let broken = writes.iter().find(|write| {
            let stored = || self.entries.get(&write.key).map(|entry| entry.version);
            let there = left.get(write.key.as_str()).copied().unwrap_or_else(stored);
            left.insert(write.key.as_str(), write.value.as_ref().map(|_| version));
            match write.expected {
                Expected::Any => false,
                Expected::Absent => there.is_some(),
                Expected::Version(expected) => there != Some(expected),
            }
        });
        broken.map(|write| write.key.clone())
    }
}

fn limit(what: &str, count: usize) -> Result<()> {
    match count > BATCH_MAX {
        true => Err(AdapterError::bug(format!(
            "{count} {what} at once; at most {BATCH_MAX} are allowed"
        ))),
        false => Ok(()),
    }
}

fn fits(write: &Write) -> Result<()> {
    if write.key.is_empty() || write.key.len() > KEY_BYTES_MAX {
        return Err(AdapterError::bug(format!(
            "a state key must have 1 to {KEY_BYTES_MAX} bytes"
        )));
    }
    let value_bytes = write.value.as_ref().map_or(0, Vec::len);
    if value_bytes > VALUE_BYTES_MAX {
        let key = &write.key;
        return Err(AdapterError::bug(format!(
            "the state of `{key}` is larger than {VALUE_BYTES_MAX} bytes"
        )));
    }
    Ok(())
}

//! The last records that an adapter logged, for whoever looks at it; all of them are in the daemon's own log as well.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bestand_plugin_api::Timestamp;
use bestand_plugin_api::call::host::LogLevel;

use crate::id::AccountId;

/// How many records are kept.
const RECORDS: usize = 200;
/// Longest text kept of a record's message, and of its fields, in characters: two lines of a page.
const TEXT_CHARS_MAX: usize = 500;

/// Something that an adapter logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// How bad it is.
    pub level: LogLevel,
    /// Whose connection it is about; nothing for what is about none.
    pub account: Option<AccountId>,
    /// What people call that connection.
    pub connection: String,
    /// The part of the adapter that says it.
    pub target: String,
    /// What it says.
    pub message: String,
    /// `name=value`, separated by blanks.
    pub fields: String,
}

/// The last records of one adapter.
#[derive(Debug, Default)]
pub(in crate::plugin) struct RecentLog {
    /// Locked only to add or read.
    records: Mutex<VecDeque<Record>>,
}

// === impl RecentLog ===

impl RecentLog {
    /// Keeps a record, cut to size. Details for the adapter's author would push out what operators look for.
    pub(in crate::plugin) fn keep(&self, mut record: Record) {
        if matches!(record.level, LogLevel::Debug | LogLevel::Trace) {
            return;
        }
        cut(&mut record.message);
        cut(&mut record.fields);
        cut(&mut record.target);
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= RECORDS {
            records.pop_front();
        }
        records.push_back(record);
    }

    /// What is kept, oldest first.
    pub(in crate::plugin) fn all(&self) -> Vec<Record> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.iter().cloned().collect()
    }
}

fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(TEXT_CHARS_MAX) {
        text.truncate(end);
        text.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(level: LogLevel, message: &str) -> Record {
        Record {
            at: Timestamp::from_secs(1_700_000_000),
            level,
            account: None,
            connection: String::new(),
            target: "adapter".into(),
            message: message.into(),
            fields: String::new(),
        }
    }

    #[test]
    fn the_last_two_hundred_records_are_kept_and_cut_to_size() {
        let log = RecentLog::default();
        for number in 0..=RECORDS {
            log.keep(record(LogLevel::Info, &number.to_string()));
            log.keep(record(LogLevel::Debug, "for the author"));
        }
        log.keep(record(LogLevel::Warn, &"ä".repeat(9_000)));
        let kept = log.all();
        assert_eq!((kept.len(), kept[0].message.as_str()), (RECORDS, "2"));
        assert_eq!(kept[RECORDS - 1].message.chars().count(), TEXT_CHARS_MAX);
    }
}

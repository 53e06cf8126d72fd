//! What adapters log, in the daemon's own log: cut to size, limited in rate, named by adapter and connection. The last
//! of it is kept for whoever looks at the adapter.

use std::sync::Mutex;

use bestand_plugin_api::Timestamp;
use bestand_plugin_api::call::host::{LogLevel, LogRecord};
use tokio::time::{Duration, Instant};

use super::Call;
use crate::plugin::recent::{RecentLog, Record};

/// Longest message or field kept, in characters: enough for a sentence and a short extract.
const TEXT_CHARS_MAX: usize = 2_000;
/// Records a second that an adapter may write; the rest is counted and said once a second.
const RECORDS_PER_SECOND: u32 = 100;

/// Passes records on, within limits.
#[derive(Default)]
pub(super) struct Forwarder {
    second: Mutex<Option<Second>>,
    recent: RecentLog,
}

#[derive(Clone, Copy)]
struct Second {
    began: Instant,
    records: u32,
}

// === impl Forwarder ===

impl Forwarder {
    pub(super) fn forward(
        &self,
        adapter: &str,
        call: Option<&Call>,
        record: LogRecord,
        now: Timestamp,
    ) {
        if let Some(dropped) = self.admit() {
            if dropped > 0 {
                tracing::warn!(
                    adapter,
                    dropped,
                    "an adapter logs too much; records were dropped"
                );
            }
            let record = shown(call, record, now);
            write(adapter, &record);
            self.recent.keep(record);
        }
    }

    /// What was passed on last, oldest first.
    pub(super) fn recent(&self) -> Vec<Record> {
        self.recent.all()
    }

    /// `None` when the record is one too many, else how many were dropped just before.
    fn admit(&self) -> Option<u32> {
        let mut second = self
            .second
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = Instant::now();
        let current =
            second.filter(|second| now.duration_since(second.began) < Duration::from_secs(1));
        let Some(mut current) = current else {
            let dropped = second.map_or(0, |last| last.records.saturating_sub(RECORDS_PER_SECOND));
            *second = Some(Second {
                began: now,
                records: 1,
            });
            return Some(dropped);
        };
        current.records += 1;
        *second = Some(current);
        (current.records <= RECORDS_PER_SECOND).then_some(0)
    }
}

/// The record as it may be shown: without the connection's secrets, cut to size.
fn shown(call: Option<&Call>, record: LogRecord, now: Timestamp) -> Record {
    let session = call.and_then(|call| call.session().ok());
    let shown = |text: String| match session {
        Some(session) => clip(&session.hide(text)),
        None => clip(&text),
    };
    let fields = record.fields.iter();
    let fields = fields.map(|(name, value)| format!("{name}={value} "));
    Record {
        at: now,
        level: record.level,
        account: session.map(|session| session.account),
        connection: session.map_or_else(String::new, |session| session.name.clone()),
        target: clip(&record.target),
        message: shown(record.message),
        fields: shown(fields.collect()).trim_end().to_owned(),
    }
}

fn write(adapter: &str, record: &Record) {
    let (connection, target) = (record.connection.as_str(), record.target.as_str());
    let (fields, message) = (record.fields.as_str(), record.message.as_str());
    match record.level {
        LogLevel::Error => tracing::error!(adapter, connection, target, fields, "{message}"),
        LogLevel::Warn => tracing::warn!(adapter, connection, target, fields, "{message}"),
        LogLevel::Info => tracing::info!(adapter, connection, target, fields, "{message}"),
        LogLevel::Debug => tracing::debug!(adapter, connection, target, fields, "{message}"),
        LogLevel::Trace => tracing::trace!(adapter, connection, target, fields, "{message}"),
    }
}

/// Cuts to size and keeps one record on one line.
fn clip(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(TEXT_CHARS_MAX).map(visible).collect()
}

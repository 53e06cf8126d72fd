//! What a plugin logged last.

use bestand_plugin_api::call::host::LogLevel;

use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::plugin;

/// Records that are shown of the two hundred that are kept; the daemon's own log has all.
const RECORDS_SHOWN: usize = 50;

/// Characters that are shown of a message and of its fields: a sentence or two each. An adapter that says more would push
/// out of sight what it said before.
const CHARS_SHOWN: usize = 300;

/// A record.
pub(super) struct Record {
    pub(super) at: When,
    pub(super) level: Tone,
    pub(super) connection: String,
    pub(super) message: String,
    pub(super) fields: String,
}

/// The newest of these, newest first.
pub(super) fn newest(records: Vec<plugin::Record>, visitor: &Visitor) -> Vec<Record> {
    let newest = records.into_iter().rev().take(RECORDS_SHOWN);
    newest.map(|record| Record::of(record, visitor)).collect()
}

// === impl Record ===

impl Record {
    fn of(record: plugin::Record, visitor: &Visitor) -> Self {
        let (word, class, icon) = match record.level {
            LogLevel::Error => ("error", "bad", "bad"),
            LogLevel::Warn => ("warn", "doubt", "warn"),
            LogLevel::Info | LogLevel::Debug | LogLevel::Trace => ("info", "", "activity"),
        };
        Self {
            at: visitor.when(record.at),
            level: Tone::new(visitor.text().say(&format!("level-{word}")), class, icon),
            connection: record.connection,
            message: clip(record.message),
            fields: clip(record.fields),
        }
    }
}

fn clip(text: String) -> String {
    match text.char_indices().nth(CHARS_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_to_be_read_is_cut_and_says_so() {
        let long = "ä".repeat(CHARS_SHOWN + 1);
        assert_eq!(clip(long), "ä".repeat(CHARS_SHOWN) + "…");
        let whole = "ä".repeat(CHARS_SHOWN);
        assert_eq!(clip(whole.clone()), whole);
    }
}

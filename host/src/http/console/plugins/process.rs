//! The process of a plugin: its memory, how often it was started anew, how it ended last.

use bestand_plugin_api::Quantity;

use crate::http::console::moment::When;
use crate::http::console::number;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::plugin::sandbox::health::{End, Health};

/// A process.
pub(super) struct Process {
    pub(super) pid: String,
    pub(super) memory: String,
    pub(super) restarts: String,
    pub(super) bounds: Tone,
    /// What does not keep it in bounds, and why.
    pub(super) missing: Vec<String>,
    pub(super) last_end: Option<LastEnd>,
}

/// How a process ended.
pub(super) struct LastEnd {
    pub(super) at: When,
    pub(super) why: String,
    /// The last lines, oldest first.
    pub(super) stderr: String,
}

// === impl Process ===

impl Process {
    pub(super) fn of(health: Health, visitor: &Visitor) -> Self {
        let text = visitor.text();
        let pid = health.pid.map(|pid| pid.to_string());
        let memory = health.memory_bytes();
        Self {
            pid: pid.unwrap_or_else(|| number::UNKNOWN.into()),
            memory: memory
                .map_or_else(|| number::UNKNOWN.into(), |bytes| mebibytes(bytes, visitor)),
            restarts: visitor.whole(health.restarts),
            bounds: match health.confinement.is_complete() {
                true => Tone::new(text.say("plugin-confined"), "good", "good"),
                false => Tone::new(text.say("plugin-not-confined"), "doubt", "warn"),
            },
            missing: health.confinement.missing,
            last_end: health.last_end.map(|end| LastEnd::of(end, visitor)),
        }
    }
}

/// To a tenth.
pub(super) fn mebibytes(bytes: u64, visitor: &Visitor) -> String {
    const TENTH: u64 = (1 << 20) / 10;
    const MILLIONTHS_PER_TENTH: i64 = 100_000;
    let tenths = i64::try_from(bytes / TENTH).unwrap_or(i64::MAX);
    let shown = Quantity::from_millionths(tenths.saturating_mul(MILLIONTHS_PER_TENTH));
    format!("{} MiB", visitor.quantity(shown))
}

// === impl LastEnd ===

impl LastEnd {
    fn of(end: End, visitor: &Visitor) -> Self {
        Self {
            at: visitor.when(end.at),
            why: end.why,
            stderr: end.stderr.join("\n"),
        }
    }
}

//! Too much of what is allowed.

use std::io::Write;

use bestand_plugin_api::{AdapterError, Ctx, Result};

/// How many records a flood of the log has.
const RECORDS: usize = 20_000;
/// The length of each.
const RECORD_BYTES: usize = 4096;
/// Records between two waits of a flood without end.
const PORTION: usize = 100;
/// How often a step of output is written, to each of the two.
const OUTPUT_STEPS: usize = 256;
/// How much is written at once.
const OUTPUT_STEP_BYTES: usize = 16 << 10;
/// The length of an error, in bytes.
const ERROR_BYTES: usize = 8 << 20;

pub(crate) fn log() {
    let text = "flood ".repeat(RECORD_BYTES / 6);
    for number in 0..RECORDS {
        tracing::info!(number, "{text}");
    }
}

/// In portions, between which the thread is given back.
pub(crate) async fn log_without_end(ctx: &Ctx) -> Result<()> {
    loop {
        for number in 0..PORTION {
            tracing::info!(number, "still at it");
        }
        ctx.now().await?;
    }
}

/// As what a library in C prints while it is looked for a fault in it.
pub(crate) fn output() {
    let line = format!("{}\n", "flood".repeat(OUTPUT_STEP_BYTES / 5));
    for _ in 0..OUTPUT_STEPS {
        let _ = std::io::stdout().write_all(line.as_bytes());
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

/// As a web page that was taken for an error message.
pub(crate) fn error() -> AdapterError {
    let line = "a long story\n2026-11-20T10:00:00Z ERROR a forged line of the log \u{1b}[2J";
    AdapterError::transient(line.repeat(ERROR_BYTES / line.len()))
}

pub(crate) async fn requests(ctx: &Ctx) -> Result<()> {
    loop {
        ctx.now().await?;
    }
}

//! How a round looks: one line for each thing that happens, in colour where there is a terminal.

use std::io::{self, IsTerminal};
use std::time::Duration;

use bestand_plugin_api::call::host::{LogLevel, LogRecord};
use bestand_plugin_api::{AdapterError, Quantity, StockLevel};
use serde::Serialize;

use crate::cli::output::{self, Column, OutputArguments};

/// Levels shown; a listing has thousands.
const LEVELS_MAX: usize = 20;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";

/// Where rounds are shown.
#[derive(Debug)]
pub(super) struct Screen {
    is_coloured: bool,
}

/// A level as it is shown.
#[derive(Serialize)]
struct Shown {
    sku: String,
    location: String,
    available: String,
    on_hand: String,
    allocated: String,
    incoming: String,
    tracking: String,
}

const COLUMNS: &[Column<Shown>] = &[
    ("SKU", |level| level.sku.clone()),
    ("LOCATION", |level| level.location.clone()),
    ("AVAILABLE", |level| level.available.clone()),
    ("ON HAND", |level| level.on_hand.clone()),
    ("ALLOCATED", |level| level.allocated.clone()),
    ("INCOMING", |level| level.incoming.clone()),
    ("TRACKING", |level| level.tracking.clone()),
];

impl Default for Screen {
    fn default() -> Self {
        let is_coloured = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { is_coloured }
    }
}

// === impl Screen ===

impl Screen {
    /// A step begins.
    pub(super) fn step(&self, what: &str) -> io::Result<()> {
        output::line(&self.in_colour(BOLD, &format!("\n{what}")))
    }

    /// It went well.
    pub(super) fn well(&self, what: &str, took: Duration) -> io::Result<()> {
        let took = self.in_colour(DIM, &shown(took));
        output::line(&format!("  {} {what}  {took}", self.in_colour(GREEN, "ok")))
    }

    /// It did not, and what to do.
    pub(super) fn failed(&self, what: &str, way_out: &str) -> io::Result<()> {
        let what = output::on_one_line(what);
        output::line(&format!("  {} {what}", self.in_colour(RED, "failed")))?;
        match way_out {
            "" => Ok(()),
            way_out => output::line(&format!("         {way_out}")),
        }
    }

    /// Something beside the step.
    pub(super) fn remark(&self, what: &str) -> io::Result<()> {
        output::line(&format!("  {} {what}", self.in_colour(YELLOW, "note")))
    }

    /// More of what was said.
    pub(super) fn detail(&self, what: &str) -> io::Result<()> {
        let what = output::on_one_line(what);
        output::line(&format!("    {}", self.in_colour(DIM, &what)))
    }

    /// What the adapter asked for. It happens in the middle of a call, where a closed terminal has to wait.
    pub(super) fn asked(&self, what: &str, took: Duration) {
        let _ = self.detail(&format!("{what}  {}", shown(took)));
    }

    /// What the adapter noted.
    pub(super) fn log(&self, record: &LogRecord) {
        let (level, colour) = match record.level {
            LogLevel::Error => ("error", RED),
            LogLevel::Warn => ("warn", YELLOW),
            LogLevel::Info => ("info", DIM),
            LogLevel::Debug => ("debug", DIM),
            LogLevel::Trace => ("trace", DIM),
        };
        let fields: String = record
            .fields
            .iter()
            .map(|(name, value)| format!(" {name}={value}"))
            .collect();
        let said = output::on_one_line(&format!("{}{fields}", record.message));
        let _ = output::line(&format!("    {} {said}", self.in_colour(colour, level)));
    }

    /// Levels as a table.
    pub(super) fn levels(&self, levels: &[StockLevel]) -> io::Result<()> {
        let rows: Vec<Shown> = levels.iter().take(LEVELS_MAX).map(Shown::from).collect();
        if !rows.is_empty() {
            OutputArguments { json: false }.list(&rows, COLUMNS)?;
        }
        match levels.len().saturating_sub(LEVELS_MAX) {
            0 => Ok(()),
            more => self.detail(&format!("and {more} more")),
        }
    }

    /// A round has ended, and another is to come.
    pub(super) fn waiting(&self, files: usize, has_keys: bool) -> io::Result<()> {
        let keys = match has_keys {
            true => "enter = run again, q = quit",
            false => "Ctrl-C = quit",
        };
        output::line(&self.in_colour(DIM, &format!("\nwatching {files} files; {keys}")))
    }

    /// Another round begins.
    pub(super) fn again(&self, why: &str) -> io::Result<()> {
        output::line(&self.in_colour(DIM, &format!("\n──── {why}")))
    }

    fn in_colour(&self, colour: &str, text: &str) -> String {
        match self.is_coloured {
            true => format!("\x1b[{colour}m{text}\x1b[0m"),
            false => text.into(),
        }
    }
}

/// What a person can do about an error of an adapter.
pub(super) fn way_out(error: &AdapterError) -> &'static str {
    // What the sandbox refuses is refused by the kernel, in these words.
    if error.message.contains("Operation not permitted") {
        return "in the sandbox there are no threads, files, sockets or programs; what leaves it goes through `Ctx`";
    }
    use bestand_plugin_api::ErrorKind::{Auth, Bug, Config, Protocol, RateLimited};
    match &error.kind {
        Auth => {
            "the system refuses the credentials; look at `[secrets]` in the settings, and at how requests sign in"
        }
        Config { .. } => "look at `[settings]` and `[secrets]` in the settings",
        RateLimited { .. } => "the daemon would wait and try again",
        Protocol => {
            "the answer is not what the code expects; compare it with the types that read it"
        }
        Bug => "the daemon would open the instance anew, and show this as the adapter's fault",
        _ => "",
    }
}

impl From<&StockLevel> for Shown {
    fn from(level: &StockLevel) -> Self {
        let number = |quantity: Option<Quantity>| output::or_dash(quantity.as_ref());
        let quantities = &level.quantities;
        Self {
            sku: level.sku.to_string(),
            location: level.location.to_string(),
            available: number(quantities.available),
            on_hand: number(quantities.on_hand),
            allocated: number(quantities.allocated),
            incoming: number(quantities.incoming),
            tracking: word_of(&level.tracking),
        }
    }
}

/// A name as it stands in messages.
pub(super) fn word_of<T: Serialize>(name: &T) -> String {
    let json = serde_json::to_value(name).unwrap_or_default();
    json.as_str().unwrap_or_default().into()
}

fn shown(took: Duration) -> String {
    match took.as_millis() {
        0..10 => format!("{:.1} ms", took.as_secs_f64() * 1e3),
        millis @ 10..10_000 => format!("{millis} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}

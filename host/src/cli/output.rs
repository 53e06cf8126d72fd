//! What commands print: tables for people, tab-separated lines for pipes, JSON for scripts.
//!
//! Results go to stdout, everything said about them to stderr. The only file that prints.

use std::io::{self, IsTerminal, Write};

use clap::Args;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use serde::Serialize;

/// Narrowest terminal, in characters, to whose width a table is fitted.
const WIDTH_MIN: u16 = 40;

/// How results are printed.
#[derive(Clone, Copy, Debug, Args)]
pub struct OutputArguments {
    /// Print JSON: one object, or one list
    #[arg(long)]
    pub json: bool,
}

/// A column of a table: its heading, and what stands in it.
pub type Column<T> = (&'static str, fn(&T) -> String);

// === impl OutputArguments ===

impl OutputArguments {
    /// Prints many things of one sort.
    ///
    /// # Errors
    /// When stdout is closed.
    pub fn list<T: Serialize>(self, items: &[T], columns: &[Column<T>]) -> io::Result<()> {
        if self.json {
            return json(&items);
        }
        let heading = columns
            .iter()
            .map(|(heading, _)| (*heading).to_owned())
            .collect();
        let rows = items.iter().map(|item| {
            columns
                .iter()
                .map(|(_, cell)| on_one_line(&cell(item)))
                .collect()
        });
        if io::stdout().is_terminal() {
            boxed(heading, rows)
        } else {
            tabbed(heading, rows)
        }
    }

    /// Prints one thing; `text` is how it reads for people.
    ///
    /// # Errors
    /// When stdout is closed.
    pub fn one<T: Serialize>(self, item: &T, text: impl FnOnce(&T) -> String) -> io::Result<()> {
        if self.json {
            json(item)
        } else {
            line(&text(item))
        }
    }
}

/// Prints a line to stdout.
///
/// # Errors
/// When stdout is closed.
pub fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// Says something beside the result, on stderr. If nobody listens there, nobody listens.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Says what went wrong, on stderr.
pub fn complain(text: &str) {
    note(&format!("error: {text}"));
}

/// A time that may not have come, or never was.
#[must_use]
pub fn or_dash<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(|| "-".into(), T::to_string)
}

fn json<T: Serialize>(value: &T) -> io::Result<()> {
    line(&serde_json::to_string(value)?)
}

fn boxed(heading: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic);
    // A terminal that does not know its width says 0; wide lines that it wraps are read more easily than columns of
    // single letters.
    if table.width().is_none_or(|width| width < WIDTH_MIN) {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    table.set_header(heading).add_rows(rows);
    // What stands first is what people copy into the next command: never broken into two lines.
    table.set_constraints([ColumnConstraint::ContentWidth]);
    line(&table.to_string())
}

fn tabbed(heading: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    std::iter::once(heading)
        .chain(rows)
        .try_for_each(|cells| writeln!(stdout, "{}", cells.join("\t")))
}

/// Names come from other systems: one must not be able to move the cursor, or break a line into two.
pub(super) fn on_one_line(cell: &str) -> String {
    cell.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_cannot_reach_beyond_its_place() {
        assert_eq!(on_one_line("a\tb\nc\x1b[2J"), "a b c [2J");
        assert_eq!(or_dash::<u32>(None), "-");
    }
}

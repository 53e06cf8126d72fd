//! The table: plain text for people, JSON for whoever compares runs.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use crate::row::Row;
use crate::sizes::Sizes;

const HEADINGS: [&str; 6] = ["what", "floor", "Bestand", "measured", "target", "result"];

/// Says what is going on, beside the table.
pub(crate) fn progress(text: &str) {
    // Who cannot be told goes without.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Tells the process that started this one.
pub(crate) fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{line}")
}

/// Says what went wrong.
pub(crate) fn complain(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "error: {error:#}");
}

/// Prints the table.
pub(crate) fn table(rows: &[Row], sizes: &Sizes) -> io::Result<()> {
    let cells: Vec<[String; 6]> = rows.iter().map(cells).collect();
    let headings = HEADINGS.map(str::to_owned);
    let width = |column: usize| {
        let all = cells.iter().chain([&headings]);
        all.map(|cells| cells[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut out = io::stdout().lock();
    writeln!(out)?;
    write_line(&mut out, &headings, widths)?;
    write_line(&mut out, &widths.map(|width| "-".repeat(width)), widths)?;
    for cells in &cells {
        write_line(&mut out, cells, widths)?;
    }
    writeln!(out)?;
    for row in rows.iter().filter(|row| !row.note.is_empty()) {
        writeln!(out, "{}: {}", row.what, row.note)?;
    }
    writeln!(out, "\n{}", conditions(sizes))
}

fn cells(row: &Row) -> [String; 6] {
    [
        row.what.clone(),
        row.floor.map(|floor| floor.to_string()).unwrap_or_default(),
        row.bestand.to_string(),
        row.measured().to_string(),
        row.target_text(),
        result(row).into(),
    ]
}

fn result(row: &Row) -> &'static str {
    match row.is_reached() {
        Some(true) => "reached",
        Some(false) => "MISSED",
        None => "",
    }
}

fn write_line(out: &mut impl Write, cells: &[String; 6], widths: [usize; 6]) -> io::Result<()> {
    let padded = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| format!("{cell:<width$}"));
    let line = padded.collect::<Vec<_>>().join("  ");
    writeln!(out, "{}", line.trim_end())
}

/// Under which conditions this was measured.
fn conditions(sizes: &Sizes) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?");
    let sizes = match sizes.quick {
        true => "Quick sizes, too small for a verdict.",
        false => "Full sizes.",
    };
    format!(
        "{sizes} Release build, {cores} cores, load average {load} at the end. Floor and Bestand took turns; \
         figures are medians of the rounds."
    )
}

/// Writes the table to `file`.
pub(crate) fn json(rows: &[Row], sizes: &Sizes, file: &Path) -> anyhow::Result<()> {
    let rows: Vec<Value> = rows.iter().map(row_json).collect();
    let table = json!({ "sizes": sizes, "conditions": conditions(sizes), "rows": rows });
    let text = serde_json::to_string_pretty(&table)? + "\n";
    fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))
}

fn row_json(row: &Row) -> Value {
    json!({
        "what": row.what,
        "floor": row.floor.map(|floor| floor.value),
        "bestand": row.bestand.value,
        "unit": row.bestand.unit.word(),
        "measured": row.measured().value,
        "target": row.target_text(),
        "reached": row.is_reached(),
        "note": row.note,
    })
}

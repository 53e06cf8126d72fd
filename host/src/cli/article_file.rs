//! CSV files of aliases and kits: read whole, all or nothing, each wrong line named.

use std::path::Path;

use anyhow::Context as _;
use csv::ReaderBuilder;
use serde::de::DeserializeOwned;

use super::exit::BadArguments;

/// Largest file read, in bytes: far above the most aliases an account may have.
const BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Wrong lines named before the rest is only counted.
const NAMED_MAX: usize = 20;

/// All rows of a file with these columns in its first line, separated by commas, semicolons or tabs.
///
/// # Errors
/// [`BadArguments`] with every wrong line, when the file cannot be read, and when it is too large.
pub(super) fn read<Row: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<Row>> {
    let shown = path.display();
    let size = std::fs::metadata(path).map(|file| file.len());
    if size.with_context(|| format!("cannot read `{shown}`"))? > BYTES_MAX {
        return Err(BadArguments(format!("`{shown}` is larger than 256 MiB; split it")).into());
    }
    let text = std::fs::read(path).with_context(|| format!("cannot read `{shown}`"))?;
    let mut builder = ReaderBuilder::new();
    let mut reader = builder
        .delimiter(delimiter(&text))
        .trim(csv::Trim::All)
        .from_reader(text.as_slice());
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for row in reader.deserialize() {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    match wrong.is_empty() {
        true => Ok(rows),
        false => Err(BadArguments(refused(&wrong)).into()),
    }
}

fn delimiter(text: &[u8]) -> u8 {
    let head = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let found = [b',', b';', b'\t'];
    let found = found.into_iter().find(|mark| head.contains(mark));
    found.unwrap_or(b',')
}

fn refused(wrong: &[String]) -> String {
    let named = wrong.iter().take(NAMED_MAX);
    let named: Vec<String> = named.map(|line| format!("  {line}")).collect();
    let more = match wrong.len().saturating_sub(NAMED_MAX) {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    format!(
        "nothing is imported; these lines are wrong:\n{}{more}",
        named.join("\n")
    )
}

//! CSV files of aliases, kits and counts: read whole, all or nothing, each wrong line named.

use std::path::Path;

use anyhow::Context as _;
use serde::de::DeserializeOwned;

use super::exit::BadArguments;
use crate::article::table;

/// Largest file read, in bytes: far above the most aliases an account may have.
const BYTES_MAX: u64 = 256 * 1024 * 1024;

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
    table::read(&text).map_err(|wrong| BadArguments(wrong.to_string()).into())
}

//! The text of the config file, and on which line each key of it stands.

use std::path::{Path, PathBuf};

use toml_edit::{Item, TableLike};

use super::key_path::KeyPath;
use super::problem::{Place, Problem};

/// The config file, parsed for its lines; its values are read by the `config` crate.
pub(super) struct Document {
    path: PathBuf,
    toml: toml_edit::Document<String>,
}

// === impl Document ===

impl Document {
    /// Parses the text.
    ///
    /// # Errors
    /// When it is no TOML; nothing more can be said of it then.
    pub(super) fn parse(path: &Path, text: String) -> Result<Self, Problem> {
        let toml = toml_edit::Document::parse(text.clone()).map_err(|error| Problem {
            place: Place::File {
                file: path.into(),
                line: error.span().map(|span| line_at(&text, span.start)),
            },
            key: KeyPath::default(),
            message: format!("not TOML: {}", error.message().replace('\n', "; ")),
        })?;
        Ok(Self {
            path: path.into(),
            toml,
        })
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        self.toml.raw()
    }

    /// The line of the key, or of the nearest key above it; and how many keys of the path are there.
    pub(super) fn find(&self, key: &KeyPath) -> (Place, usize) {
        let mut item = self.toml.as_item();
        let (mut start, mut depth) = (None, 0);
        for segment in key.segments() {
            let Some((span, below)) = step(item, segment) else {
                break;
            };
            (item, start, depth) = (below, span.or(start), depth + 1);
        }
        let line = start.map(|start| line_at(self.text(), start));
        (
            Place::File {
                file: self.path.clone(),
                line,
            },
            depth,
        )
    }
}

/// What stands under `segment`, and where.
fn step<'a>(item: &'a Item, segment: &str) -> Option<(Option<usize>, &'a Item)> {
    let span = |item: &Item| item.span().map(|span| span.start);
    if let Some(table) = item.as_table_like() {
        let (key, below) = TableLike::get_key_value(table, segment)?;
        return Some((key.span().map(|span| span.start).or(span(below)), below));
    }
    let below = item.get(segment.parse::<usize>().ok()?)?;
    Some((span(below), below))
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

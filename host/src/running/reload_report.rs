//! What became of a reload: written by the daemon, read by `bestand reload`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The name of the file in the store's folder.
const FILE: &str = "bestand.reload";

/// What became of a reload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReloadReport {
    /// Which reload it is; grows by one each time.
    pub number: u64,
    /// Whether the new config is in use.
    pub taken: bool,
    /// What changed, or why it was not taken; one line each.
    pub lines: Vec<String>,
    /// The adapters whose installed package does not run, by their ids.
    #[serde(default)]
    pub refused: Vec<String>,
}

// === impl ReloadReport ===

impl ReloadReport {
    /// Keeps the report of a reload in the store's folder.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(
        folder: &Path,
        taken: bool,
        lines: Vec<String>,
        refused: Vec<String>,
    ) -> io::Result<()> {
        let number = Self::read(folder)?.map_or(0, |last| last.number) + 1;
        let draft = folder.join(format!(".{FILE}.draft"));
        fs::write(
            &draft,
            serde_json::to_vec(&Self {
                number,
                taken,
                lines,
                refused,
            })?,
        )?;
        fs::rename(draft, path(folder))
    }

    /// The last report; `None` when there was no reload yet, or its report cannot be read.
    ///
    /// # Errors
    /// When the file is there but cannot be opened.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        match fs::read(path(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            bytes => Ok(serde_json::from_slice(&bytes?).ok()),
        }
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_report_replaces_the_one_before_and_has_the_next_number() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ReloadReport::read(folder.path()).unwrap(), None);
        ReloadReport::write(
            folder.path(),
            true,
            vec!["adapter `finale` is enabled".into()],
            Vec::new(),
        )
        .unwrap();
        ReloadReport::write(
            folder.path(),
            false,
            vec!["b.toml:1: wrong".into()],
            vec!["finale".into()],
        )
        .unwrap();
        let expected = ReloadReport {
            number: 2,
            taken: false,
            lines: vec!["b.toml:1: wrong".into()],
            refused: vec!["finale".into()],
        };
        assert_eq!(ReloadReport::read(folder.path()).unwrap(), Some(expected));
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no draft is left behind"
        );
    }

    #[test]
    fn a_damaged_report_is_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(path(folder.path()), "{").unwrap();
        assert_eq!(ReloadReport::read(folder.path()).unwrap(), None);
        ReloadReport::write(folder.path(), true, Vec::new(), Vec::new()).unwrap();
        assert_eq!(
            ReloadReport::read(folder.path()).unwrap().unwrap().number,
            1
        );
    }
}

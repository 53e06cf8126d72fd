//! The demo's own folder; it goes with the demo.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// A folder in the system's place for temporary files, removed when dropped.
pub(super) struct Folder(PathBuf);

// === impl Folder ===

impl Folder {
    pub(super) fn make() -> anyhow::Result<Self> {
        let folder =
            Self(std::env::temp_dir().join(format!("bestand-demo-{}", std::process::id())));
        std::fs::create_dir_all(folder.plugins())
            .with_context(|| format!("cannot make `{}`", folder.0.display()))?;
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn plugins(&self) -> PathBuf {
        self.0.join("plugins")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

//! The demo's own folder; it goes with the demo.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

const PLUGINS: &str = "plugins";

/// A folder in the system's place for temporary files, removed when dropped.
pub(super) struct Folder(PathBuf);

// === impl Folder ===

impl Folder {
    pub(super) fn make() -> anyhow::Result<Self> {
        let path =
            std::env::temp_dir().join(format!("bestand-demo-{:016x}", rand::random::<u64>()));
        let cannot = || format!("cannot make `{}`", path.display());
        // Only for who runs it, and never one that somebody else has made: plugins are loaded from it.
        let mut only_ours = DirBuilder::new();
        only_ours.mode(0o700);
        only_ours.create(&path).with_context(cannot)?;
        only_ours.create(path.join(PLUGINS)).with_context(cannot)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn plugins(&self) -> PathBuf {
        self.0.join(PLUGINS)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

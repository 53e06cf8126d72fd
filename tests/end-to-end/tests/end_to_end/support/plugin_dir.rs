//! A plugin directory with chosen libraries.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::built;

/// A folder of plugin libraries, gone when dropped.
#[derive(Debug)]
pub(crate) struct PluginDir {
    folder: TempDir,
}

// === impl PluginDir ===

impl PluginDir {
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts our own plugin `name` in: `finale`, `shopify`, `warehouse`, or `misbehaving`.
    pub(crate) fn install(&self, name: &str) {
        let library = library(name);
        let file = library.file_name().expect("a library has a name");
        std::fs::copy(&library, self.path().join(file)).expect("the library can be copied");
    }

    /// Puts the misbehaving plugin in under this name, told what to do while it is loaded or started.
    pub(crate) fn put_misbehaving(&self, file: &str, word: &str) {
        let library = std::fs::read(library("misbehaving")).expect("the library is built");
        let told = format!("misbehaving-start:{word:<13}");
        self.put(
            file,
            &written_over(
                &library,
                b"misbehaving-start:as-it-should-",
                told.as_bytes(),
            ),
        );
    }

    /// Puts any bytes in under this name.
    pub(crate) fn put(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.path().join(file), bytes).expect("a file can be written");
    }
}

/// The library of our own plugin `name`.
pub(crate) fn library(name: &str) -> PathBuf {
    let file = match name {
        "misbehaving" => "libbestand_misbehaving.so".to_owned(),
        name => format!("libbestand_plugin_{name}.so"),
    };
    built::folder().join(file)
}

/// The same bytes with `new` wherever `old` stood.
pub(crate) fn written_over(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let starts = bytes.windows(old.len()).enumerate();
    let starts: Vec<usize> = starts
        .filter(|(_, part)| *part == old)
        .map(|(start, _)| start)
        .collect();
    assert!(
        !starts.is_empty(),
        "`{}` stands nowhere",
        String::from_utf8_lossy(old)
    );
    let mut altered = bytes.to_vec();
    for start in starts {
        altered[start..start + new.len()].copy_from_slice(new);
    }
    altered
}

//! A partner who makes packages, as one would: with the program's own commands.

use std::path::{Path, PathBuf};

use super::Install;

/// A partner with a key of their own, which has no password: making one slow to guess takes seconds.
pub(crate) struct Publisher {
    folder: PathBuf,
    key: PathBuf,
    /// What operators are given.
    pub(crate) public_key: String,
}

// === impl Publisher ===

impl Publisher {
    /// A partner who works in a folder of `install`.
    pub(crate) fn new(install: &Install, name: &str) -> Self {
        let folder = install.path(name);
        std::fs::create_dir(&folder).expect("a folder can be made");
        let key = folder.join("secret.key");
        let arguments = [
            "plugin",
            "key",
            "new",
            path(&key),
            "--unencrypted",
            "--json",
        ];
        let made = install.run(&arguments).expect(0).json();
        let public_key = made["public_key"].as_str().expect("a key").to_owned();
        Self {
            folder,
            key,
            public_key,
        }
    }

    /// Packs a library with these bytes, and answers the archive.
    pub(crate) fn package(&self, install: &Install, name: &str, library: &[u8]) -> PathBuf {
        let out = self.folder.join(name);
        std::fs::create_dir(&out).expect("a folder can be made");
        let file = out.join("libacme.so");
        std::fs::write(&file, library).expect("a library can be written");
        let arguments = [
            "plugin",
            "sign",
            path(&file),
            "--key",
            path(&self.key),
            "--out",
            path(&out),
            "--json",
        ];
        let made = install.run(&arguments).expect(0).json();
        PathBuf::from(made["archive"].as_str().expect("an archive"))
    }
}

pub(crate) fn path(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}

//! Packages for tests: sound ones, made the way a publisher makes them, to be spoilt by the test.

use std::fs;
use std::path::{Path, PathBuf};

use bestand_plugin_api::Manifest;
use jiff::civil::{Date, date};
use tempfile::TempDir;

use super::draft::Draft;
use super::machine::Machine;
use super::{Package, PackageError};
use crate::config::publisher::{Publisher, PublisherKey};
use crate::plugin::trust::Trust;
use crate::plugin::trust::signing::{KeyError, Protection, Signer, make_pair};

/// The day on which tests are run.
pub(in crate::plugin) const TODAY: Date = date(2026, 11, 23);

/// A folder in which publishers work.
pub(in crate::plugin) struct Workshop {
    folder: TempDir,
}

// === impl Workshop ===

impl Workshop {
    pub(in crate::plugin) fn open() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(in crate::plugin) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A publisher's key.
    pub(in crate::plugin) fn signer(&self, name: &str) -> Signer {
        let path = self.path(&format!("{name}.key"));
        make_pair(&path, &Protection::Nothing).unwrap();
        Signer::open(&path, None).unwrap()
    }

    /// A package of this adapter, in a folder of its own.
    pub(in crate::plugin) fn package(
        &self,
        manifest: &Manifest,
        signer: Option<&Signer>,
    ) -> PathBuf {
        let mut folder = self.path(&format!("{}-{}", manifest.id, manifest.version));
        while folder.exists() {
            folder.as_mut_os_string().push("-again");
        }
        let mut draft = Draft::new(manifest).unwrap();
        draft.add_library(&library(self.folder.path())).unwrap();
        let sign = |bytes: &[u8], comment: &str| -> Result<_, PackageError> {
            Ok(signer.map(|signer| signer.sign(bytes, comment).unwrap()))
        };
        draft.make(&folder, sign).unwrap();
        folder
    }

    /// The same, opened.
    pub(in crate::plugin) fn opened(
        &self,
        manifest: &Manifest,
        signer: Option<&Signer>,
    ) -> Package {
        open(&self.package(manifest, signer)).unwrap()
    }
}

/// The C library: small, on every machine, and built for this one.
fn library(folder: &Path) -> PathBuf {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut paths = maps
        .lines()
        .filter_map(|line| line.split_whitespace().nth(5));
    let libc = paths.find(|path| path.contains("/libc.so.6")).unwrap();
    let copy = folder.join("libacme.so");
    fs::copy(libc, &copy).unwrap();
    copy
}

pub(in crate::plugin) fn manifest(id: &str, version: &str) -> Manifest {
    let mut manifest = Manifest::new(id, "Acme", version);
    manifest.outbound = vec!["api.acme.example".into()];
    manifest
}

pub(in crate::plugin) fn open(folder: &Path) -> Result<Package, PackageError> {
    Package::open(folder, &Machine::here())
}

/// A publisher with this key, who may sign these adapters.
pub(in crate::plugin) fn publisher(name: &str, signer: &Signer, allow: &[&str]) -> Publisher {
    Publisher {
        name: name.into(),
        keys: vec![PublisherKey {
            key: signer.public_key(),
            expires: None,
            revoked: None,
        }],
        allow: allow.iter().map(ToString::to_string).collect(),
    }
}

/// What the signature is worth today.
pub(in crate::plugin) fn judged(package: &Package, publishers: &[Publisher]) -> Trust {
    Trust::of(package, publishers, TODAY)
}

/// What making a key says, when it says no.
pub(in crate::plugin) fn key_error<T>(result: Result<T, KeyError>) -> String {
    result
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

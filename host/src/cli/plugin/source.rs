//! A package as it was handed over: a folder, or an archive that is unpacked for as long as it is looked at.

use std::path::Path;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::plugin::package::machine::Machine;
use crate::plugin::package::{Package, archive};

/// A package that was handed over.
pub(super) struct Source {
    pub(super) package: Package,
    /// Where the archive was unpacked; gone when this is dropped.
    _unpacked: Option<TempDir>,
}

// === impl Source ===

impl Source {
    pub(super) fn open(path: &Path, machine: &Machine) -> anyhow::Result<Self> {
        let refused = || format!("`{}` cannot be used", path.display());
        if path.is_dir() {
            let package = Package::open(path, machine).with_context(refused)?;
            return Ok(Self {
                package,
                _unpacked: None,
            });
        }
        let unpacked = tempfile::tempdir().context("no temporary folder can be made")?;
        let folder = archive::unpack(path, unpacked.path()).with_context(refused)?;
        let package = Package::open(&folder, machine).with_context(refused)?;
        Ok(Self {
            package,
            _unpacked: Some(unpacked),
        })
    }
}

//! `adapters.lock`: which package of each adapter is installed, who signed it, and what the operator has granted it.
//!
//! It lies in the plugin directory beside the [`store`] of the packages. The commands of `bestand plugin` write it, a
//! daemon only reads it: what it starts is what stands here, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use semver::Version;
use serde::{Deserialize, Serialize};

use super::package::digest::Digest;
use super::package::{Package, PackageError, folder};
use super::trust::Trust;
use super::trust::key_id::KeyId;

pub mod plan;
pub mod store;

/// The file in the plugin directory.
pub const FILE: &str = "adapters.lock";
/// The form that this release writes and reads.
const FORMAT: u32 = 1;
/// Longest file: a thousand adapters.
const FILE_BYTES_MAX: u64 = 4 << 20;
/// Packages that are kept for a rollback, per adapter: the last good one, and the one before it for the case that
/// what is wrong with the last shows late.
const PREVIOUS_MAX: usize = 2;
/// What folders that are made here let others do: look.
const FOLDER_MODE: u32 = 0o755;
/// The first line of the file.
const HEADING: &str = "# What `bestand plugin install`, `upgrade` and `rollback` have installed. Not edited by hand.\n\n";

/// Everything that is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    adapters: BTreeMap<String, Locked>,
}

/// One adapter's packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// Grows with every install, upgrade and rollback.
    pub generation: u64,
    /// What runs.
    #[serde(flatten)]
    pub current: Pin,
    /// What ran before, the last first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<Pin>,
}

/// One package, and what it may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The adapter's version in it.
    pub version: Version,
    /// The digest of its `MANIFEST.json`, and its folder in the store.
    pub package: Digest,
    /// The key that signed it; nothing when it is unsigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// What it may do.
    pub capabilities: BTreeSet<String>,
    /// The hosts it may speak to.
    pub hosts: BTreeSet<String>,
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    format: u32,
    #[serde(default, rename = "adapter", skip_serializing_if = "Vec::is_empty")]
    adapters: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    id: String,
    #[serde(flatten)]
    locked: Locked,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It, or the folder it is in, may be changed by others, or it is too long.
    #[error(transparent)]
    Unsafe(#[from] PackageError),
    /// It cannot be read or written.
    #[error("cannot use `{}`: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// It does not hold what this release writes.
    #[error("`{}` cannot be read: {reason}; restore it, or remove it and install the adapters again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

// === impl Installed ===

impl Installed {
    /// What is installed in the plugin directory `dir`; nothing when nothing ever was.
    ///
    /// # Errors
    /// When the file is there and cannot be trusted or read.
    pub fn read(dir: &Path) -> Result<Self, LockError> {
        let path = dir.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        folder::safe(dir)?;
        folder::safe(&path)?;
        let text = folder::read_text(&path, FILE_BYTES_MAX)?;
        let damaged = |reason: String| LockError::Damaged {
            path: path.clone(),
            reason,
        };
        let written: Written =
            toml_edit::de::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        if written.format != FORMAT {
            return Err(damaged(format!(
                "it is of format {}, this release reads format {FORMAT}",
                written.format
            )));
        }
        let adapters = written
            .adapters
            .into_iter()
            .map(|entry| (entry.id, entry.locked));
        Ok(Self {
            adapters: adapters.collect(),
        })
    }

    /// Writes it down; whoever reads meanwhile sees the old file or the new one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, dir: &Path) -> Result<(), LockError> {
        let path = dir.join(FILE);
        let failed = |cause| LockError::File {
            path: path.clone(),
            cause,
        };
        let entries = self.adapters.iter().map(|(id, locked)| Entry {
            id: id.clone(),
            locked: locked.clone(),
        });
        let written = Written {
            format: FORMAT,
            adapters: entries.collect(),
        };
        let text = toml_edit::ser::to_string_pretty(&written);
        let text = text.map_err(|error| failed(io::Error::other(error.to_string())))?;
        let put = || -> io::Result<()> {
            let mut draft = tempfile::Builder::new()
                .prefix(".adapters.lock")
                .tempfile_in(dir)?;
            draft.write_all(HEADING.as_bytes())?;
            draft.write_all(text.as_bytes())?;
            store::set_file_mode(draft.path())?;
            draft.as_file().sync_all()?;
            draft.persist(&path).map_err(|error| error.error)?;
            File::open(dir)?.sync_all()
        };
        put().map_err(failed)
    }

    /// The packages of this adapter, when there are any.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Locked> {
        self.adapters.get(id)
    }

    /// All adapters, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Locked)> {
        self.adapters.iter()
    }

    /// Puts the packages of an adapter in place, or takes them out.
    pub fn set(&mut self, id: &str, locked: Option<Locked>) {
        match locked {
            Some(locked) => self.adapters.insert(id.into(), locked),
            None => self.adapters.remove(id),
        };
    }

    /// The packages that must stay in the store.
    #[must_use]
    pub fn packages(&self) -> BTreeSet<Digest> {
        let pins = self
            .adapters
            .values()
            .flat_map(|locked| std::iter::once(&locked.current).chain(&locked.previous));
        pins.map(|pin| pin.package).collect()
    }
}

// === impl Pin ===

impl Pin {
    /// Pins a package with everything it asks for.
    #[must_use]
    pub fn of(package: &Package, trust: &Trust) -> Self {
        Self {
            version: package.contents.version.clone(),
            package: package.digest,
            key: trust.key(),
            capabilities: package.contents.capabilities.clone(),
            hosts: package.contents.hosts.clone(),
        }
    }

    /// Why `package` is not the one that was pinned, with the way out.
    #[must_use]
    pub fn why_not(&self, id: &str, package: &Package, trust: &Trust) -> Option<String> {
        let again = format!("`bestand plugin upgrade` with the package of `{id}` puts it right");
        if package.digest != self.package || package.contents.id != id {
            return Some(format!(
                "`{id}` in the store is not the package that `{FILE}` names; {again}"
            ));
        }
        if trust.key() != self.key {
            return Some(format!(
                "`{id}` carries another signature than when it was installed; {again}"
            ));
        }
        let asked = (&package.contents.capabilities, &package.contents.hosts);
        let granted = asked.0.is_subset(&self.capabilities) && asked.1.is_subset(&self.hosts);
        (!granted).then(|| format!("`{id}` asks for more than `{FILE}` grants it; {again}"))
    }
}

/// Waits until no other command changes what is installed in `dir`, and keeps others from it while the answer lives.
///
/// # Errors
/// When the folder cannot be made or is not its owner's alone.
pub fn alone(dir: &Path) -> Result<File, LockError> {
    let failed = |cause| LockError::File {
        path: dir.into(),
        cause,
    };
    // Its owner's alone, whatever the owner's `umask` is.
    let mut folders = DirBuilder::new();
    let made = folders
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(store::folder(dir));
    made.map_err(failed)?;
    folder::safe(dir)?;
    folder::safe(&store::folder(dir))?;
    let busy = File::options()
        .create(true)
        .append(true)
        .open(store::folder(dir).join(".busy"))
        .map_err(failed)?;
    busy.lock().map_err(failed)?;
    Ok(busy)
}

#[cfg(test)]
mod tests;

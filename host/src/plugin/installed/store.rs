//! The packages that are installed, each in a folder named by its digest. Never changed once they are there.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::plugin::package::digest::Digest;
use crate::plugin::package::machine::Machine;
use crate::plugin::package::{MANIFEST_FILE, Package, PackageError, SIGNATURE_FILE, draft};

/// The folder in the plugin directory.
const FOLDER: &str = "store";

/// Where packages of the plugin directory `dir` are kept.
#[must_use]
pub fn folder(dir: &Path) -> PathBuf {
    dir.join(FOLDER)
}

/// Where the package of this digest is kept.
#[must_use]
pub fn place(dir: &Path, digest: &Digest) -> PathBuf {
    folder(dir).join(digest.to_string())
}

/// Copies an opened package into the store. What is there in the end was checked after it was copied, is on the disk,
/// and appears as a whole.
///
/// # Errors
/// When it cannot be copied, or was changed meanwhile.
pub fn put(dir: &Path, package: &Package, machine: &Machine) -> Result<Package, PackageError> {
    let place = place(dir, &package.digest);
    let cannot = |error: io::Error| {
        PackageError::unusable(format!(
            "cannot install into `{}`: {error}",
            place.display()
        ))
    };
    let draft = tempfile::Builder::new()
        .prefix(".new")
        .tempdir_in(folder(dir))
        .map_err(cannot)?;
    copy(package, draft.path()).map_err(cannot)?;
    let copied = Package::open(draft.path(), machine)?;
    if (copied.digest, &copied.signature) != (package.digest, &package.signature) {
        return Err(PackageError::unusable(
            "the package was changed while it was installed; try again",
        ));
    }
    move_into_place(draft, &place).map_err(cannot)?;
    File::open(folder(dir))
        .and_then(|store| store.sync_all())
        .map_err(cannot)?;
    Ok(Package {
        folder: place,
        ..copied
    })
}

/// Takes out every package but these.
///
/// # Errors
/// When the store cannot be read. What cannot be removed now is removed next time.
pub fn prune(dir: &Path, keep: &BTreeSet<Digest>) -> io::Result<Vec<Digest>> {
    let mut removed = Vec::new();
    for entry in fs::read_dir(folder(dir))? {
        let entry = entry?;
        let digest = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        if let Some(digest) = digest.filter(|digest| !keep.contains(digest))
            && fs::remove_dir_all(entry.path()).is_ok()
        {
            removed.push(digest);
        }
    }
    Ok(removed)
}

pub(super) fn set_file_mode(path: &Path) -> io::Result<()> {
    draft::set_mode(path, draft::FILE_MODE)
}

/// Copies what the package is known to hold, and nothing else that may have appeared beside it.
fn copy(package: &Package, into: &Path) -> io::Result<()> {
    draft::set_mode(into, draft::FOLDER_MODE)?;
    let own = [MANIFEST_FILE]
        .into_iter()
        .chain(package.signature.is_some().then_some(SIGNATURE_FILE));
    let own = own
        .map(|name| name.parse().map_err(io::Error::other))
        .collect::<io::Result<Vec<_>>>()?;
    for name in package.contents.files.keys().chain(&own) {
        draft::copy(&name.below(&package.folder), into, name)?;
        let file = name.below(into);
        File::open(&file)?.sync_all()?;
        for above in file
            .ancestors()
            .skip(1)
            .take_while(|above| above.starts_with(into))
        {
            File::open(above)?.sync_all()?;
        }
    }
    Ok(())
}

/// In place of what is there under the same digest: that is the same package, or a damaged one.
fn move_into_place(draft: tempfile::TempDir, place: &Path) -> io::Result<()> {
    if place.exists() {
        // Never a moment without it; what was there goes with the draft.
        return Ok(renameat_with(
            CWD,
            draft.path(),
            CWD,
            place,
            RenameFlags::EXCHANGE,
        )?);
    }
    fs::rename(draft.keep(), place)
}

//! The folder of a package as it lies there: its files, none of which may be a link or be changed by others.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::PackageError;
use super::contents::FILES_MAX;
use super::file_name::FileName;
use super::unreadable;

/// Those who are neither the owner nor root may write.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// Every file in the folder, by its name in it.
///
/// # Errors
/// When there is a link, a special file, a name no package has, more files than a package has, or something that
/// others may write to.
pub fn files(folder: &Path) -> Result<BTreeSet<FileName>, PackageError> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        if !safe(&next)?.is_dir() {
            return Err(PackageError::unusable(format!(
                "`{}` is no folder",
                next.display()
            )));
        }
        for entry in fs::read_dir(&next).map_err(|error| unreadable(&next, &error))? {
            let path = entry.map_err(|error| unreadable(&next, &error))?.path();
            let inside = path.strip_prefix(folder).unwrap_or(&path);
            let name = FileName::of_path(inside)
                .map_err(|error| PackageError::unusable(error.to_string()))?;
            let metadata = safe(&path)?;
            if metadata.is_dir() {
                folders.push(path);
            } else {
                found.insert(name);
            }
            // Folders count as well: an endless tree of empty ones ends here.
            if found.len() + folders.len() > FILES_MAX {
                return Err(PackageError::unusable(format!(
                    "`{}` holds more than {FILES_MAX} files; is it a package?",
                    folder.display()
                )));
            }
        }
    }
    Ok(found)
}

/// What lies at `path`: a file or a folder that only its owner may change.
///
/// # Errors
/// When it is something else, or cannot be looked at.
pub fn safe(path: &Path) -> Result<Metadata, PackageError> {
    let metadata = fs::symlink_metadata(path).map_err(|error| unreadable(path, &error))?;
    if metadata.is_symlink() {
        return Err(PackageError::unusable(format!(
            "`{}` is a link, which may lead elsewhere tomorrow; put the file itself there",
            path.display()
        )));
    }
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(PackageError::unusable(format!(
            "`{}` is neither a file nor a folder",
            path.display()
        )));
    }
    if metadata.mode() & WRITABLE_BY_OTHERS != 0 {
        return Err(PackageError::unusable(format!(
            "`{0}` can be changed by others than its owner; `chmod go-w '{0}'` ends that",
            path.display()
        )));
    }
    Ok(metadata)
}

/// Opens a regular file of at most so many bytes.
///
/// # Errors
/// When it is missing, something else, or longer.
pub(super) fn open(path: &Path, bytes_max: u64) -> Result<File, PackageError> {
    // Not followed: it may have become a link since it was looked at. Not waited for: nor a pipe.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
    let file = opened.map_err(|error| missing_or(path, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    if !metadata.is_file() {
        return Err(PackageError::unusable(format!(
            "`{}` is no regular file",
            path.display()
        )));
    }
    if metadata.len() > bytes_max {
        return Err(PackageError::unusable(format!(
            "`{}` is {} bytes long; at most {bytes_max} are taken",
            path.display(),
            metadata.len()
        )));
    }
    Ok(file)
}

/// Reads such a file.
///
/// # Errors
/// As [`open`].
pub(super) fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, PackageError> {
    let mut bytes = Vec::new();
    let mut file = open(path, bytes_max)?.take(bytes_max);
    file.read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// Reads such a file as a text.
///
/// # Errors
/// As [`open`], and when it is none.
pub(in crate::plugin) fn read_text(path: &Path, bytes_max: u64) -> Result<String, PackageError> {
    let bytes = read(path, bytes_max)?;
    String::from_utf8(bytes)
        .map_err(|_| PackageError::unusable(format!("`{}` is no text", path.display())))
}

fn missing_or(path: &Path, error: &io::Error) -> PackageError {
    match error.kind() {
        io::ErrorKind::NotFound => {
            PackageError::modified(format!("`{}` is missing; {}", path.display(), super::AGAIN))
        }
        _ => unreadable(path, error),
    }
}

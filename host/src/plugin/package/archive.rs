//! A package in one file, `acme-stock-1.2.0.tar.gz`: what a publisher hands over. Only ever unpacked into an empty
//! folder of our own, and then opened like any other.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use tar::{Archive, Builder, EntryType, Header};

use super::contents::FILES_MAX;
use super::draft::{FILE_MODE, make_parents, set_mode};
use super::file_name::FileName;
use super::{MANIFEST_FILE, PackageError, folder, unreadable};

/// What the name of such a file ends with.
pub const ENDING: &str = ".tar.gz";
/// Most bytes an archive unpacks to: a gigabyte is two of the largest libraries, and a bomb stops here.
const UNPACKED_BYTES_MAX: u64 = 1 << 30;

/// Puts the package in `package` into one file at `archive`, under a folder of the archive's own name.
///
/// # Errors
/// When a file cannot be read or the archive not be written.
pub fn pack(package: &Path, archive: &Path) -> Result<(), PackageError> {
    let names = folder::files(package)?;
    let cannot = |error: io::Error| {
        PackageError::unusable(format!("cannot write `{}`: {error}", archive.display()))
    };
    let file = File::create_new(archive).map_err(cannot)?;
    let mut builder = Builder::new(GzEncoder::new(file, Compression::default()));
    let top = archive.file_name().unwrap_or_default().to_string_lossy();
    let top = top.strip_suffix(ENDING).unwrap_or(&top);
    for name in &names {
        append(&mut builder, package, name, top).map_err(cannot)?;
    }
    let file = builder
        .into_inner()
        .and_then(GzEncoder::finish)
        .map_err(cannot)?;
    file.sync_all().map_err(cannot)
}

/// Neither times nor owners: the same package gives the same archive.
fn append<W: io::Write>(
    builder: &mut Builder<W>,
    package: &Path,
    name: &FileName,
    top: &str,
) -> io::Result<()> {
    let file = File::open(name.below(package))?;
    let mut header = Header::new_gnu();
    header.set_size(file.metadata()?.len());
    header.set_mode(FILE_MODE);
    header.set_mtime(0);
    builder.append_data(&mut header, format!("{top}/{name}"), file)
}

/// Unpacks `archive` into the empty folder `into`, and answers where the package lies in it.
///
/// # Errors
/// When it is no archive of a package, holds a link or a name that leads elsewhere, or unpacks to too much.
pub fn unpack(archive: &Path, into: &Path) -> Result<PathBuf, PackageError> {
    let file = File::open(archive).map_err(|error| unreadable(archive, &error))?;
    let limited = GzDecoder::new(file).take(UNPACKED_BYTES_MAX + 1);
    let mut archive_read = Archive::new(limited);
    let mut names = BTreeSet::new();
    let entries = archive_read
        .entries()
        .map_err(|error| unreadable(archive, &error))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| damaged(archive, &error))?;
        if entry.header().entry_type() == EntryType::Directory {
            continue;
        }
        let name = name_of(&entry)?;
        if !names.insert(name.clone()) || names.len() > FILES_MAX {
            return Err(PackageError::unusable(format!(
                "`{name}` is in the archive twice, or there are more than {FILES_MAX} files; is it a package?"
            )));
        }
        write(&mut entry, into, &name).map_err(|error| damaged(archive, &error))?;
    }
    if archive_read.into_inner().limit() == 0 {
        return Err(PackageError::unusable(format!(
            "`{}` unpacks to more than {UNPACKED_BYTES_MAX} bytes; is it a package?",
            archive.display()
        )));
    }
    // The package is the archive's own folder, or its top.
    let top = names
        .iter()
        .find_map(|name| name.as_str().strip_suffix(MANIFEST_FILE));
    let top = top.ok_or_else(|| {
        PackageError::unusable(format!(
            "`{}` holds no `{MANIFEST_FILE}`: it is no package",
            archive.display()
        ))
    })?;
    Ok(into.join(top))
}

fn name_of<R: Read>(entry: &tar::Entry<'_, R>) -> Result<FileName, PackageError> {
    let path = entry
        .path()
        .map_err(|error| PackageError::unusable(error.to_string()))?;
    // `tar czf x.tar.gz .` writes `./adapter.toml`.
    let path: PathBuf = path
        .components()
        .skip_while(|part| *part == Component::CurDir)
        .collect();
    let name =
        FileName::of_path(&path).map_err(|error| PackageError::unusable(error.to_string()))?;
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous => Ok(name),
        _ => Err(PackageError::unusable(format!(
            "`{name}` in the archive is a link or a special file; {}",
            super::AGAIN
        ))),
    }
}

fn write(entry: &mut impl Read, into: &Path, name: &FileName) -> io::Result<()> {
    make_parents(into, name)?;
    let path = name.below(into);
    io::copy(entry, &mut File::create_new(&path)?)?;
    set_mode(&path, FILE_MODE)
}

fn damaged(archive: &Path, error: &io::Error) -> PackageError {
    PackageError::unusable(format!(
        "`{}` is no `{ENDING}` archive, or a damaged one: {error}",
        archive.display()
    ))
}

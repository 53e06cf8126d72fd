//! A package: an adapter as its publisher ships it, a folder in which every byte is accounted for.
//!
//! `adapter.toml` is the manifest, `lib/<target>/lib….so` a library per kind of machine, `MANIFEST.json` names every
//! file with its length and SHA-256, and `MANIFEST.json.minisig` signs that. Opening a package proves all but the
//! signature, whose worth depends on who is trusted: [`Trust`](super::trust::Trust).
//!
//! **Invariant:** the library of an opened package is the sealed copy that was hashed, never the file again.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use bestand_plugin_api::Manifest;

use self::contents::{Contents, Entry};
use self::digest::Digest;
use self::file_name::FileName;
use self::machine::{Machine, Needs};
use super::library::Sealed;

pub mod archive;
pub mod contents;
pub mod description;
pub mod digest;
pub mod draft;
pub mod file_name;
pub mod folder;
pub mod machine;

/// The file that names all others.
pub const MANIFEST_FILE: &str = "MANIFEST.json";
/// Its signature.
pub const SIGNATURE_FILE: &str = "MANIFEST.json.minisig";
/// The adapter's manifest.
pub const DESCRIPTION_FILE: &str = "adapter.toml";
/// The folder of the libraries.
const LIBRARY_FOLDER: &str = "lib";

/// Longest `MANIFEST.json`: 256 files with their digests are 60 KB.
const MANIFEST_BYTES_MAX: u64 = 1 << 20;
/// Longest signature file: two comments and two signatures.
const SIGNATURE_BYTES_MAX: u64 = 8 << 10;
/// Longest `adapter.toml`: the largest icon, and a settings schema many times over.
const DESCRIPTION_BYTES_MAX: u64 = 1 << 20;
/// Largest file beside the libraries; what is larger than a library is no documentation.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// A package that holds what its `MANIFEST.json` says, for this machine.
#[derive(Clone, Debug)]
pub struct Package {
    /// Where it was found; for people.
    pub folder: PathBuf,
    /// What it holds.
    pub contents: Contents,
    /// What the adapter says of itself, by its file.
    pub manifest: Manifest,
    /// The library for this machine.
    pub library: Sealed,
    /// Its name in the folder.
    pub library_name: FileName,
    /// What identifies the package: the digest of `MANIFEST.json`.
    pub digest: Digest,
    /// The bytes that are signed.
    pub(super) signed: Vec<u8>,
    /// The signature file; nothing when it is unsigned.
    pub(super) signature: Option<String>,
}

/// Why a folder is no package we can use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// It is not what its publisher made.
    #[error("{0}")]
    Modified(String),
    /// It is no package, or none for this machine and this release; or others may change it.
    #[error("{0}")]
    Unusable(String),
}

// === impl PackageError ===

impl PackageError {
    pub(super) fn unusable(message: impl Into<String>) -> Self {
        Self::Unusable(message.into())
    }

    fn modified(message: impl Into<String>) -> Self {
        Self::Modified(message.into())
    }
}

// === impl Package ===

impl Package {
    /// Opens the package in `folder`, and checks every byte of it.
    ///
    /// # Errors
    /// The first thing that is wrong, in one line, with the way out.
    pub fn open(folder: &Path, machine: &Machine) -> Result<Self, PackageError> {
        let found = folder::files(folder)?;
        let signed = folder::read(&folder.join(MANIFEST_FILE), MANIFEST_BYTES_MAX)?;
        let contents = Contents::read(&signed)?;
        let signature = match found.iter().any(|name| name.as_str() == SIGNATURE_FILE) {
            true => Some(folder::read_text(
                &folder.join(SIGNATURE_FILE),
                SIGNATURE_BYTES_MAX,
            )?),
            false => None,
        };
        let is_listed = |name: &FileName| contents.files.contains_key(name);
        let others = found
            .iter()
            .filter(|name| ![MANIFEST_FILE, SIGNATURE_FILE].contains(&name.as_str()));
        if let Some(unlisted) = others.into_iter().find(|name| !is_listed(name)) {
            return Err(PackageError::modified(format!(
                "`{unlisted}` is not named in `{MANIFEST_FILE}`; {}",
                AGAIN
            )));
        }
        let library_name = library_for(&contents, &machine.target)?;
        let mut library = None;
        let mut manifest = None;
        for (name, entry) in &contents.files {
            let path = name.below(folder);
            if *name == library_name {
                library = Some(checked_library(&path, name, entry)?);
            } else if name.as_str() == DESCRIPTION_FILE {
                manifest = Some(checked_description(&path, name, entry)?);
            } else {
                check(&path, name, entry)?;
            }
        }
        let (Some(library), Some(manifest)) = (library, manifest) else {
            return Err(PackageError::unusable(format!(
                "it has no `{DESCRIPTION_FILE}`; {AGAIN}"
            )));
        };
        contents.agrees_with(&manifest)?;
        runs_on(&library, &library_name, &contents, machine)?;
        Ok(Self {
            folder: folder.into(),
            digest: Digest::of(&signed),
            contents,
            manifest,
            library,
            library_name,
            signed,
            signature,
        })
    }

    /// What a signature's trusted comment must say, so that it is worth nothing on another package.
    #[must_use]
    pub fn signed_comment(contents: &Contents, digest: &Digest) -> String {
        format!(
            "bestand package {} {} sha256:{digest}",
            contents.id, contents.version
        )
    }
}

/// What to do with a package that is not what its publisher made.
const AGAIN: &str = "get the package from its publisher again";

/// The one library for this machine.
fn library_for(contents: &Contents, target: &str) -> Result<FileName, PackageError> {
    let targets = contents.files.keys().filter_map(|name| {
        let mut parts = name.as_str().split('/');
        let (folder, target, file) = (parts.next()?, parts.next()?, parts.next()?);
        let is_library =
            folder == LIBRARY_FOLDER && file.ends_with(".so") && parts.next().is_none();
        is_library.then_some((target, name))
    });
    let targets: Vec<_> = targets.collect();
    let mut here = targets.iter().filter(|(of, _)| *of == target);
    match (here.next(), here.next()) {
        (Some((_, name)), None) => Ok((*name).clone()),
        (Some(_), Some(_)) => Err(PackageError::unusable(format!(
            "it holds two libraries for {target}; ask its publisher for a package with one"
        ))),
        (None, _) if targets.is_empty() => Err(PackageError::unusable(format!(
            "it holds no library in `{LIBRARY_FOLDER}/<target>/`; {AGAIN}"
        ))),
        (None, _) => {
            let held: Vec<_> = targets.iter().map(|(target, _)| *target).collect();
            Err(PackageError::unusable(format!(
                "it holds a library for {}, this machine is {target}; ask its publisher for a package with that",
                held.join(" and ")
            )))
        }
    }
}

/// Copies the library and checks the copy.
fn checked_library(path: &Path, name: &FileName, entry: &Entry) -> Result<Sealed, PackageError> {
    let file = folder::open(path, FILE_BYTES_MAX)?;
    let sealed = Sealed::of_file(file).map_err(|error| unreadable(path, &error))?;
    matches(name, entry, sealed.sha256().into(), sealed.bytes())?;
    Ok(sealed)
}

/// Reads the description once, and checks what was read.
fn checked_description(
    path: &Path,
    name: &FileName,
    entry: &Entry,
) -> Result<Manifest, PackageError> {
    let text = folder::read_text(path, DESCRIPTION_BYTES_MAX)?;
    matches(name, entry, Digest::of(text.as_bytes()), text.len() as u64)?;
    description::from_toml(&text)
}

fn check(path: &Path, name: &FileName, entry: &Entry) -> Result<(), PackageError> {
    let mut file = folder::open(path, FILE_BYTES_MAX)?;
    let (digest, bytes) = Digest::of_reader(&mut file).map_err(|error| unreadable(path, &error))?;
    matches(name, entry, digest, bytes)
}

fn matches(name: &FileName, entry: &Entry, digest: Digest, bytes: u64) -> Result<(), PackageError> {
    if bytes != entry.bytes {
        return Err(PackageError::modified(format!(
            "`{name}` is {bytes} bytes long, `{MANIFEST_FILE}` says {}; {AGAIN}",
            entry.bytes
        )));
    }
    if digest != entry.sha256 {
        return Err(PackageError::modified(format!(
            "`{name}` is not what `{MANIFEST_FILE}` says: its SHA-256 is {digest}; {AGAIN}"
        )));
    }
    Ok(())
}

fn runs_on(
    library: &Sealed,
    name: &FileName,
    contents: &Contents,
    machine: &Machine,
) -> Result<(), PackageError> {
    let copy = library.as_fd().try_clone_to_owned();
    let file = copy.map_err(|error| unreadable(Path::new(name.as_str()), &error))?;
    let needs = needs_of(&File::from(file), name)?;
    if let Some(target) = needs.target.filter(|target| *target != machine.target) {
        return Err(PackageError::unusable(format!(
            "`{name}` is built for {target}, this machine is {}; ask its publisher for a build for it",
            machine.target
        )));
    }
    let declared = contents
        .min_glibc
        .as_deref()
        .and_then(|version| version.parse().ok());
    match (needs.glibc.max(declared), machine.glibc) {
        (Some(needed), Some(here)) if needed > here => Err(PackageError::unusable(format!(
            "`{name}` needs glibc {needed}, this machine has {here}; ask its publisher for a build on an older system"
        ))),
        _ => Ok(()),
    }
}

fn needs_of(file: &File, name: &FileName) -> Result<Needs, PackageError> {
    Needs::of(file).map_err(|error| {
        PackageError::unusable(format!(
            "`{name}` is no shared library: {error}; ask its publisher for another build"
        ))
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> PackageError {
    PackageError::unusable(format!("cannot read `{}`: {error}", path.display()))
}

#[cfg(test)]
pub(in crate::plugin) mod testing;
#[cfg(test)]
mod tests;

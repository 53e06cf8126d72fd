//! A package in the making: libraries and a manifest, put into a folder of their own and signed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use bestand_plugin_api::Manifest;

use super::contents::{Contents, Entry};
use super::digest::Digest;
use super::file_name::FileName;
use super::{
    DESCRIPTION_FILE, LIBRARY_FOLDER, MANIFEST_FILE, PackageError, SIGNATURE_FILE, description,
    needs_of, unreadable,
};

/// All may read a package, and only its owner may change it, whatever the owner's `umask` is.
pub(in crate::plugin) const FOLDER_MODE: u32 = 0o755;
/// The same for a file.
pub(in crate::plugin) const FILE_MODE: u32 = 0o644;

/// A package in the making.
#[derive(Debug)]
pub struct Draft {
    contents: Contents,
    /// Where each file is now.
    sources: BTreeMap<FileName, PathBuf>,
    description: String,
}

// === impl Draft ===

impl Draft {
    /// Of an adapter with this manifest.
    ///
    /// # Errors
    /// When the manifest cannot be written.
    pub fn new(manifest: &Manifest) -> Result<Self, PackageError> {
        if let Some(problem) = manifest.problems().first() {
            return Err(PackageError::unusable(problem.clone()));
        }
        let mut contents = Contents::of(manifest)?;
        let description = description::to_toml(manifest)?;
        let name: FileName = named(DESCRIPTION_FILE)?;
        contents
            .files
            .insert(name, Entry::of(description.as_bytes()));
        Ok(Self {
            contents,
            sources: BTreeMap::new(),
            description,
        })
    }

    /// Adds the library at `path`, for the machine it was built for.
    ///
    /// # Errors
    /// When it is no library, or one for that machine is there already.
    pub fn add_library(&mut self, path: &Path) -> Result<(), PackageError> {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let shown = FileName::of_path(Path::new(path.file_name().unwrap_or_default()));
        let shown = shown.map_err(|error| PackageError::unusable(error.to_string()))?;
        let needs = needs_of(&file, &shown)?;
        let target = needs.target.ok_or_else(|| {
            PackageError::unusable(format!(
                "`{}` is for a kind of machine that is not known here",
                path.display()
            ))
        })?;
        let name = named(&format!("{LIBRARY_FOLDER}/{target}/{shown}"))?;
        let folder = format!("{LIBRARY_FOLDER}/{target}/");
        if self
            .sources
            .keys()
            .any(|other| other.as_str().starts_with(&folder))
        {
            return Err(PackageError::unusable(format!(
                "there are two libraries for {target}; name one"
            )));
        }
        let known = self
            .contents
            .min_glibc
            .as_deref()
            .and_then(|version| version.parse().ok());
        self.contents.min_glibc = needs.glibc.max(known).map(|version| version.to_string());
        self.contents.built_with = needs.built_with;
        self.add(name, path)
    }

    /// Adds the document at `path` under its own name.
    ///
    /// # Errors
    /// When it cannot be read or is there already.
    pub fn add_document(&mut self, path: &Path) -> Result<(), PackageError> {
        let name = FileName::of_path(Path::new(path.file_name().unwrap_or_default()));
        let name = name.map_err(|error| PackageError::unusable(error.to_string()))?;
        self.add(name, path)
    }

    /// What it will hold.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Makes the package in `folder`, which must not exist, with the signature that `sign` makes of the bytes it is
    /// given and the trusted comment; it may leave it unsigned.
    ///
    /// # Errors
    /// When it cannot be written, or a file has changed since it was added.
    pub fn make<E>(
        self,
        folder: &Path,
        sign: impl FnOnce(&[u8], &str) -> Result<Option<String>, E>,
    ) -> Result<Digest, E>
    where
        E: From<PackageError>,
    {
        let json = self.contents.to_json();
        let digest = Digest::of(&json);
        let signature = sign(
            &json,
            &super::Package::signed_comment(&self.contents, &digest),
        )?;
        let cannot = |error: io::Error| {
            PackageError::unusable(format!("cannot make `{}`: {error}", folder.display()))
        };
        fs::create_dir(folder).map_err(cannot)?;
        set_mode(folder, FOLDER_MODE).map_err(cannot)?;
        for (name, source) in &self.sources {
            copy(source, folder, name).map_err(cannot)?;
        }
        put(folder, DESCRIPTION_FILE, self.description.as_bytes()).map_err(cannot)?;
        put(folder, MANIFEST_FILE, &json).map_err(cannot)?;
        if let Some(signature) = signature {
            put(folder, SIGNATURE_FILE, signature.as_bytes()).map_err(cannot)?;
        }
        Ok(digest)
    }

    fn add(&mut self, name: FileName, path: &Path) -> Result<(), PackageError> {
        let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let (sha256, bytes) =
            Digest::of_reader(&mut file).map_err(|error| unreadable(path, &error))?;
        if self
            .contents
            .files
            .insert(name.clone(), Entry { bytes, sha256 })
            .is_some()
        {
            return Err(PackageError::unusable(format!(
                "`{name}` is there twice; name it once"
            )));
        }
        self.sources.insert(name, path.into());
        Ok(())
    }
}

// === impl Entry ===

impl Entry {
    fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.len() as u64,
            sha256: Digest::of(bytes),
        }
    }
}

/// Copies `source` to its place in `folder`, with the folders above it.
pub(in crate::plugin) fn copy(source: &Path, folder: &Path, name: &FileName) -> io::Result<()> {
    let to = name.below(folder);
    make_parents(folder, name)?;
    fs::copy(source, &to)?;
    set_mode(&to, FILE_MODE)
}

/// Makes the folders between `folder` and the file.
pub(super) fn make_parents(folder: &Path, name: &FileName) -> io::Result<()> {
    let mut path = folder.to_owned();
    let parts: Vec<&str> = name.as_str().split('/').collect();
    for part in &parts[..parts.len() - 1] {
        path.push(part);
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => {
                made?;
                set_mode(&path, FOLDER_MODE)?;
            }
        }
    }
    Ok(())
}

pub(in crate::plugin) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let path = folder.join(name);
    fs::write(&path, bytes)?;
    set_mode(&path, FILE_MODE)
}

fn named(name: &str) -> Result<FileName, PackageError> {
    name.parse()
        .map_err(|error: super::file_name::BadName| PackageError::unusable(error.to_string()))
}

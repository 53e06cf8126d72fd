//! The crate that is worked on, and the files that make a round differ from the one before.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use bestand_plugin_api::Sku;

/// Where a crate keeps settings for its tests.
const SETTINGS: &str = "tests/conformance.toml";
/// What changes by building, and is no reason to build again.
const NOT_WATCHED: [&str; 2] = ["target", "Cargo.lock"];
/// Files looked at; a folder that holds more is no adapter's.
const FILES_MAX: usize = 10_000;

/// What a round works with.
#[derive(Debug)]
pub(super) struct Project {
    /// The crate's folder.
    pub(super) folder: PathBuf,
    /// Settings, secrets and upstream.
    pub(super) settings: PathBuf,
    /// The upstream that was named, instead of that of the settings.
    pub(super) upstream: Option<String>,
    /// The SKUs that were named.
    pub(super) skus: Vec<Sku>,
}

/// Which files there were, and when they were written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) files: usize,
    hash: u64,
}

// === impl Project ===

impl Project {
    /// Says what is missing, with the way out.
    pub(super) fn new(
        folder: PathBuf,
        settings: Option<PathBuf>,
        upstream: Option<String>,
        skus: &[String],
    ) -> Result<Self, String> {
        if !folder.join("Cargo.toml").is_file() {
            return Err(format!(
                "there is no crate in `{}`; name the adapter's folder, or start one with `bestand plugin new`",
                folder.display()
            ));
        }
        let settings = settings.unwrap_or_else(|| folder.join(SETTINGS));
        if !settings.is_file() {
            return Err(format!(
                "there is no `{}`; write the settings to run with into it, or name another file with `--settings`",
                settings.display()
            ));
        }
        let skus = skus
            .iter()
            .map(|sku| Sku::new(sku).map_err(|error| format!("`{sku}`: {error}")));
        Ok(Self {
            skus: skus.collect::<Result<_, _>>()?,
            folder,
            settings,
            upstream,
        })
    }

    /// The upstream's cassette, when the command line names one.
    fn named_cassette(&self) -> Option<&Path> {
        let named = self.upstream.as_deref().map(Path::new);
        named.filter(|path| path.is_file())
    }

    /// What lies there now.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut hasher = DefaultHasher::new();
        let mut files = 0;
        add_folder(&self.folder, &mut hasher, &mut files);
        for file in self.named_cassette().into_iter().chain([&*self.settings]) {
            add(file, fs::metadata(file).ok().as_ref(), &mut hasher);
        }
        Fingerprint {
            files,
            hash: hasher.finish(),
        }
    }
}

/// What cannot be read just now is not there: an editor may be replacing it.
fn add_folder(folder: &Path, hasher: &mut DefaultHasher, files: &mut usize) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| is_watched(path)) {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            continue;
        };
        if metadata.is_dir() {
            add_folder(path, hasher, files);
        } else if *files < FILES_MAX {
            *files += 1;
            add(path, Some(&metadata), hasher);
        }
    }
}

fn add(path: &Path, metadata: Option<&Metadata>, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    metadata
        .map(|metadata| (metadata.len(), metadata.modified().ok()))
        .hash(hasher);
}

fn is_watched(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.') && !NOT_WATCHED.contains(&&*name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        for file in ["Cargo.toml", "src/lib.rs", SETTINGS] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let project = Project::new(folder.path().into(), None, None, &[]).unwrap();
        (folder, project)
    }

    #[test]
    fn sources_and_settings_are_watched_and_what_building_makes_is_not() {
        let (folder, project) = project();
        let before = project.fingerprint();
        assert_eq!(before.files, 3);
        for ignored in [
            "target/debug/lib.so",
            "Cargo.lock",
            ".git/index",
            "src/.lib.rs.swp",
        ] {
            let path = folder.path().join(ignored);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
            assert_eq!(project.fingerprint(), before, "{ignored}");
        }
        for watched in ["src/lib.rs", SETTINGS, "tests/cassettes/new.toml"] {
            let before = project.fingerprint();
            let path = folder.path().join(watched);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "changed").unwrap();
            assert_ne!(project.fingerprint(), before, "{watched}");
        }
    }

    #[test]
    fn what_is_missing_is_said_with_the_way_out() {
        let nowhere = Project::new("/nowhere".into(), None, None, &[]).unwrap_err();
        assert!(nowhere.contains("`bestand plugin new`"), "{nowhere}");
        let (folder, project) = project();
        fs::remove_file(&project.settings).unwrap();
        let unset = Project::new(folder.path().into(), None, None, &[]).unwrap_err();
        assert!(unset.contains("`--settings`"), "{unset}");
    }
}

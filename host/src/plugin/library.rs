//! Opens plugin libraries.
//!
//! It knows the contract and nothing else of the host, so that `tests/contract-versions` can build it against other
//! versions of the contract. What a plugin is asked, and how long that may take, is its parent's business.
//!
//! **Invariant:** a library is never unloaded. Its thread-local destructors, its log forwarding and every trait
//! object it gave away point into it, so unmapping it would be a crash that waits to happen. A replaced plugin costs
//! the memory of its old copy until the daemon ends.

#![expect(
    unsafe_code,
    reason = "a library is code we have not compiled: each block says what is relied on"
)]

use std::fmt;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bestand_plugin_api::abi::abi_stable::StableAbi;
use bestand_plugin_api::abi::abi_stable::abi_stability::abi_checking::check_layout_compatibility;
use bestand_plugin_api::abi::abi_stable::library::{
    AbiHeaderRef, LibHeader, LibraryError, ROOT_MODULE_LOADER_NAME_WITH_NUL, RootModuleError,
};
use bestand_plugin_api::abi::{RootRef, inward, outward};
use bestand_plugin_api::call::Port;
use libloading::os::unix::{Library as Handle, RTLD_LOCAL, RTLD_NOW};

pub use copy::Sealed;

// Named by their paths, because the version test includes this file by its own.
#[path = "library/copy.rs"]
mod copy;
#[path = "library/elf.rs"]
mod elf;

/// Longest text of a plugin that is quoted in an error, in characters.
const QUOTE_CHARS_MAX: usize = 300;

/// What was opened, by what it holds: a reload that finds the same bytes again gets the same library, and only one that
/// was replaced costs memory. Locked to look and to add, not while a library is opened.
static OPENED: Mutex<Vec<([u8; 32], &'static Opened)>> = Mutex::new(Vec::new());

/// A plugin library that is open and speaks our contract.
pub struct Library {
    path: PathBuf,
    contract: String,
    root: RootRef,
}

/// A library that is open from now on until the process ends.
struct Opened {
    handle: Handle,
    /// Open for as long: the linker tells libraries apart by their paths, and this one's is `/proc/self/fd/N`.
    _copy: Sealed,
}

/// Why a file is not a plugin we can use: one line for the operator, with the way out.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It is missing, no library, or lacks something it is linked to.
    #[error("cannot open plugin `{}`: {reason}", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What the dynamic linker says.
        reason: String,
    },
    /// A library, but no plugin.
    #[error(
        "`{}` is not a plugin: it was built without `export_adapter!`; move it out of the plugin directory",
        path.display()
    )]
    NotAPlugin {
        /// The file.
        path: PathBuf,
    },
    /// A plugin whose ABI library is not ours, so that not even its version can be read.
    #[error(
        "`{}` was built with another ABI library than plugin-api {served} uses; ask its publisher for a build with \
         an unaltered plugin-api {}",
        path.display(), major(served)
    )]
    OtherAbi {
        /// The file.
        path: PathBuf,
        /// The contract of this daemon.
        served: &'static str,
        /// What differs, for `--explain`.
        report: String,
    },
    /// A plugin for another major version of the contract.
    #[error(
        "`{}` was built for plugin-api {built_for}, this daemon serves {}.x ({served}); ask its publisher for a build \
         with plugin-api {}",
        path.display(), major(served), major(served)
    )]
    OtherMajor {
        /// The file.
        path: PathBuf,
        /// The contract it was built with.
        built_for: String,
        /// The contract of this daemon.
        served: &'static str,
    },
    /// A plugin that claims our major version, but was built with types that are not the contract's.
    #[error(
        "`{}` was built for plugin-api {built_for}, whose types are not those of this daemon's plugin-api {served}; \
         ask its publisher for a build with an unaltered plugin-api {}",
        path.display(), major(served)
    )]
    OtherTypes {
        /// The file.
        path: PathBuf,
        /// The contract it was built with.
        built_for: String,
        /// The contract of this daemon.
        served: &'static str,
        /// The layouts side by side, for `--explain`.
        report: String,
    },
    /// A plugin that fits, but says it cannot start.
    #[error("plugin `{}` refused to start: {reason}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What it says.
        reason: String,
    },
}

// === impl Library ===

impl Library {
    /// Opens a sealed library and proves that it speaks our contract. Code of the library runs here, before any check:
    /// what is opened must be trusted, or be opened inside a sandbox. `path` is where it came from, for people.
    ///
    /// # Errors
    /// Every kind of [`LoadError`]. The library stays mapped in any case.
    pub fn open(path: &Path, sealed: &Sealed) -> Result<Self, LoadError> {
        let header = header(path, sealed)?;
        let contract = header.version_strings().version.to_string();
        check_major(path, &contract)?;
        check_types(path, &contract, header)?;
        // SAFETY: the layouts were found compatible just now, in the direction in which one of them is the older.
        // Types only grow within a major version, and whether a field or method beyond the first release is there is
        // read from the value itself.
        let root = unsafe { header.init_root_module_with_unchecked_layout::<RootRef>() };
        match root {
            Ok(root) => Ok(Self {
                path: path.into(),
                contract,
                root,
            }),
            Err(error) => Err(refused(path, &reason_of(&error))),
        }
    }

    /// The version of the contract it was built with.
    #[must_use]
    pub fn contract(&self) -> &str {
        &self.contract
    }

    /// Starts the adapter with the services of `host`; once per generation.
    ///
    /// # Errors
    /// [`LoadError::Refused`].
    pub fn start(&self, host: Arc<dyn Port>) -> Result<Arc<dyn Port>, LoadError> {
        let start = self.root.start();
        match start(outward(host)).into_result() {
            Ok(adapter) => Ok(inward(adapter)),
            Err(reason) => Err(refused(&self.path, &reason)),
        }
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library")
            .field("path", &self.path)
            .field("contract", &self.contract)
            .finish_non_exhaustive()
    }
}

// === impl LoadError ===

impl LoadError {
    /// The long story behind the one line, where there is one; for `--explain`.
    #[must_use]
    pub fn report(&self) -> Option<&str> {
        match self {
            Self::OtherAbi { report, .. } | Self::OtherTypes { report, .. } => Some(report),
            _ => None,
        }
    }
}

/// A copy of the library at `path` that nobody can change any more.
///
/// # Errors
/// [`LoadError::CannotOpen`].
pub fn seal(path: &Path) -> Result<Sealed, LoadError> {
    Sealed::of(path).map_err(|error| cannot_open(path, &error))
}

/// The header every plugin exports, from a library that is open from now on until the process ends.
///
/// Never `RootModule::load_from_*`: it keeps one library per *type*, so a second plugin would be the first one.
fn header(path: &Path, sealed: &Sealed) -> Result<&'static LibHeader, LoadError> {
    let library = open_for_ever(path, sealed)?;
    // SAFETY: the type of this symbol is abi_stable's own and the same in all its versions; only `upgrade`, which
    // compares magic, version and C ABI, makes more of it.
    let symbol = unsafe {
        library
            .handle
            .get::<AbiHeaderRef>(ROOT_MODULE_LOADER_NAME_WITH_NUL.as_bytes())
    };
    let Ok(symbol) = symbol else {
        return Err(LoadError::NotAPlugin { path: path.into() });
    };
    (*symbol).upgrade().map_err(|error| LoadError::OtherAbi {
        path: path.into(),
        served: served(),
        report: error.to_string(),
    })
}

/// The library of these bytes, opened at most once.
fn open_for_ever(path: &Path, sealed: &Sealed) -> Result<&'static Opened, LoadError> {
    if let Some(opened) = find_opened(sealed.sha256()) {
        return Ok(opened);
    }
    check_length(path, sealed)?;
    let opened: &'static Opened = Box::leak(Box::new(map(path, sealed)?));
    let mut all = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    all.push((sealed.sha256(), opened));
    Ok(opened)
}

fn find_opened(sha256: [u8; 32]) -> Option<&'static Opened> {
    let all = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let found = all.iter().find(|(known, _)| *known == sha256);
    found.map(|(_, opened)| *opened)
}

/// All symbols are resolved at once (a missing one is an error here, not a crash later) and seen by nobody else.
fn map(path: &Path, sealed: &Sealed) -> Result<Opened, LoadError> {
    let name = format!("/proc/self/fd/{}", sealed.file().as_raw_fd());
    // SAFETY: the library's constructors run here. That they do no harm is what trusting a plugin means; whoever
    // does not trust it calls this in a sandboxed process.
    let opened = unsafe { Handle::open(Some(&name), RTLD_NOW | RTLD_LOCAL) };
    match opened {
        Ok(handle) => Ok(Opened {
            handle,
            _copy: sealed.clone(),
        }),
        Err(libloading::Error::DlOpen { source }) => {
            let told = source.to_string();
            let prefix = format!("{name}: ");
            Err(cannot_open(
                path,
                &told.strip_prefix(&prefix).unwrap_or(&told),
            ))
        }
        Err(error) => Err(cannot_open(path, &error)),
    }
}

/// A file that is shorter than it says would be mapped, and the daemon killed when it touches the missing end.
fn check_length(path: &Path, sealed: &Sealed) -> Result<(), LoadError> {
    let present = sealed.bytes();
    match elf::bytes_needed(&mut sealed.file()) {
        Ok(needed) if present < needed => {
            let missing = format!(
                "{} of {needed} bytes are missing; copy it again",
                needed - present
            );
            Err(cannot_open(path, &missing))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(cannot_open(path, &error)),
    }
}

fn cannot_open(path: &Path, reason: &dyn fmt::Display) -> LoadError {
    LoadError::CannotOpen {
        path: path.into(),
        reason: one_line(&reason.to_string()),
    }
}

fn check_major(path: &Path, contract: &str) -> Result<(), LoadError> {
    if major(contract) == major(served()) {
        return Ok(());
    }
    Err(LoadError::OtherMajor {
        path: path.into(),
        built_for: one_line(contract),
        served: served(),
    })
}

/// abi_stable takes only "the plugin has all we know". An older plugin has less, and is as good: then *it* is the one
/// that must find all it knows in us.
fn check_types(path: &Path, contract: &str, header: &LibHeader) -> Result<(), LoadError> {
    let ours = <RootRef as StableAbi>::LAYOUT;
    let report = match header.layout() {
        None => "the plugin was exported without a description of its types".into(),
        Some(theirs) => {
            let Err(report) = check_layout_compatibility(ours, theirs) else {
                return Ok(());
            };
            if check_layout_compatibility(theirs, ours).is_ok() {
                return Ok(());
            }
            report.to_string()
        }
    };
    Err(LoadError::OtherTypes {
        path: path.into(),
        built_for: one_line(contract),
        served: served(),
        report,
    })
}

fn refused(path: &Path, reason: &str) -> LoadError {
    LoadError::Refused {
        path: path.into(),
        reason: one_line(reason),
    }
}

fn reason_of(error: &LibraryError) -> String {
    match error {
        LibraryError::RootModule {
            err: RootModuleError::Returned(reason),
            ..
        } => reason.to_string(),
        LibraryError::RootModule {
            err: RootModuleError::Unwound,
            ..
        } => "it panicked".into(),
        error => error.to_string(),
    }
}

/// The contract this file was built with, by the package that defines it.
fn served() -> &'static str {
    bestand_plugin_api::CONTRACT
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

/// Keeps text that others wrote from breaking the one line it is quoted in.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(QUOTE_CHARS_MAX).collect()
}

//! What could run: every package that is installed and every loose library, each with what its signature is worth.
//!
//! Nothing of a candidate has been opened, so that what is not enabled, not trusted or not what was installed never
//! gets to run a line. The library of one that may be opened is the sealed copy that was checked.

use std::io;
use std::path::{Path, PathBuf};

use bestand_plugin_api::Manifest;
use jiff::civil::Date;

use super::installed::{Installed, Pin, store};
use super::library::{self, Sealed};
use super::package::machine::Machine;
use super::package::{MANIFEST_FILE, Package, PackageError, description, folder};
use super::refusal::{Refusal, RefusalKind};
use super::trust::Trust;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::publisher::Publisher;

/// Candidates looked at; a directory with more is taken for the wrong one.
const CANDIDATES_MAX: usize = 256;

/// Whom to trust, and what else may run.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Whose signatures count.
    pub publishers: Vec<Publisher>,
    /// Whether what nobody signed may run.
    pub allow_unsigned: bool,
    /// The day, by which keys expire.
    pub today: Date,
    /// What libraries must fit.
    pub machine: Machine,
}

/// Something that could run.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The library file, or the package's folder; for people.
    pub path: PathBuf,
    /// What its signature is worth; nothing when it did not get so far.
    pub trust: Option<Trust>,
    /// Where it comes from in the store; nothing for a loose library.
    pub installed: Option<Generation>,
    /// What its file says of it; nothing for a loose library, which has to be asked.
    pub manifest: Option<Manifest>,
    /// What may be opened, or why nothing may.
    pub library: Result<Sealed, Refusal>,
}

/// Which package of its adapter it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// The adapter, as the lock knows it.
    pub id: String,
    /// Grows with every install, upgrade and rollback.
    pub number: u64,
    /// What was installed, and what it was granted.
    pub pin: Pin,
}

// === impl Policy ===

impl Policy {
    /// As the config says, on this day.
    #[must_use]
    pub fn of(config: &Config, clock: &Clock) -> Self {
        Self {
            publishers: config.publishers.clone(),
            allow_unsigned: config.plugins.allow_unsigned,
            today: today(clock),
            machine: Machine::here(),
        }
    }

    /// Trusts nobody, and lets everything run.
    #[must_use]
    pub fn unsigned(clock: &Clock) -> Self {
        Self {
            publishers: Vec::new(),
            allow_unsigned: true,
            today: today(clock),
            machine: Machine::here(),
        }
    }
}

/// The day it is, in UTC.
#[must_use]
pub fn today(clock: &Clock) -> Date {
    let now = jiff::Timestamp::from_millisecond(clock.now().millis()).unwrap_or_default();
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}

// === impl Candidate ===

impl Candidate {
    /// All candidates of the plugin directory `dir`: the installed packages, then the loose libraries.
    ///
    /// # Errors
    /// Only when the directory as a whole cannot be read, or what is installed in it not be known.
    pub fn find_all(dir: &Path, policy: &Policy) -> io::Result<Vec<Self>> {
        let installed = Installed::read(dir).map_err(io::Error::other)?;
        let generations = installed.iter().map(|(id, locked)| Generation {
            id: id.clone(),
            number: locked.generation,
            pin: locked.current.clone(),
        });
        let mut found: Vec<Self> = generations
            .map(|generation| Self::of_generation(dir, &generation, policy))
            .collect();
        for path in loose(dir)? {
            found.push(match path.is_dir() {
                true => Self::not_installed(path),
                false => Self::loose(path, policy),
            });
        }
        Ok(found)
    }

    /// Why what the adapter said of itself is not to be believed.
    #[must_use]
    pub fn why_lying(&self, told: &Manifest) -> Option<String> {
        let field = description::difference(self.manifest.as_ref()?, told)?;
        Some(format!(
            "`{}` says another `{field}` of itself than its `adapter.toml`; get the package from its publisher again",
            told.id
        ))
    }

    /// A package of the store, as `generation` pins it.
    #[must_use]
    pub fn of_generation(dir: &Path, generation: &Generation, policy: &Policy) -> Self {
        let Generation { id, pin, .. } = generation;
        let path = store::place(dir, &pin.package);
        let package =
            folder::safe(&store::folder(dir)).and_then(|_| Package::open(&path, &policy.machine));
        let (trust, manifest, library) = match package {
            Ok(package) => {
                let trust = Trust::of(&package, &policy.publishers, policy.today);
                let library = match why_not(id, pin, &package, &trust, policy) {
                    None => Ok(package.library),
                    Some(refusal) => Err(refusal),
                };
                (Some(trust), Some(package.manifest), library)
            }
            Err(error) => {
                let reason = format!("`{id}` cannot be used: {error}");
                let trust = match error {
                    PackageError::Modified(reason) => Some(Trust::Modified { reason }),
                    PackageError::Unusable(_) => None,
                };
                (trust, None, Err(Refusal::of(RefusalKind::Package, reason)))
            }
        };
        Self {
            path,
            trust,
            installed: Some(generation.clone()),
            manifest,
            library,
        }
    }

    fn loose(path: PathBuf, policy: &Policy) -> Self {
        let library = match policy.allow_unsigned {
            true => library::seal(&path).map_err(Refusal::new),
            false => Err(Refusal::of(
                RefusalKind::Loose,
                format!(
                    "`{0}` is not signed; make a package of it with `bestand plugin sign {0} --key …` and install that, \
                 or, to try things out, set `plugins.allow_unsigned = true`",
                    path.display()
                ),
            )),
        };
        Self {
            path,
            trust: Some(Trust::Unsigned),
            installed: None,
            manifest: None,
            library,
        }
    }

    fn not_installed(path: PathBuf) -> Self {
        let reason = format!(
            "`{0}` is a package that is not installed; `bestand plugin install {0}` does that",
            path.display()
        );
        Self {
            path,
            trust: None,
            installed: None,
            manifest: None,
            library: Err(Refusal::of(RefusalKind::NotInstalled, reason)),
        }
    }
}

/// Why an installed package must not be opened: what the lock says first, then what its signature is worth today.
fn why_not(
    id: &str,
    pin: &Pin,
    package: &Package,
    trust: &Trust,
    policy: &Policy,
) -> Option<Refusal> {
    let untrusted = match trust {
        Trust::Unsigned if policy.allow_unsigned => None,
        trust => trust.why_not(id),
    };
    let untrusted = untrusted.map(|reason| Refusal::of(RefusalKind::Untrusted, reason));
    untrusted.or_else(|| {
        let reason = pin.why_not(id, package, trust)?;
        Some(Refusal::of(RefusalKind::Pinned, reason))
    })
}

/// The libraries and packages that lie in the directory without being installed, in order of their names.
fn loose(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let is_library = path.extension().is_some_and(|extension| extension == "so");
        if is_library || path.join(MANIFEST_FILE).exists() {
            found.push(path);
        }
    }
    found.sort();
    if found.len() > CANDIDATES_MAX {
        let message = format!(
            "`{}` holds more than {CANDIDATES_MAX} libraries; is it a plugin directory?",
            dir.display()
        );
        return Err(io::Error::other(message));
    }
    Ok(found)
}

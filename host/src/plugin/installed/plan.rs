//! What an install, an upgrade or a rollback makes of an adapter's packages, and what it needs the operator's word for.
//!
//! **Invariant:** this module does no I/O.

use std::collections::BTreeSet;

use super::{Locked, PREVIOUS_MAX, Pin};
use crate::plugin::package::Package;
use crate::plugin::trust::Trust;

/// What the operator has agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// That the adapter may do more than before.
    pub approve: bool,
    /// That it becomes an older one.
    pub allow_downgrade: bool,
    /// That nobody vouches for it.
    pub allow_unsigned: bool,
}

/// What an adapter asks for that it was not granted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct More {
    /// What else it can do.
    pub capabilities: BTreeSet<String>,
    /// Where else it may speak to.
    pub hosts: BTreeSet<String>,
}

/// Why it is not done, with the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The signature is not worth enough.
    #[error("{0}")]
    Untrusted(String),
    /// It would replace another package.
    #[error("`{id}` {version} is installed already; `bestand plugin upgrade` replaces it")]
    Installed {
        /// The adapter.
        id: String,
        /// What is installed.
        version: String,
    },
    /// There is nothing to replace.
    #[error("`{0}` is not installed; `bestand plugin install` does that")]
    NotInstalled(String),
    /// It is older than what is there.
    #[error(
        "`{id}` {new} is older than {old}, which is installed; if you want it all the same, add `--allow-downgrade`"
    )]
    Downgrade {
        /// The adapter.
        id: String,
        /// What would come.
        new: String,
        /// What is there.
        old: String,
    },
    /// It asks for more.
    #[error(
        "`{id}` {version} asks for more than you have granted it: {more}; if that is right, add `--approve`"
    )]
    AsksForMore {
        /// The adapter.
        id: String,
        /// What would come.
        version: String,
        /// What is new.
        more: More,
    },
    /// Nothing is left of what ran before.
    #[error(
        "nothing before {version} is kept of `{id}`; `bestand plugin upgrade --allow-downgrade` takes an older package"
    )]
    NothingBefore {
        /// The adapter.
        id: String,
        /// What is there.
        version: String,
    },
}

/// The first package of an adapter. Installing it grants what it asks for.
///
/// # Errors
/// [`Refusal`].
pub fn install(
    locked: Option<&Locked>,
    package: &Package,
    trust: &Trust,
    consent: Consent,
) -> Result<Locked, Refusal> {
    let contents = &package.contents;
    if let Some(locked) = locked.filter(|locked| locked.current.package != package.digest) {
        return Err(Refusal::Installed {
            id: contents.id.clone(),
            version: locked.current.version.to_string(),
        });
    }
    worth(package, trust, consent)?;
    Ok(following(locked, Pin::of(package, trust)))
}

/// Another package of an adapter that has one.
///
/// # Errors
/// [`Refusal`].
pub fn upgrade(
    locked: Option<&Locked>,
    package: &Package,
    trust: &Trust,
    consent: Consent,
) -> Result<Locked, Refusal> {
    let id = package.contents.id.clone();
    let locked = locked.ok_or_else(|| Refusal::NotInstalled(id.clone()))?;
    worth(package, trust, consent)?;
    let (new, old) = (&package.contents.version, &locked.current.version);
    if new < old && !consent.allow_downgrade {
        return Err(Refusal::Downgrade {
            id,
            new: new.to_string(),
            old: old.to_string(),
        });
    }
    let more = More::of(package, &locked.current);
    if !more.is_nothing() && !consent.approve {
        return Err(Refusal::AsksForMore {
            id,
            version: new.to_string(),
            more,
        });
    }
    Ok(following(Some(locked), Pin::of(package, trust)))
}

/// The package that ran before. What it ran in place of can be rolled back to in turn.
///
/// # Errors
/// [`Refusal`].
pub fn rollback(id: &str, locked: Option<&Locked>) -> Result<Locked, Refusal> {
    let locked = locked.ok_or_else(|| Refusal::NotInstalled(id.into()))?;
    let before = locked
        .previous
        .first()
        .ok_or_else(|| Refusal::NothingBefore {
            id: id.into(),
            version: locked.current.version.to_string(),
        })?;
    Ok(following(Some(locked), before.clone()))
}

/// `pin` in place of what was there, which is kept behind it.
fn following(locked: Option<&Locked>, pin: Pin) -> Locked {
    let Some(locked) = locked else {
        return Locked {
            generation: 1,
            current: pin,
            previous: Vec::new(),
        };
    };
    if locked.current == pin {
        return locked.clone();
    }
    let before = std::iter::once(&locked.current).chain(&locked.previous);
    let previous = before
        .filter(|before| before.package != pin.package)
        .take(PREVIOUS_MAX)
        .cloned();
    Locked {
        generation: locked.generation + 1,
        previous: previous.collect(),
        current: pin,
    }
}

fn worth(package: &Package, trust: &Trust, consent: Consent) -> Result<(), Refusal> {
    match trust.why_not(&package.contents.id) {
        Some(_) if *trust == Trust::Unsigned && consent.allow_unsigned => Ok(()),
        Some(reason) => Err(Refusal::Untrusted(reason)),
        None => Ok(()),
    }
}

// === impl More ===

impl More {
    fn of(package: &Package, granted: &Pin) -> Self {
        let contents = &package.contents;
        Self {
            capabilities: contents
                .capabilities
                .difference(&granted.capabilities)
                .cloned()
                .collect(),
            hosts: contents.hosts.difference(&granted.hosts).cloned().collect(),
        }
    }

    fn is_nothing(&self) -> bool {
        self.capabilities.is_empty() && self.hosts.is_empty()
    }
}

impl std::fmt::Display for More {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let capabilities = self
            .capabilities
            .iter()
            .map(|name| format!("capability `{name}`"));
        let hosts = self.hosts.iter().map(|host| format!("host `{host}`"));
        f.write_str(&capabilities.chain(hosts).collect::<Vec<_>>().join(", "))
    }
}

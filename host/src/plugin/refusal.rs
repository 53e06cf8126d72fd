//! Why a plugin is not used.

use serde::{Deserialize, Serialize};

use super::library::LoadError;

/// Why a plugin is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What sort of reason that is, for pages.
    #[serde(default)]
    pub kind: RefusalKind,
    /// One line in English, with the way out.
    pub reason: String,
    /// The long report behind it, for `--explain`.
    pub report: Option<String>,
}

/// A sort of reason not to use a plugin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// Its signature is not trusted, or it has none.
    Untrusted,
    /// It is a library without a package, which nobody has signed.
    Loose,
    /// It is a package that is not installed.
    NotInstalled,
    /// What lies in the store is not what was installed, or not to be read.
    Package,
    /// It asks for more than it was granted, or is another than was pinned.
    Pinned,
    /// What it says of itself cannot be right, or is not what its package says.
    Manifest,
    /// Another plugin already holds its adapter.
    Duplicate,
    /// It is no plugin at all.
    NoPlugin,
    /// It was built for another contract than this daemon serves.
    OtherContract,
    /// It does not start.
    #[default]
    NotStarted,
}

// === impl Refusal ===

impl Refusal {
    /// That it does not start, said in a line.
    pub(crate) fn new(reason: impl ToString) -> Self {
        Self::of(RefusalKind::NotStarted, reason)
    }

    /// A reason of this sort, said in a line.
    pub(crate) fn of(kind: RefusalKind, reason: impl ToString) -> Self {
        Self {
            kind,
            reason: reason.to_string(),
            report: None,
        }
    }
}

impl From<LoadError> for Refusal {
    fn from(error: LoadError) -> Self {
        Self {
            kind: RefusalKind::of(&error),
            reason: error.to_string(),
            report: error.report().map(str::to_owned),
        }
    }
}

// === impl RefusalKind ===

impl RefusalKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Untrusted,
        Self::Loose,
        Self::NotInstalled,
        Self::Package,
        Self::Pinned,
        Self::Manifest,
        Self::Duplicate,
        Self::NoPlugin,
        Self::OtherContract,
        Self::NotStarted,
    ];

    fn of(error: &LoadError) -> Self {
        match error {
            LoadError::NotAPlugin { .. } => Self::NoPlugin,
            LoadError::OtherAbi { .. }
            | LoadError::OtherMajor { .. }
            | LoadError::OtherTypes { .. } => Self::OtherContract,
            LoadError::CannotOpen { .. } | LoadError::Refused { .. } => Self::NotStarted,
        }
    }
}

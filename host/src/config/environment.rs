//! The environment, as an argument: overrides of config keys, and secrets kept in variables.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::key_path::KeyPath;

/// What starts the name of every variable that sets a config key.
const PREFIX: &str = "BESTAND__";
/// What stands between the keys of a path.
const SEPARATOR: &str = "__";
/// Most places a variable may name in a list; far above any real list, far below what would fill the memory.
const INDEX_MAX: usize = 999;
/// Where systemd puts the folder of a unit's credentials.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Environment variables, of the process or of a test.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

/// A variable that sets a config key.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Override {
    pub(super) variable: String,
    pub(super) key: KeyPath,
    /// `None` when it is not Unicode.
    pub(super) text: Option<String>,
}

// === impl Environment ===

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
        }
    }

    /// The value of a variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&OsString> {
        self.variables.get(&OsString::from(name))
    }

    /// The folder of the credentials that systemd hands over, when there is one.
    #[must_use]
    pub fn credentials_folder(&self) -> Option<PathBuf> {
        self.variable(CREDENTIALS).map(PathBuf::from)
    }

    /// The variables that set config keys, in the order of their names.
    pub(super) fn overrides(&self) -> impl Iterator<Item = Override> {
        self.variables.iter().filter_map(|(name, value)| {
            let variable = name.to_str()?;
            let key = variable.strip_prefix(PREFIX)?;
            Some(Override {
                variable: variable.into(),
                key: key
                    .to_lowercase()
                    .split(SEPARATOR)
                    .map(String::from)
                    .collect(),
                text: value.to_str().map(String::from),
            })
        })
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        }
    }
}

impl std::fmt::Debug for Environment {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

// === impl Override ===

impl Override {
    /// The path as the `config` crate writes it: `connection[0].name`. `None` when it is no path.
    pub(super) fn expression(&self) -> Option<String> {
        let is_key = |segment: &String| {
            !segment.is_empty()
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        };
        let is_index =
            |segment: &String| segment.parse().is_ok_and(|index: usize| index <= INDEX_MAX);
        let sound = |segment: &String| match KeyPath::is_index(segment) {
            true => is_index(segment),
            false => is_key(segment),
        };
        let first = self.key.segments().first()?;
        (!KeyPath::is_index(first) && self.key.segments().iter().all(sound))
            .then(|| self.key.to_string())
    }
}

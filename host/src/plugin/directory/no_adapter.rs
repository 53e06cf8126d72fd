//! Why there is no adapter of an id, with the way out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::plugin::refusal::RefusalKind;

/// Why there is no adapter of an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoAdapter {
    /// Its plugin cannot be used.
    Refused {
        /// The adapter's id.
        id: String,
        /// What sort of reason that has.
        why: RefusalKind,
        /// The reason in English, with the way out.
        said: String,
    },
    /// Its plugin is there, but the config file does not enable it.
    NotEnabled {
        /// The adapter's id.
        id: String,
    },
    /// No plugin holds it.
    NotInstalled {
        /// The adapter's id.
        id: String,
    },
}

impl fmt::Display for NoAdapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { said, .. } => f.write_str(said),
            Self::NotEnabled { id } => write!(
                f,
                "adapter `{id}` is not enabled; add `[[adapter]]` with `id = \"{id}\"` to the config file"
            ),
            Self::NotInstalled { id } => write!(
                f,
                "no plugin in the plugin directory holds an adapter `{id}`; install it there"
            ),
        }
    }
}

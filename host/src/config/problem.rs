//! One thing that is wrong with the config, and where.

use std::fmt;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::key_path::KeyPath;

/// One thing that is wrong with the config. Never shows a value, for it could be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where the value was written.
    #[serde(flatten)]
    pub place: Place,
    /// The key concerned; empty when it is the file as a whole.
    #[serde(serialize_with = "as_text")]
    pub key: KeyPath,
    /// What is wrong, and the way out.
    pub message: String,
}

/// Where a value of the config was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// In the config file.
    File {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1, where one is concerned.
        line: Option<usize>,
    },
    /// In an environment variable.
    Variable {
        /// Its name.
        variable: String,
    },
    /// Nowhere: there is no file, and the default is not enough.
    Nowhere {},
}

// === impl Problem ===

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            key,
            message,
        } = self;
        match place {
            Place::Nowhere {} => {}
            place => write!(f, "{place}: ")?,
        }
        match key.segments() {
            [] => f.write_str(message),
            _ => write!(f, "`{key}` {message}"),
        }
    }
}

impl std::error::Error for Problem {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File {
                file,
                line: Some(line),
            } => write!(f, "{}:{line}", file.display()),
            Self::File { file, line: None } => write!(f, "{}", file.display()),
            Self::Variable { variable } => write!(f, "environment variable {variable}"),
            Self::Nowhere {} => f.write_str("defaults"),
        }
    }
}

fn as_text<S: Serializer>(key: &KeyPath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(key)
}

//! What a change clashes with.

use std::fmt;

/// What a change clashes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Another thing has this name.
    Taken {
        /// What sort of thing: `a connection`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Somebody else has changed the thing in between.
    Changed {
        /// Which thing: ``connection `019a…` ``.
        what: String,
    },
    /// A rule of the database, in the engine's own words.
    Rule(String),
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { what, name } => write!(f, "there is already {what} named `{name}`"),
            Self::Changed { what } => write!(f, "{what} was changed meanwhile; read it again"),
            Self::Rule(said) => f.write_str(said),
        }
    }
}

//! Which way stock goes between a source and its system, as the operator decides it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which way stock goes between a source and its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Its counts are read; nothing is written to it. What a source of another system has as long as nobody decides.
    Read,
    /// Changes are written to it; its counts are not read, and answer no order.
    Write,
    /// Both. What a built-in warehouse has as long as nobody decides.
    Both,
    /// Neither.
    Off,
}

/// A word that is no direction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no direction; they are read, write, both and off")]
pub struct InvalidDirection(String);

// === impl Direction ===

impl Direction {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Both, Self::Off];

    /// What a source has as long as nobody decides.
    #[must_use]
    pub const fn default_of(built_in: bool) -> Self {
        if built_in { Self::Both } else { Self::Read }
    }

    /// Whether counts are read.
    #[must_use]
    pub const fn reads(self) -> bool {
        matches!(self, Self::Read | Self::Both)
    }

    /// Whether changes are written.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(self, Self::Write | Self::Both)
    }

    /// The word used in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Both => "both",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Direction {
    type Err = InvalidDirection;

    fn from_str(word: &str) -> Result<Self, InvalidDirection> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == word);
        found.ok_or_else(|| InvalidDirection(word.chars().take(40).collect()))
    }
}

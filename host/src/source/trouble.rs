//! Why a source's counts cannot be relied on, and what to do about it.

use crate::connection;
use crate::connection::state::Status;
use crate::source::InventorySource;

/// Why a source's counts cannot be relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Its system has closed the place.
    Closed,
    /// The operator has decided that its counts are not read.
    NotRead,
    /// Its connection does not run.
    Stopped,
    /// Its connection does not work.
    Connection(connection::trouble::Trouble),
}

// === impl Trouble ===

impl Trouble {
    /// That of a source whose connection is in this state, or does not run; nothing when all is well.
    #[must_use]
    pub fn of(source: &InventorySource, status: Option<&Status>) -> Option<Self> {
        match status {
            _ if !source.active => Some(Self::Closed),
            _ if !source.reads() => Some(Self::NotRead),
            None => Some(Self::Stopped),
            Some(status) => status.state.trouble().map(Self::Connection),
        }
    }

    /// Why, in English.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Closed => "its system has closed the place".into(),
            Self::NotRead => "its counts are not read, by its direction".into(),
            Self::Stopped => "its connection does not run".into(),
            Self::Connection(trouble) => trouble.reason.to_string(),
        }
    }

    /// What to do, in English.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Closed => "open it again in its own system, or link another source".into(),
            Self::NotRead => "set its direction to `read` or `both`, or link another source".into(),
            Self::Stopped => "look at the connection; its adapter may not be enabled".into(),
            Self::Connection(trouble) => trouble.advice.to_string(),
        }
    }
}

//! Why a source's system did not say how many there are now: a closed set, so that a page can say it in its visitor's
//! language. As text it is English, as the API says it.

use std::fmt;

use crate::connection::reason::Reason;
use crate::connection::trouble::Trouble;

/// Why a source's system did not say how many there are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It took longer than an order waits.
    TooSlow {
        /// How long the order waited, in milliseconds.
        waited_ms: u128,
    },
    /// Its connection does not work.
    Connection(Trouble),
    /// Its connection is just being made.
    Connecting,
    /// Its adapter cannot look up single SKUs.
    NotAskable,
    /// The question was lost, as when the daemon ends.
    Dropped,
    /// The source is gone.
    SourceGone,
    /// The daemon's own database did not answer.
    Store(String),
    /// The call failed.
    Call(Reason),
    /// The system could not read this one article.
    Article {
        /// What people call the adapter.
        system: String,
        /// What it says.
        said: String,
    },
}

// === impl Unanswered ===

impl Unanswered {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        let advice = match self {
            Self::Connection(trouble) => return trouble.advice.to_string(),
            Self::TooSlow { .. } | Self::Connecting | Self::Dropped | Self::Article { .. } => {
                "look again in a moment"
            }
            Self::NotAskable => "the next sync brings the numbers up to date",
            Self::SourceGone => "link another source",
            Self::Store(_) => "ask the operator to look at the database",
            Self::Call(_) => "what is stored is shown with its age",
        };
        advice.into()
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooSlow { waited_ms } => {
                write!(f, "the other system did not answer within {waited_ms} ms")
            }
            Self::Connection(trouble) => trouble.reason.fmt(f),
            Self::Connecting => f.write_str("the connection is just being made"),
            Self::NotAskable => f.write_str("the adapter cannot look up single SKUs"),
            Self::Dropped => f.write_str("the question was dropped"),
            Self::SourceGone => f.write_str("the inventory source no longer exists"),
            Self::Store(said) | Self::Article { said, .. } => f.write_str(said),
            Self::Call(reason) => reason.fmt(f),
        }
    }
}

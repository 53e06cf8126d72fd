//! What a test finds.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::AdapterError;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Gravity {
    /// Worth knowing.
    Note,
    /// Works, but somebody will regret it.
    ShouldFix,
    /// Breaks a promise of the contract.
    MustFix,
}

/// What was done, what was expected, what was seen, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// How much it matters.
    pub gravity: Gravity,
    /// What the kit did.
    pub done: String,
    /// What the contract promises.
    pub expected: String,
    /// What came.
    pub seen: String,
    /// What the author can do.
    pub way_out: String,
}

/// Why a test ends early.
#[derive(Debug)]
pub(super) enum Stop {
    /// It does not apply to this adapter.
    NotApplicable(String),
    /// There is no point in going on.
    Found(Box<Finding>),
}

/// How a test ends.
pub(super) type Ended = Result<(), Stop>;

/// Results that must be there for a test to go on.
pub(super) trait Promised<T> {
    /// The value, or a finding that `done` failed.
    fn promised(self, done: &str) -> Result<T, Stop>;
}

// === impl Finding ===

impl Finding {
    fn new(gravity: Gravity, done: impl Into<String>) -> Self {
        Self {
            gravity,
            done: done.into(),
            expected: String::new(),
            seen: String::new(),
            way_out: String::new(),
        }
    }

    /// Breaks a promise of the contract.
    pub fn must_fix(done: impl Into<String>) -> Self {
        Self::new(Gravity::MustFix, done)
    }

    /// Works, but somebody will regret it.
    pub fn should_fix(done: impl Into<String>) -> Self {
        Self::new(Gravity::ShouldFix, done)
    }

    /// Worth knowing.
    pub fn note(done: impl Into<String>) -> Self {
        Self::new(Gravity::Note, done)
    }

    /// What the contract promises.
    #[must_use]
    pub fn expected(self, expected: impl Into<String>) -> Self {
        Self {
            expected: expected.into(),
            ..self
        }
    }

    /// What came.
    #[must_use]
    pub fn seen(self, seen: impl Into<String>) -> Self {
        Self {
            seen: seen.into(),
            ..self
        }
    }

    /// What the author can do.
    #[must_use]
    pub fn way_out(self, way_out: impl Into<String>) -> Self {
        Self {
            way_out: way_out.into(),
            ..self
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.gravity, self.done)?;
        for (word, text) in [
            ("expected", &self.expected),
            ("seen", &self.seen),
            ("way out", &self.way_out),
        ] {
            if !text.is_empty() {
                writeln!(f, "    {word}: {text}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Gravity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::ShouldFix => "should fix",
            Self::MustFix => "must fix",
        })
    }
}

// === impl Stop ===

impl Stop {
    pub(super) fn not_applicable(reason: impl Into<String>) -> Self {
        Self::NotApplicable(reason.into())
    }
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Found(Box::new(finding))
    }
}

impl<T> Promised<T> for Result<T, AdapterError> {
    fn promised(self, done: &str) -> Result<T, Stop> {
        self.map_err(|error| {
            Finding::must_fix(done)
                .expected("it works: everything is as the profile says")
                .seen(told(&error))
                .way_out("see what it says; if the profile or the cassette is wrong, mend that")
                .into()
        })
    }
}

/// An error in one line.
pub(super) fn told(error: &AdapterError) -> String {
    format!("{:?}: {error}", error.kind)
}

//! What came of an import: how much was taken, and every line that was not, with the reason.

use std::fmt;

use super::mapping::Field;
use super::record::At;

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Bytes read.
    pub bytes: u64,
    /// Lines read, headers and blank ones apart.
    pub lines: u64,
    /// Lines taken.
    pub taken: u64,
    /// How many of the lines taken are goods.
    pub goods: u64,
    /// Lines refused; together with those taken, all that were read.
    pub refused: u64,
    /// Whole orders that came again in the same stream; the last one counts.
    pub repeated: u64,
    /// Columns that nobody named, and that were known by what other systems call them.
    pub guessed: Vec<(Field, String)>,
    /// Orders stored that were not there before.
    pub created: u64,
    /// Orders stored in the place of one that was.
    pub replaced: u64,
}

/// A line that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where it stands and how it begins.
    pub at: At,
    /// The field at fault, where it is one.
    pub field: Option<Field>,
    /// What is wrong with it.
    pub reason: String,
}

// === impl Report ===

impl Report {
    /// Orders stored.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.created + self.replaced
    }

    pub(super) fn count_line(&mut self, goods: bool) {
        self.taken += 1;
        self.goods += u64::from(goods);
    }
}

// === impl Refusal ===

impl Refusal {
    pub(super) fn new(at: At, reason: impl Into<String>) -> Self {
        Self {
            at,
            field: None,
            reason: reason.into(),
        }
    }

    pub(super) fn of(field: Field, at: At, reason: impl fmt::Display) -> Self {
        Self {
            at,
            field: Some(field),
            reason: reason.to_string(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.at.line)?;
        if let Some(field) = self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.reason)
    }
}

//! A line as it stands in the file: fields by name, still text.

use super::mapping::Field;
use super::report::Refusal;
use crate::clip::clip;

/// What a decoder makes of the bytes.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// One line of some order.
    Row(Record),
    /// A whole order: its head, and its lines.
    Order(Record, Vec<Record>),
    /// Something that could not be read, with what could be made out of it all the same.
    Refused(Refusal, Option<Record>),
}

/// A line as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The line of the file it begins on, from 1.
    pub line: u64,
    /// How it begins in the file, for the report.
    pub text: String,
    values: [Option<String>; Field::COUNT],
}

/// Where in the file something stands, and how it reads there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// The line of the file, from 1.
    pub line: u64,
    /// How it begins.
    pub text: String,
}

// === impl Record ===

impl Record {
    /// A record without any fields yet, from the raw text it stands in.
    #[must_use]
    pub fn new(line: u64, raw: &[u8]) -> Self {
        Self {
            line,
            text: clip(raw),
            ..Self::default()
        }
    }

    /// What a field says; nothing when it is missing or blank.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        self.values[field as usize].as_deref()
    }

    /// Fills a field; blank is the same as missing.
    pub fn set(&mut self, field: Field, value: &str) {
        let value = value.trim();
        self.values[field as usize] = (!value.is_empty()).then(|| value.to_owned());
    }

    /// Where it stands.
    #[must_use]
    pub fn at(&self) -> At {
        At {
            line: self.line,
            text: self.text.clone(),
        }
    }
}

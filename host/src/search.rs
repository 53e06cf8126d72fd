//! What people type to find something, and the range of texts that begin with it.

use std::fmt;

/// Longest text that is searched for, in bytes: as long as the longest order number, and longer than any SKU.
pub const SEARCH_BYTES_MAX: usize = 200;

/// What somebody looks for: any text but empty, without surrounding white space or control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText(Box<str>);

/// Why a text is none that can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSearch {
    /// Longer than [`SEARCH_BYTES_MAX`].
    #[error("what is searched for must not be longer than {SEARCH_BYTES_MAX} bytes")]
    TooLong,
    /// Holds a control character.
    #[error("what is searched for must not hold control characters")]
    ControlCharacter,
}

// === impl SearchText ===

impl SearchText {
    /// What was typed, after trimming white space around it; nothing when that leaves nothing.
    ///
    /// # Errors
    /// When it is too long, or holds control characters.
    pub fn read(typed: &str) -> Result<Option<Self>, InvalidSearch> {
        match typed.trim() {
            "" => Ok(None),
            long if long.len() > SEARCH_BYTES_MAX => Err(InvalidSearch::TooLong),
            dirty if dirty.chars().any(char::is_control) => Err(InvalidSearch::ControlCharacter),
            text => Ok(Some(Self(text.into()))),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text in small letters, as far as they are ASCII: so do both databases fold.
    #[must_use]
    pub fn lower(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The text as it was typed, in capitals and in small letters: what somebody may have meant who did not look at
    /// how it is written. Each once.
    #[must_use]
    pub fn spellings(&self) -> Vec<String> {
        let mut spellings = vec![
            self.0.to_string(),
            self.0.to_ascii_uppercase(),
            self.lower(),
        ];
        spellings.sort_unstable();
        spellings.dedup();
        spellings
    }
}

impl fmt::Display for SearchText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The least text that comes after all that begin with `prefix`, in the order of their characters.
///
/// After texts that begin with nothing but the last character there is, nothing comes; of those the longer ones are
/// left out.
#[must_use]
pub fn end_of_prefix(prefix: &str) -> String {
    let mut rest = prefix.chars();
    while let Some(last) = rest.next_back() {
        // Skips what is no character, between U+D7FF and U+E000.
        if let Some(next) = (last..=char::MAX).nth(1) {
            return format!("{}{next}", rest.as_str());
        }
    }
    format!("{prefix}{}", char::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_a_prefix_lies_before_its_end_and_all_else_does_not() {
        for (prefix, end) in [
            ("A", "B"),
            ("10", "11"),
            ("ab9", "ab:"),
            ("x\u{d7ff}", "x\u{e000}"),
            ("Größe", "Größf"),
            ("a\u{10ffff}", "b"),
        ] {
            assert_eq!(end_of_prefix(prefix), end, "{prefix}");
            assert!(format!("{prefix}\u{10ffff}\u{10ffff}").as_str() < end);
        }
    }

    #[test]
    fn nothing_typed_is_nothing_to_look_for() {
        assert_eq!(SearchText::read("  \t"), Ok(None));
        assert_eq!(SearchText::read(" A 1 ").unwrap().unwrap().as_str(), "A 1");
        assert_eq!(
            SearchText::read("a\u{7}b"),
            Err(InvalidSearch::ControlCharacter)
        );
        assert_eq!(
            SearchText::read(&"x".repeat(201)),
            Err(InvalidSearch::TooLong)
        );
    }

    #[test]
    fn a_text_is_looked_for_in_capitals_and_small_letters_but_each_only_once() {
        let spellings = |text| SearchText::read(text).unwrap().unwrap().spellings();
        assert_eq!(spellings("Mug"), ["MUG", "Mug", "mug"]);
        assert_eq!(spellings("17"), ["17"]);
    }
}

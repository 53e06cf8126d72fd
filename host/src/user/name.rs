//! The name of a user: typed to sign in, read by others, and compared without case.

use std::fmt;
use std::str::FromStr;

use super::agreed_form::{composed, without_case};

/// Longest name, in characters.
const CHARS_MAX: usize = 100;

/// The name of a user, unique over the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String);

/// Why a text is no name of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUserName {
    /// There is nothing but white space.
    #[error("a user's name must not be empty")]
    Empty,
    /// It is too long.
    #[error("a user's name must be at most {CHARS_MAX} characters long")]
    TooLong,
    /// It has characters that nobody sees: two names must not look the same.
    #[error("a user's name must not hold characters that cannot be seen")]
    Unseen,
}

// === impl UserName ===

impl UserName {
    /// A name as it was typed; white space around it, and more than one space within, are taken for a slip.
    ///
    /// # Errors
    /// When it is empty, too long, or holds what cannot be seen.
    pub fn parse(text: &str) -> Result<Self, InvalidUserName> {
        let text = text.trim();
        if text.contains(is_unseen) {
            return Err(InvalidUserName::Unseen);
        }
        let words: Vec<_> = text.split_whitespace().collect();
        let name = composed(&words.join(" ")).into_owned();
        match name.chars().count() {
            0 => Err(InvalidUserName::Empty),
            chars if chars > CHARS_MAX => Err(InvalidUserName::TooLong),
            _ => Ok(Self(name)),
        }
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is compared by: the same for `Anna` and `ANNA`.
    #[must_use]
    pub fn key(&self) -> String {
        without_case(&self.0)
    }
}

impl FromStr for UserName {
    type Err = InvalidUserName;

    fn from_str(text: &str) -> Result<Self, InvalidUserName> {
        Self::parse(text)
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Control characters, and those that only steer how others are laid out. The two joiners belong to how some languages
/// are spelled.
fn is_unseen(char: char) -> bool {
    let steers = matches!(
        char,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    char.is_control() || steers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_was_meant() {
        let name = |text: &str| UserName::parse(text).map(|name| name.to_string());
        assert_eq!(name(" Anna  Berg\u{a0}"), Ok("Anna Berg".into()));
        assert_eq!(name("Ju\u{308}rgen"), Ok("Jürgen".into()));
        assert_eq!(name(&"ü".repeat(100)), Ok("ü".repeat(100)));
        for (text, why) in [
            ("", InvalidUserName::Empty),
            (" \u{a0} ", InvalidUserName::Empty),
            (&*"x".repeat(101), InvalidUserName::TooLong),
            ("an\na", InvalidUserName::Unseen),
            ("an\u{202e}na", InvalidUserName::Unseen),
            ("anna\u{200b}", InvalidUserName::Unseen),
        ] {
            assert_eq!(name(text), Err(why), "{text:?}");
        }
    }

    #[test]
    fn names_that_differ_in_case_alone_are_the_same_name() {
        let key = |text| UserName::parse(text).unwrap().key();
        assert_eq!(key("ÄNNE Berg"), key("änne  BERG"));
        assert_ne!(key("anna"), key("hanna"));
    }
}

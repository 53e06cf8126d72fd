//! What a password must be: long, and not what everybody tries first. Nothing is said about what it is made of.

use zeroize::Zeroizing;

use super::UserName;
use super::agreed_form::{composed, without_case};
use super::common_password;
use crate::secret::SecretText;

/// Shortest password, in characters: at the rate at which guesses are let through, and at what one costs somebody who
/// has the hashes, length is what keeps it safe.
const CHARS_MIN: usize = 12;
/// Longest password, in characters: a sentence is welcome, a novel only keeps the processor busy.
const CHARS_MAX: usize = 1_000;

/// A password that may be given to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password(SecretText);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// It is too short.
    #[error(
        "the password must have at least {CHARS_MIN} characters; a few words that only you put together are good"
    )]
    TooShort,
    /// It is too long.
    #[error("the password must have at most {CHARS_MAX} characters")]
    TooLong,
    /// It is the name of its user.
    #[error(
        "the password must not be the user's name; choose one that nobody can read off the page"
    )]
    IsName,
    /// It is among what is tried first.
    #[error(
        "this password is among those that are tried first; choose one that only you would think of"
    )]
    Common,
}

// === impl Password ===

impl Password {
    /// The password `text` for the user of this name.
    ///
    /// # Errors
    /// As [`WeakPassword`] tells.
    pub fn parse(text: &SecretText, name: &UserName) -> Result<Self, WeakPassword> {
        let text = Zeroizing::new(composed(text.reveal()).into_owned());
        match text.chars().count() {
            chars if chars < CHARS_MIN => return Err(WeakPassword::TooShort),
            chars if chars > CHARS_MAX => return Err(WeakPassword::TooLong),
            _ => {}
        }
        let folded = Zeroizing::new(without_case(&text));
        if *folded == name.key() {
            return Err(WeakPassword::IsName);
        }
        match common_password::is_common(&folded) {
            true => Err(WeakPassword::Common),
            false => Ok(Self(text.as_str().into())),
        }
    }

    /// The text itself, for the one place that hashes it.
    pub(super) fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// What somebody typed to sign in, as it is compared. What no password can be is compared as nothing: it is wrong, and
/// takes no longer to be.
pub(super) fn attempted(text: &SecretText) -> SecretText {
    match text.reveal().chars().nth(CHARS_MAX) {
        Some(_) => SecretText::default(),
        None => composed(text.reveal()).into_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(), WeakPassword>) {
        let name = UserName::parse("Anna Magdalena").unwrap();
        let parsed = Password::parse(&text.into(), &name).map(drop);
        assert_eq!(parsed, expected, "{text}");
    }

    #[test]
    fn a_password_is_long_and_neither_the_name_nor_a_common_one() {
        check("ein rotes Boot im Schnee", Ok(()));
        check("            ", Err(WeakPassword::Common));
        check("süße Grüße 🎈", Ok(()));
        check(&"wörter ".repeat(142), Ok(()));
        check(&"wörter ".repeat(143), Err(WeakPassword::TooLong));
        check("rotes Boot!", Err(WeakPassword::TooShort));
        check("u\u{308}berlegung", Err(WeakPassword::TooShort));
        check("anna MAGDALENA", Err(WeakPassword::IsName));
        check("Password1234", Err(WeakPassword::Common));
    }

    #[test]
    fn a_password_does_not_show() {
        let name = UserName::parse("anna").unwrap();
        let password = Password::parse(&"ein rotes Boot".into(), &name).unwrap();
        assert!(!format!("{password:?}").contains("Boot"));
    }

    #[test]
    fn what_no_password_can_be_is_compared_as_nothing() {
        assert_eq!(attempted(&"x".repeat(1_001).into()).reveal(), "");
        assert_eq!(attempted(&"u\u{308}".into()).reveal(), "ü");
    }
}

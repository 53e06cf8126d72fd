//! Secrets: a type that prints `***`, and their encryption at rest.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore;
use rand::rngs::OsRng;
use serde::Deserialize;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub mod key;
pub mod vault;

/// A text that is never shown: not by `{}`, not by `{:?}`, not in JSON. Its memory is wiped when it is dropped.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "String")]
pub struct SecretText(Zeroizing<String>);

// === impl SecretText ===

impl SecretText {
    /// As many random bytes as are asked for, in base64url.
    #[must_use]
    pub fn random<const BYTES: usize>() -> Self {
        let mut bytes = Zeroizing::new([0; BYTES]);
        OsRng
            .try_fill_bytes(&mut *bytes)
            .expect("the system has randomness, or nothing of it can be trusted");
        URL_SAFE_NO_PAD.encode(*bytes).into()
    }

    /// The text itself, for the one place that has to send or hash it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to keep secret.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl PartialEq for SecretText {
    /// Takes as long for a near miss as for a wild guess.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretText {}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_stars_and_is_revealed_only_by_name() {
        let secret = SecretText::from("hunter2");
        assert_eq!(
            format!("{secret} {secret:?} {:#?}", Some(&secret))
                .matches("hunter2")
                .count(),
            0
        );
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[test]
    fn secrets_compare_by_their_text() {
        assert_eq!(SecretText::from("a"), SecretText::from("a"));
        assert_ne!(SecretText::from("a"), SecretText::from("ab"));
    }
}

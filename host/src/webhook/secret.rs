//! What signs messages: a key of a webhook, written as Standard Webhooks does.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRngCore;
use rand::rngs::OsRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::secret::SecretText;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// As many as the hash has, which is what the standard recommends at least.
const KEY_BYTES: usize = 32;

/// A key that signs messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecret(SecretText);

// === impl SigningSecret ===

impl SigningSecret {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        OsRng
            .try_fill_bytes(&mut *key)
            .expect("the system has randomness, or nothing of it can be trusted");
        let encoded = Zeroizing::new(STANDARD.encode(*key));
        Self(format!("{PREFIX}{}", *encoded).into())
    }

    /// One that was made before.
    #[must_use]
    pub fn of(text: SecretText) -> Self {
        Self(text)
    }

    /// `whsec_` and the key in base64: what the receiver is given, once.
    #[must_use]
    pub fn text(&self) -> &SecretText {
        &self.0
    }

    /// `v1,…`: what proves that this secret's holder sent `body` under this id at this time, in seconds since 1970.
    #[must_use]
    pub fn sign(&self, id: &str, sent_at_secs: i64, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key()).expect("HMAC takes any length");
        mac.update(format!("{id}.{sent_at_secs}.").as_bytes());
        mac.update(body.as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn key(&self) -> Zeroizing<Vec<u8>> {
        let encoded = self.0.reveal().trim_start_matches(PREFIX);
        let key = STANDARD.decode(encoded);
        Zeroizing::new(key.expect("it was made by `generate`, and the vault notices every change"))
    }
}

/// The signatures of all of `secrets`, with a space between them.
#[must_use]
pub fn sign_with_all(secrets: &[SigningSecret], id: &str, sent_at_secs: i64, body: &str) -> String {
    let mut signatures = String::new();
    for secret in secrets {
        let gap = if signatures.is_empty() { "" } else { " " };
        let signature = secret.sign(id, sent_at_secs, body);
        write!(signatures, "{gap}{signature}").expect("a text takes all that is written to it");
    }
    signatures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_signs_as_another_implementation_does() {
        let secret = SigningSecret::generate();
        let theirs = standardwebhooks::Webhook::new(secret.text().reveal()).unwrap();
        for body in ["", "{}", r#"{"name":"Größe 🗝"}"#] {
            let signed = theirs.sign("msg_1", 1_700_000_000, body.as_bytes());
            assert_eq!(secret.sign("msg_1", 1_700_000_000, body), signed.unwrap());
        }
    }

    #[test]
    fn a_new_secret_has_the_agreed_form_and_shows_nothing() {
        let secret = SigningSecret::generate();
        let encoded = secret.text().reveal().strip_prefix("whsec_").unwrap();
        assert_eq!(STANDARD.decode(encoded).unwrap().len(), 32);
        assert_ne!(secret, SigningSecret::generate());
        assert!(!format!("{secret:?}").contains(encoded));
    }
}

//! The halves of a pair: made at random, compared as hashes.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::secret::SecretText;

/// Random bytes of the public half: enough that no two are ever alike.
const KEY_BYTES: usize = 18;
/// Random bytes of the secret half: beyond any guessing, which is why a fast hash keeps it safe.
const SECRET_BYTES: usize = 32;

/// The SHA-256 of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

/// A new public half, `bk_…`.
pub(super) fn new_key() -> String {
    format!("bk_{}", SecretText::random::<KEY_BYTES>().reveal())
}

/// A new secret half, `bs_…`.
pub(super) fn new_secret() -> SecretText {
    format!("bs_{}", SecretText::random::<SECRET_BYTES>().reveal()).into()
}

// === impl SecretHash ===

impl SecretHash {
    /// The hash of `secret`.
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Whether these are hashes of the same secret, in a time that tells nothing about where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// As it is stored.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it was stored; `None` when the length is wrong.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

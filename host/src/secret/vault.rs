//! The vault: what encrypts the secrets of connections and webhooks before they are stored.
//!
//! XChaCha20-Poly1305 with a random nonce. A sealed secret is bound to its account, holder and name, so that a row
//! copied to another place does not open there.

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::SecretText;
use super::key::{Key, KeyId};
use crate::id::AccountId;

/// First byte of a sealed secret; a new layout gets a new one.
const LAYOUT: u8 = 1;
const KEY_ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;
const HEADER_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_BYTES;

/// Seals and opens secrets with one key. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
    key_id: KeyId,
}

/// Where a secret belongs; it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Whose it is.
    pub account: AccountId,
    /// The connection or webhook that uses it.
    pub holder: Uuid,
    /// Its name there.
    pub name: &'a str,
}

/// Why a sealed secret does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// It was sealed with another key.
    #[error(
        "secret `{name}` was sealed with key {sealed_with} but the store's key is {here}; set `store.key` to the \
             key it was sealed with, or enter the secret again"
    )]
    WrongKey {
        /// The secret.
        name: String,
        /// The name of the key it was sealed with.
        sealed_with: KeyId,
        /// The name of the vault's key.
        here: KeyId,
    },
    /// The bytes were changed, cut off or moved from another holder.
    #[error("secret `{name}` is damaged in the store; enter it again")]
    Damaged {
        /// The secret.
        name: String,
    },
}

// === impl Vault ===

impl Vault {
    /// A vault with this key.
    #[must_use]
    pub fn new(key: &Key) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new((&*key.0).into()),
            key_id: key.id(),
        }
    }

    /// The name of the key.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// Encrypts a secret for the store: layout, key id, nonce, then the ciphertext with its tag.
    #[must_use]
    pub fn seal(&self, place: Place<'_>, secret: &SecretText) -> Vec<u8> {
        let nonce = XNonce::generate();
        let bound = place.to_bytes();
        let payload = Payload {
            msg: secret.reveal().as_bytes(),
            aad: &bound,
        };
        let ciphertext = self
            .cipher
            .encrypt(&nonce, payload)
            .expect("a secret is far below the cipher's 256 GiB");
        [&[LAYOUT], self.key_id.0.as_slice(), &nonce, &ciphertext].concat()
    }

    /// Decrypts what [`Vault::seal`] made for the same place.
    ///
    /// # Errors
    /// When it was sealed with another key or for another place, or was changed since.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<SecretText, VaultError> {
        let damaged = || VaultError::Damaged {
            name: place.name.into(),
        };
        let (header, ciphertext) = sealed.split_at_checked(HEADER_BYTES).ok_or_else(damaged)?;
        let (key_id, nonce) = header[1..].split_at(KEY_ID_BYTES);
        let sealed_with = KeyId(key_id.try_into().map_err(|_| damaged())?);
        if header[0] != LAYOUT {
            return Err(damaged());
        }
        if sealed_with != self.key_id {
            return Err(VaultError::WrongKey {
                name: place.name.into(),
                sealed_with,
                here: self.key_id,
            });
        }
        let nonce = XNonce::try_from(nonce).map_err(|_| damaged())?;
        let bound = place.to_bytes();
        let plain = self
            .cipher
            .decrypt(
                &nonce,
                Payload {
                    msg: ciphertext,
                    aad: &bound,
                },
            )
            .map_err(|_| damaged())?;
        let plain = Zeroizing::new(plain);
        std::str::from_utf8(&plain)
            .map(SecretText::from)
            .map_err(|_| damaged())
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({})", self.key_id)
    }
}

impl Place<'_> {
    /// Ids have a fixed length, so no two places make the same bytes.
    fn to_bytes(self) -> Vec<u8> {
        let (account, holder) = (self.account.0.as_bytes(), self.holder.as_bytes());
        [account.as_slice(), holder, self.name.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Place<'_> {
        Place {
            account: AccountId::default(),
            holder: Uuid::now_v7(),
            name,
        }
    }

    #[test]
    fn a_sealed_secret_opens_in_its_place_and_shows_nothing() {
        let vault = Vault::new(&Key::generate());
        let place = place("api_key");
        for text in ["", "hunter2", "pässwörd 🗝", &"x".repeat(65_536)] {
            let sealed = vault.seal(place, &text.into());
            assert_eq!(vault.open(place, &sealed).unwrap().reveal(), text);
            assert!(
                text.is_empty()
                    || !sealed
                        .windows(text.len())
                        .any(|window| window == text.as_bytes())
            );
        }
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        let vault = Vault::new(&Key::generate());
        let place = place("api_key");
        assert_ne!(
            vault.seal(place, &"same".into()),
            vault.seal(place, &"same".into())
        );
    }

    #[test]
    fn a_secret_moved_to_another_account_holder_or_name_does_not_open() {
        let vault = Vault::new(&Key::generate());
        let home = place("api_key");
        let sealed = vault.seal(home, &"hunter2".into());
        let elsewhere = [
            Place {
                account: AccountId::default(),
                ..home
            },
            Place {
                holder: Uuid::now_v7(),
                ..home
            },
            Place {
                name: "api_secret",
                ..home
            },
        ];
        for place in elsewhere {
            assert_eq!(
                vault.open(place, &sealed),
                Err(VaultError::Damaged {
                    name: place.name.into()
                })
            );
        }
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let vault = Vault::new(&Key::generate());
        let place = place("api_key");
        let sealed = vault.seal(place, &"hunter2".into());
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(vault.open(place, &changed).is_err(), "byte {index}");
            assert!(
                vault.open(place, &sealed[..index]).is_err(),
                "cut at {index}"
            );
        }
    }

    #[test]
    fn a_wrong_key_is_named_with_the_way_out() {
        let (old, new) = (Vault::new(&Key::generate()), Vault::new(&Key::generate()));
        let place = place("api_key");
        let refusal = new
            .open(place, &old.seal(place, &"hunter2".into()))
            .unwrap_err()
            .to_string();
        assert!(refusal.contains(&format!(
            "sealed with key {} but the store's key is {}",
            old.key_id(),
            new.key_id()
        )));
        assert!(
            refusal.contains("set `store.key`") && !refusal.contains("hunter2"),
            "{refusal}"
        );
    }
}

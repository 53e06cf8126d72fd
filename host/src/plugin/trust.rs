//! Whether a package comes from somebody the operator trusts with this adapter.
//!
//! A signature says who made a package, not that it does no harm: that is the sandbox's part. Trust is given per
//! publisher and per id, so that one partner cannot sign another's adapter.
//!
//! **Invariant:** this module does no I/O, and the day is an argument.

use jiff::civil::Date;
use minisign_verify::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

use self::key_id::KeyId;
use super::package::Package;
use crate::config::publisher::{Publisher, PublisherKey};

pub mod key_id;
pub mod signing;

/// What a signature is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Made by a publisher who may sign this adapter.
    Trusted {
        /// What the operator calls them.
        publisher: String,
        /// Their key.
        key: KeyId,
    },
    /// There is no signature.
    Unsigned,
    /// Made with a key that no publisher of the config file has.
    UnknownKey {
        /// That key.
        key: KeyId,
    },
    /// The signature is of other bytes, or of another package; or a file is not what was signed.
    Modified {
        /// What does not fit.
        reason: String,
    },
    /// Made with a key that must not be trusted any more.
    Revoked {
        /// Whose key it was.
        publisher: String,
        /// The key.
        key: KeyId,
        /// From when on.
        since: Date,
    },
    /// Made with a key whose time is over.
    Expired {
        /// Whose key it is.
        publisher: String,
        /// The key.
        key: KeyId,
        /// From when on.
        since: Date,
    },
    /// Made by a publisher who may not sign this adapter.
    NotAllowed {
        /// Who that is.
        publisher: String,
        /// Their key.
        key: KeyId,
    },
}

/// A [`Trust`] in one word, as lists, answers and metrics name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrustWord {
    /// Signed by a publisher who may sign this adapter.
    Trusted,
    /// Not signed.
    Unsigned,
    /// Signed with a key that no publisher of the config file has.
    UnknownKey,
    /// Not what was signed.
    Modified,
    /// Signed with a key that must not be trusted any more.
    Revoked,
    /// Signed with a key whose time is over.
    Expired,
    /// Signed by a publisher who may not sign this adapter.
    NotAllowed,
}

// === impl Trust ===

impl Trust {
    /// What the signature of `package` is worth on this day.
    #[must_use]
    pub fn of(package: &Package, publishers: &[Publisher], today: Date) -> Self {
        let Some(text) = &package.signature else {
            return Self::Unsigned;
        };
        let modified = |reason: &str| Self::Modified {
            reason: reason.into(),
        };
        let (Ok(signature), Some(key)) = (Signature::decode(text), KeyId::of_signature(text))
        else {
            return modified("its signature file is no minisign signature");
        };
        let keys = publishers
            .iter()
            .flat_map(|publisher| publisher.keys.iter().map(move |key| (publisher, key)));
        let of_this_key: Vec<_> = keys
            .filter(|(_, known)| KeyId::of_public_key(&known.key) == Some(key))
            .collect();
        if of_this_key.is_empty() {
            return Self::UnknownKey { key };
        }
        let signed_by = |known: &PublisherKey| {
            let public = PublicKey::from_base64(&known.key);
            public.is_ok_and(|public| public.verify(&package.signed, &signature, false).is_ok())
        };
        let signers: Vec<_> = of_this_key
            .into_iter()
            .filter(|(_, known)| signed_by(known))
            .collect();
        if signers.is_empty() {
            return modified("its signature is not of this `MANIFEST.json`");
        }
        if signature.trusted_comment()
            != Package::signed_comment(&package.contents, &package.digest)
        {
            return modified("its signature was made for another package");
        }
        judge(&signers, key, &package.contents.id, today)
    }

    /// In one word.
    #[must_use]
    pub fn word(&self) -> TrustWord {
        match self {
            Self::Trusted { .. } => TrustWord::Trusted,
            Self::Unsigned => TrustWord::Unsigned,
            Self::UnknownKey { .. } => TrustWord::UnknownKey,
            Self::Modified { .. } => TrustWord::Modified,
            Self::Revoked { .. } => TrustWord::Revoked,
            Self::Expired { .. } => TrustWord::Expired,
            Self::NotAllowed { .. } => TrustWord::NotAllowed,
        }
    }

    /// Whose key signed, when somebody of the config file has it.
    #[must_use]
    pub fn publisher(&self) -> Option<&str> {
        match self {
            Self::Trusted { publisher, .. }
            | Self::Revoked { publisher, .. }
            | Self::Expired { publisher, .. }
            | Self::NotAllowed { publisher, .. } => Some(publisher),
            Self::Unsigned | Self::UnknownKey { .. } | Self::Modified { .. } => None,
        }
    }

    /// The key that signed, when that could be read.
    #[must_use]
    pub fn key(&self) -> Option<KeyId> {
        match self {
            Self::Trusted { key, .. }
            | Self::UnknownKey { key }
            | Self::Revoked { key, .. }
            | Self::Expired { key, .. }
            | Self::NotAllowed { key, .. } => Some(*key),
            Self::Unsigned | Self::Modified { .. } => None,
        }
    }

    /// Why the adapter `id` does not run, with the way out; nothing when it is trusted.
    #[must_use]
    pub fn why_not(&self, id: &str) -> Option<String> {
        Some(match self {
            Self::Trusted { .. } => return None,
            Self::Unsigned => format!(
                "`{id}` is not signed; ask its publisher for a signed package, sign it yourself with `bestand plugin \
                 sign`, or, to try things out, set `plugins.allow_unsigned = true`"
            ),
            Self::UnknownKey { key } => format!(
                "`{id}` is signed with key {key}, which no publisher of the config file has; if you have the key from \
                 its publisher, `bestand plugin trust NAME KEY --allow {id}` adds it"
            ),
            Self::Modified { reason } => {
                format!(
                    "`{id}` was changed after it was signed: {reason}; get the package from its publisher again"
                )
            }
            Self::Revoked {
                publisher,
                key,
                since,
            } => format!(
                "`{id}` is signed with key {key} of `{publisher}`, which is revoked since {since}; ask them for a \
                 package signed with their new key"
            ),
            Self::Expired {
                publisher,
                key,
                since,
            } => format!(
                "`{id}` is signed with key {key} of `{publisher}`, which expired on {since}; ask them for a package \
                 signed with a newer key, or set a later `expires` if they say that this one is still good"
            ),
            Self::NotAllowed { publisher, key } => format!(
                "`{id}` is signed with key {key} of `{publisher}`, who may not sign it; if they should, add it to \
                 `allow` of their `[[publisher]]`"
            ),
        })
    }
}

/// What the key that signed is worth. Whoever revokes a key under one name means it under all.
fn judge(signers: &[(&Publisher, &PublisherKey)], key: KeyId, id: &str, today: Date) -> Trust {
    let named = |publisher: &Publisher| publisher.name.clone();
    let past = |date: Option<Date>| date.filter(|date| *date <= today);
    for (publisher, known) in signers {
        if let Some(since) = past(known.revoked) {
            return Trust::Revoked {
                publisher: named(publisher),
                key,
                since,
            };
        }
    }
    let worth = signers
        .iter()
        .map(|(publisher, known)| match past(known.expires) {
            _ if !publisher.may_sign(id) => Trust::NotAllowed {
                publisher: named(publisher),
                key,
            },
            Some(since) => Trust::Expired {
                publisher: named(publisher),
                key,
                since,
            },
            None => Trust::Trusted {
                publisher: named(publisher),
                key,
            },
        });
    let worth: Vec<_> = worth.collect();
    let rank = |trust: &&Trust| match trust {
        Trust::Trusted { .. } => 0,
        Trust::Expired { .. } => 1,
        _ => 2,
    };
    worth
        .iter()
        .min_by_key(rank)
        .cloned()
        .unwrap_or(Trust::UnknownKey { key })
}

// === impl TrustWord ===

impl TrustWord {
    /// As people read it.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Unsigned => "unsigned",
            Self::UnknownKey => "unknown key",
            Self::Modified => "modified",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::NotAllowed => "not allowed",
        }
    }
}

#[cfg(test)]
mod tests;

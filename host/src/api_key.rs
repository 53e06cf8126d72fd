//! API keys: key and secret pairs with a role, kept as hashes.

mod keyring;
mod secret;

pub use keyring::{Caller, Issued, Keyring, NewApiKey, Refused};
pub use secret::SecretHash;

use bestand_plugin_api::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, ApiKeyId};

/// A key and secret pair, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose rows it opens.
    pub account_id: AccountId,
    /// The public half, `bk_…`.
    pub key: String,
    /// What the operator calls it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The partner it was made for, when it was.
    pub partner: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
    /// Since when it is refused for good.
    pub revoked_at: Option<Timestamp>,
}

/// What a caller may do; each may do all that those before it may, but a partner only for itself.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Pushes its own levels.
    Partner,
    /// Reads counts and verdicts.
    Reader,
    /// Works with orders, connections and locations.
    Operator,
    /// Makes keys and whatever else there is.
    Admin,
}

// === impl Role ===

impl Role {
    /// As it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Reader => "reader",
            Self::Operator => "operator",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "partner" => Ok(Self::Partner),
            "reader" => Ok(Self::Reader),
            "operator" => Ok(Self::Operator),
            "admin" => Ok(Self::Admin),
            other => Err(format!(
                "`{other}` is no role; it is partner, reader, operator or admin"
            )),
        }
    }
}

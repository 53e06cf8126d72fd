//! Which credentials the host puts in: names of secrets, never secrets.

use serde::{Deserialize, Serialize};

use super::SecretPlace;

/// Credentials by the names of the secrets; the values never reach a plugin. The manifest declares the secrets.
///
/// ```
/// use bestand_plugin_api::http::Auth;
///
/// let auth = Auth::header("x-api-key", "api_key");
/// # assert_ne!(auth, Auth::None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scheme", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Auth {
    /// None.
    #[default]
    None,
    /// HTTP Basic.
    #[non_exhaustive]
    Basic {
        /// Secret used as the user name.
        user: String,
        /// Secret used as the password.
        password: String,
    },
    /// `Authorization: Bearer`.
    #[non_exhaustive]
    Bearer {
        /// The secret.
        token: String,
    },
    /// A header of this name.
    #[non_exhaustive]
    Header {
        /// The header.
        name: String,
        /// The secret.
        secret: String,
    },
    /// OAuth 2 client credentials: the host fetches a token, keeps it, renews it before it expires and once on 401.
    #[non_exhaustive]
    ClientCredentials {
        /// Where tokens are made.
        token_url: String,
        /// Secret with the client's id.
        client_id: String,
        /// Secret with the client's secret.
        client_secret: String,
        /// The header that carries the token; `authorization` gets `Bearer ` in front.
        header: String,
    },
    /// Several secrets, or secrets in the body, each in a place of its own.
    #[non_exhaustive]
    Places {
        /// What goes where.
        places: Vec<SecretPlace>,
    },
    /// A scheme that only a newer contract knows. The host answers `Unsupported`; it never sends without credentials.
    #[serde(other)]
    Unknown,
}

// === impl Auth ===

impl Auth {
    /// HTTP Basic from two named secrets.
    #[must_use]
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self::Basic {
            user: user.into(),
            password: password.into(),
        }
    }

    /// `Authorization: Bearer` with a named secret.
    #[must_use]
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::Bearer {
            token: token.into(),
        }
    }

    /// The header `name` with a named secret.
    #[must_use]
    pub fn header(name: impl Into<String>, secret: impl Into<String>) -> Self {
        Self::Header {
            name: name.into(),
            secret: secret.into(),
        }
    }

    /// OAuth 2 client credentials from two named secrets, with the token in `Authorization: Bearer`.
    #[must_use]
    pub fn client_credentials(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::ClientCredentials {
            token_url: token_url.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            header: "authorization".into(),
        }
    }

    /// Named secrets, each in its place.
    #[must_use]
    pub fn places(places: impl IntoIterator<Item = SecretPlace>) -> Self {
        Self::Places {
            places: places.into_iter().collect(),
        }
    }

    /// The same OAuth 2 token, carried bare by the header `name`. Other schemes stay as they are.
    #[must_use]
    pub fn in_header(mut self, name: impl Into<String>) -> Self {
        if let Self::ClientCredentials { header, .. } = &mut self {
            *header = name.into();
        }
        self
    }
}

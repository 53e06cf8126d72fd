//! Partners that register themselves: which secrets of a connection their credentials become.

use serde::{Deserialize, Serialize};

/// What becomes of the two credentials that a partner hands over when it registers, so that it can be asked for levels.
///
/// Where a connection signs in by one of several ways, a credential may become several secrets, of which the settings
/// say the one that is used.
///
/// ```
/// use bestand_plugin_api::*;
///
/// let mut manifest = Manifest::new("acme-shelf", "Acme Shelf", "1.2.0");
/// manifest.secrets = vec![
///     SecretSpec::required("tenant", "Tenant", ""),
///     SecretSpec::required("api_key", "API key", ""),
/// ];
/// manifest.registration = Some(Registration::new(["tenant"], ["api_key"]));
/// assert!(manifest.problems().is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Registration {
    /// The names of the secrets that the registration's token becomes.
    #[serde(default)]
    pub token: Vec<String>,
    /// The names of the secrets that the registration's key becomes.
    #[serde(default)]
    pub key: Vec<String>,
}

// === impl Registration ===

impl Registration {
    /// The secrets that the token becomes, and those that the key becomes.
    #[must_use]
    pub fn new<const T: usize, const K: usize>(token: [&str; T], key: [&str; K]) -> Self {
        Self {
            token: token.map(String::from).into(),
            key: key.map(String::from).into(),
        }
    }

    /// All secrets that either becomes.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.token.iter().chain(&self.key)
    }
}

//! What stands behind a fake host: a cassette, a live system, or one of them with something in between.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::http::{Auth, HttpRequest, SecretPlace};
use crate::testing::Answer;

/// A future of an upstream.
pub type UpstreamFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A system that answers requests.
pub trait Upstream: Send + Sync {
    /// Answers `request`, in which credentials are names; `credentials` says what they are worth.
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer>;

    /// Lets time pass, where the system lives by a clock of its own. A recorded one does not: the fake host's clock
    /// is moved, and nobody waits.
    fn wait(&self, _: Duration) -> UpstreamFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// The secrets of a connection, and whether the system takes them.
#[derive(Clone, Default)]
pub struct Credentials {
    values: BTreeMap<String, String>,
    missing: BTreeSet<String>,
    are_wrong: bool,
}

// === impl Credentials ===

impl Credentials {
    /// The same with a secret more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// The same without this secret: what names it is refused, as by the daemon.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.values.remove(name);
        self.missing.insert(name.into());
        self
    }

    /// The same, but the system refuses them.
    #[must_use]
    pub fn wrong(mut self) -> Self {
        self.are_wrong = true;
        self
    }

    /// Whether the system refuses them.
    #[must_use]
    pub fn are_wrong(&self) -> bool {
        self.are_wrong
    }

    /// The value of a secret, where one was given.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// All values, by their names.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first secret that `auth` names and the connection lacks.
    #[must_use]
    pub fn missing_for<'a>(&self, auth: &'a Auth) -> Option<&'a str> {
        let mut names = auth.secrets().into_iter();
        names.find(|name| self.missing.contains(*name))
    }
}

impl fmt::Debug for Credentials {
    /// Names only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("secrets", &self.values.keys())
            .field("missing", &self.missing)
            .field("are_wrong", &self.are_wrong)
            .finish()
    }
}

// === impl Auth ===

impl Auth {
    /// The secrets it names.
    #[must_use]
    pub fn secrets(&self) -> Vec<&str> {
        match self {
            Self::None | Self::Unknown => Vec::new(),
            Self::Basic { user, password } => vec![user, password],
            Self::Bearer { token: secret } | Self::Header { secret, .. } => vec![secret],
            Self::ClientCredentials {
                client_id,
                client_secret,
                ..
            } => vec![client_id, client_secret],
            Self::Places { places } => places.iter().filter_map(SecretPlace::secret).collect(),
        }
    }
}

//! What every author implements: [`Adapter`]. For each thing the system can do besides, there is a capability trait.

use std::future::Future;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Ctx, Cursor, Listing, Location, Manifest, Result};

/// The code that speaks to one kind of system. An instance is one connection: one account, one set of settings.
///
/// All methods, also those of the capability traits, run on the adapter's own thread, never on the daemon's. Many
/// calls may be under way at once on one instance, which is why they take `&self`; guard what changes with a lock
/// that is never held across an `.await`. A method must not block: what waits goes through [`Ctx`]. Every call has a
/// deadline, named with each method; when it passes, the future is dropped where it stands, and with it the host
/// services of the call.
///
/// A method that panics fails with [`Bug`](crate::ErrorKind::Bug) and poisons its instance: the host makes a new one
/// with [`open`](Self::open) before the next call. Other connections of the adapter go on.
///
/// The [crate's first example](crate) is a complete adapter.
pub trait Adapter: Sized + Send + Sync + 'static {
    /// The settings a connection needs. Secrets are not among them: they are named in the manifest.
    ///
    /// Operators see its JSON Schema as a form and write it as TOML, so doc comments are help texts, and
    /// `#[serde(deny_unknown_fields)]` tells them of a misspelt field. Give a field that a later version adds a
    /// `#[serde(default)]`: the settings of existing connections lack it.
    type Settings: DeserializeOwned + JsonSchema;

    /// Who this is. Called each time the library is loaded, before any connection; does no work.
    fn manifest() -> Manifest;

    /// Makes an instance. Called when a connection starts, when its settings change, and after a panic; the daemon
    /// keeps the old instance's calls going until they end. Does no I/O and returns at once; there is no [`Ctx`] yet.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config) with the field that cannot be right.
    fn open(settings: Self::Settings) -> Result<Self>;

    /// Proves that credentials and settings work, as cheaply as possible and without side effects. Called once when
    /// a connection starts, by "Test connection", and before each new try after a failure. Deadline 30 s.
    ///
    /// # Errors
    /// [`Auth`](crate::ErrorKind::Auth) when the credentials are refused, [`Config`](crate::ErrorKind::Config) when
    /// a setting is wrong, else what happened.
    fn check(&self, ctx: &Ctx) -> impl Future<Output = Result<Account>> + Send;

    /// The places that hold stock, page by page: `cursor` is `None` first, then that of the page before. Called
    /// before each full listing. A place that is no longer named becomes a source that is gone, so name closed ones.
    /// At most 100,000 in all. Deadline 30 s a page.
    ///
    /// # Errors
    /// What happened; nothing is changed then.
    fn locations(
        &self,
        ctx: &Ctx,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Listing<Location>>> + Send;
}

/// What [`Adapter::check`] found.
///
/// ```
/// use bestand_plugin_api::Account;
///
/// let account = Account::named("Acme Ltd").with_warning("the key may only read; ask for one that may write");
/// assert_eq!(account.warnings.len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// What the system calls the account.
    pub name: String,
    /// What works less well than it could, and what to do, one sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
}

// === impl Account ===

impl Account {
    /// An account that works as it should.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            warnings: Vec::new(),
        }
    }

    /// The same with one thing more that works less well than it could.
    #[must_use]
    pub fn with_warning(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    /// The same with several such things more.
    #[must_use]
    pub fn with_warnings(mut self, warnings: impl IntoIterator<Item = String>) -> Self {
        self.warnings.extend(warnings);
        self
    }
}

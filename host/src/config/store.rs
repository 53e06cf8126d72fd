//! `[store]`: the database, the key of its secrets, and how much is kept.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;
use schemars::JsonSchema;
use serde::Deserialize;

use super::check::Check;
use super::duration;
use super::key_path::KeyPath;
use super::problem::Problem;
use super::secret_source::SecretSource;
use crate::secret::SecretText;
use crate::secret::key::{Key, KeyError};
use crate::secret::vault::Vault;

/// The name of the key file that is made when no key is given.
const KEY_FILE: &str = "bestand.key";

/// The database, the key of its secrets, and how much is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// The database.
    pub url: DatabaseUrl,
    /// Where the daemon keeps files: its process id, a key it made.
    pub dir: PathBuf,
    /// The key that stored secrets are sealed with.
    pub key: KeySource,
    /// How long changes of a level are kept.
    pub history: Duration,
    /// How many levels are held in memory.
    pub levels_max: usize,
}

/// A database's address, shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file on this machine.
    Sqlite(PathBuf),
    /// A server's whole address, password and all.
    Postgres(SecretText),
}

/// Where the key of stored secrets comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// From the config.
    Given(Key),
    /// From the config, but it cannot be read or is none. A daemon cannot start; what needs no secret can.
    Missing(Problem),
    /// From this file, which is made when it is missing.
    File(PathBuf),
}

/// Why the vault does not open.
#[derive(Debug, thiserror::Error)]
pub enum VaultUnavailable {
    /// The config's key cannot be had.
    #[error(transparent)]
    Config(#[from] Problem),
    /// The key file cannot be had.
    #[error(transparent)]
    File(#[from] KeyError),
}

/// The database, the key of its secrets, and how much is kept. Changes take effect after a restart.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct StoreSection {
    /// `sqlite:path/to/file.db` (made when missing) or `postgres://user:password@host/name`. Default
    /// `sqlite:data/bestand.db`.
    #[schemars(with = "String", extend("format" = "database-url"))]
    url: SecretText,
    /// The folder for files: the process id, a generated key. Default: the folder of the SQLite file, else `data`.
    #[schemars(length(min = 1))]
    dir: Option<String>,
    /// The key that stored secrets are sealed with: 32 bytes in base64 or hex. Default with SQLite: the file
    /// `bestand.key` beside the database, made at the first start. PostgreSQL needs it set.
    key: Option<SecretSource>,
    /// How many days the changes of a level are kept, for charts and for "why did this change"; of each source at most
    /// the newest 1,000,000 in any case. Default 90; from 0 to 3,650.
    #[serde(rename = "history_days", deserialize_with = "duration::days")]
    #[schemars(with = "u64", range(min = 0, max = 3650))]
    history: Duration,
    /// How many levels are held in memory, 150 bytes each at most; the others are read when asked for. Default
    /// 2,000,000, which is 300 MB when full; from 1,000 to 100,000,000.
    #[schemars(range(min = 1000, max = 100_000_000))]
    levels_max: usize,
}

// === impl Store ===

impl Store {
    /// Opens the vault, making its key when that is a file which is not there.
    ///
    /// # Errors
    /// When there is no key, or its file cannot be read or made, or can be read by others.
    pub fn open_vault(&self) -> Result<Vault, VaultUnavailable> {
        match &self.key {
            KeySource::Given(key) => Ok(Vault::new(key)),
            KeySource::File(path) => Ok(Vault::new(&Key::from_file(path)?)),
            KeySource::Missing(problem) => Err(problem.clone().into()),
        }
    }

    /// Where a running daemon writes its process id.
    #[must_use]
    pub fn pid_file(&self) -> PathBuf {
        self.dir.join("bestand.pid")
    }
}

// === impl StoreSection ===

impl StoreSection {
    pub(super) fn check(self, check: &mut Check<'_>) -> Store {
        let url = DatabaseUrl::new(&self.url, check);
        let dir = match (self.dir, &url) {
            (Some(dir), _) => check.resolve(dir),
            (None, DatabaseUrl::Sqlite(path)) => path.parent().unwrap_or(Path::new("")).to_owned(),
            (None, DatabaseUrl::Postgres(_)) => check.resolve("data"),
        };
        let given = self.key.and_then(|source| given_key(&source, check));
        let key = given.unwrap_or_else(|| key_file(&url, &dir, check));
        Store {
            url,
            dir,
            key,
            history: self.history,
            levels_max: self.levels_max,
        }
    }
}

impl Default for StoreSection {
    fn default() -> Self {
        Self {
            url: "sqlite:data/bestand.db".into(),
            dir: None,
            key: None,
            history: Duration::from_secs(90 * 86_400),
            levels_max: 2_000_000,
        }
    }
}

// === impl DatabaseUrl ===

impl DatabaseUrl {
    fn new(url: &SecretText, check: &Check<'_>) -> Self {
        match url.reveal().strip_prefix("sqlite:") {
            Some(path) => Self::Sqlite(check.resolve(path.trim_start_matches("//"))),
            None => Self::Postgres(url.clone()),
        }
    }

    /// The address itself, for the one place that connects.
    #[must_use]
    pub fn reveal(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => url.reveal().into(),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url.reveal())),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The URL as it may be shown. Parameters go as well: a password can be one of them.
pub(crate) fn without_password(text: &str) -> String {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let hidden = || format!("{scheme}://***");
    let Ok(mut url) = Url::parse(text) else {
        return hidden();
    };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return hidden();
    }
    url.set_query(None);
    url.into()
}

fn given_key(source: &SecretSource, check: &mut Check<'_>) -> Option<KeySource> {
    let at = KeyPath::of("store").then("key");
    let text = source.read(&at, check)?;
    let key = text
        .and_then(|text| Key::from_text(&text).map_err(|error| format!("cannot be used: {error}")));
    Some(key.map_or_else(
        |why| KeySource::Missing(check.problem(&at, why)),
        KeySource::Given,
    ))
}

fn key_file(url: &DatabaseUrl, dir: &Path, check: &mut Check<'_>) -> KeySource {
    if matches!(url, DatabaseUrl::Postgres(_)) {
        let at = KeyPath::of("store").then("key");
        check.refuse(&at, "must be set with PostgreSQL, which other daemons may share: { env = \"NAME\" }, { file = \"path\" } or { credential = \"name\" }");
    }
    KeySource::File(dir.join(KEY_FILE))
}

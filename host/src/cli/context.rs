//! What commands share: the config they were pointed at, the store in it, and the account they work on.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::exit::BadConfig;
use super::output;
use crate::account::Account;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::store::DatabaseUrl;
use crate::store::{self, Db};

/// The config file in the working directory.
const FILE: &str = "bestand.toml";

/// What a command works with.
#[derive(Clone, Debug)]
pub struct Context {
    /// The config file; `None` when there is none.
    pub file: Option<PathBuf>,
    /// The time.
    pub clock: Clock,
}

/// Whose rows a command works on.
#[derive(Clone, Debug, Args)]
pub struct AccountArgument {
    /// The account's name; without it the first account
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
}

// === impl Context ===

impl Context {
    /// `file` as it was named, or what is found.
    #[must_use]
    pub fn new(file: Option<PathBuf>) -> Self {
        let found = || Path::new(FILE).exists().then(|| FILE.into());
        Self {
            file: file.or_else(found),
            clock: Clock::system(),
        }
    }

    /// The config.
    ///
    /// # Errors
    /// [`BadConfig`], with all that is wrong.
    pub fn config(&self) -> Result<Config, BadConfig> {
        Config::load(self.file.as_deref()).map_err(BadConfig)
    }

    /// The config's store.
    ///
    /// # Errors
    /// When the config is wrong or the store cannot be opened.
    pub async fn store(&self) -> anyhow::Result<Db> {
        Self::open_store(&self.config()?).await
    }

    /// The store of a config that was read already.
    ///
    /// # Errors
    /// When the store cannot be opened.
    pub async fn open_store(config: &Config) -> anyhow::Result<Db> {
        if let DatabaseUrl::Sqlite(path) = &config.store.url
            && !path.exists()
        {
            output::note(&format!("making a new store: `{}`", path.display()));
        }
        let opened = Db::open(&config.store.url.reveal()).await;
        opened.with_context(|| format!("cannot open the store {}", config.store.url))
    }
}

// === impl AccountArgument ===

impl AccountArgument {
    /// The account that was named, or the first.
    ///
    /// # Errors
    /// When there is no account of this name.
    pub async fn find(&self, db: &Db, clock: &Clock) -> anyhow::Result<Account> {
        let Some(name) = &self.account else {
            return Ok(store::account::first(db, clock.now()).await?);
        };
        let found = store::account::find_by_name(db, name).await?;
        found.with_context(|| {
            format!("there is no account `{name}`; `bestand account list` shows them")
        })
    }
}

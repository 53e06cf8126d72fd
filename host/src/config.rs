//! The config file: read once, checked whole, turned into types that cannot be wrong.
//!
//! One TOML file, over it the environment (`BESTAND__SECTION__KEY`), under it the defaults. Each section is a file of
//! this module; its struct is what operators write, what the JSON Schema is made from, and what the daemon uses.
//! Everything that is wrong is found in one go, each with its file and line.
//!
//! Relative paths start at the folder of the config file, or at the working directory when there is no file.

pub mod activity;
pub mod adapter;
pub mod connection;
pub mod environment;
pub mod events;
pub mod installation;
pub mod key_path;
pub mod log;
pub mod plugins;
pub mod problem;
pub mod publisher;
pub mod registration;
pub mod secret_source;
pub mod server;
pub mod store;
pub mod sync;
pub mod webhooks;

mod check;
mod document;
mod duration;
mod format;
mod origin;
mod schema;
mod sections;

use std::path::{Path, PathBuf};

use self::activity::Activity;
use self::adapter::Adapter;
use self::check::Check;
use self::connection::Connection;
use self::environment::Environment;
use self::events::Events;
use self::installation::Installation;
use self::log::Log;
use self::origin::Origin;
use self::plugins::Plugins;
use self::problem::Problem;
use self::publisher::Publisher;
use self::registration::Registration;
use self::server::Server;
use self::store::{KeySource, Store};
use self::sync::Sync;
use self::webhooks::Webhooks;

/// What the operator wants. Not changed once read: a reload makes a new one.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The file it was read from.
    pub file: Option<PathBuf>,
    /// What the command line says over it.
    pub command_line: CommandLine,
    /// `[server]`
    pub server: Server,
    /// `[store]`
    pub store: Store,
    /// `[plugins]`
    pub plugins: Plugins,
    /// `[installation]`
    pub installation: Installation,
    /// `[sync]`
    pub sync: Sync,
    /// `[activity]`
    pub activity: Activity,
    /// `[events]`
    pub events: Events,
    /// `[webhooks]`
    pub webhooks: Webhooks,
    /// `[log]`
    pub log: Log,
    /// `[[publisher]]`
    pub publishers: Vec<Publisher>,
    /// `[[adapter]]`
    pub adapters: Vec<Adapter>,
    /// `[[connection]]`
    pub connections: Vec<Connection>,
    /// `[[registration]]`
    pub registrations: Vec<Registration>,
}

/// What can be said on the command line for one life of the daemon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// `plugins.allow_unsigned`.
    pub allow_unsigned: bool,
}

// === impl Config ===

impl Config {
    /// Reads the file, if any, and the process's environment.
    ///
    /// # Errors
    /// All that is wrong, in the order of the file.
    pub fn load(path: Option<&Path>) -> Result<Self, Vec<Problem>> {
        Self::read(path, &Environment::of_process())
    }

    /// Reads the file, if any, and the given environment.
    ///
    /// # Errors
    /// All that is wrong, in the order of the file.
    pub fn read(path: Option<&Path>, environment: &Environment) -> Result<Self, Vec<Problem>> {
        let origin = Origin::read(path, environment)?;
        build(origin, environment)
    }

    /// Reads `text` as if it were the file `path`, which need not exist.
    ///
    /// # Errors
    /// All that is wrong, in the order of the text.
    pub fn from_text(
        path: &Path,
        text: String,
        environment: &Environment,
    ) -> Result<Self, Vec<Problem>> {
        let origin = Origin::from_text(path, text, environment)?;
        build(origin, environment)
    }

    /// Reads again what this was read from. What the command line said still holds.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn reread(&self) -> Result<Self, Vec<Problem>> {
        let config = Self::load(self.file.as_deref())?;
        Ok(config.with(self.command_line))
    }

    /// With what the command line says over it.
    #[must_use]
    pub fn with(mut self, command_line: CommandLine) -> Self {
        self.plugins.allow_unsigned |= command_line.allow_unsigned;
        self.command_line = command_line;
        self
    }

    /// The JSON Schema of the file, for editors.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schema::of_file()
    }

    /// What the file says of this adapter, if anything.
    #[must_use]
    pub fn adapter(&self, id: &str) -> Option<&Adapter> {
        self.adapters.iter().find(|adapter| adapter.id == id)
    }

    /// The partner that may register itself under this code, in any case.
    #[must_use]
    pub fn registration(&self, api_code: &str) -> Option<&Registration> {
        let api_code = api_code.to_lowercase();
        self.registrations
            .iter()
            .find(|partner| partner.api_code == api_code)
    }

    /// The secrets that cannot be read now. Each stops what needs it and nothing else.
    #[must_use]
    pub fn unreadable_secrets(&self) -> Vec<Problem> {
        let key = match &self.store.key {
            KeySource::Missing(problem) => Some(problem),
            KeySource::Given(_) | KeySource::File(_) => None,
        };
        let secrets = self
            .connections
            .iter()
            .flat_map(|connection| connection.secrets.values());
        key.into_iter()
            .chain(secrets.filter_map(|secret| secret.as_ref().err()))
            .cloned()
            .collect()
    }

    /// The sections and keys that differ in `newer` and take effect only after a restart. All others follow a reload:
    /// adapters, connections, publishers, the plugin directory and the log filter.
    #[must_use]
    pub fn restart_needed_for(&self, newer: &Self) -> Vec<&'static str> {
        let changed = [
            ("server", self.server != newer.server),
            ("store", self.store != newer.store),
            ("installation", self.installation != newer.installation),
            ("sync", self.sync != newer.sync),
            ("activity", self.activity != newer.activity),
            ("events", self.events != newer.events),
            ("webhooks", self.webhooks != newer.webhooks),
            ("registration", self.registrations != newer.registrations),
            ("log.format", self.log.format != newer.log.format),
        ];
        changed
            .into_iter()
            .filter(|(_, changed)| *changed)
            .map(|(key, _)| key)
            .collect()
    }
}

/// Schema first, then what only the sections together can tell; the second looks at all that the first let through.
fn build(origin: Origin, environment: &Environment) -> Result<Config, Vec<Problem>> {
    let mut check = Check::new(&origin, environment);
    let found = schema::validate(origin.merged(), &mut check);
    let config = sections::build(&found, &mut check);
    let problems = check.finish();
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests;

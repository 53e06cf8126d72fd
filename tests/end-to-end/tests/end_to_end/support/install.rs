//! An installation of the real program: a folder with its config, its plugins and its data.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};

use bestand::connection::NewConnection;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::{Api, Key};
use super::database::Database;
use super::plugin_dir::PluginDir;
use super::ran::{Ran, processes_in};
use super::secrets::Secrets;
use super::{Daemon, built};

/// The folder; checks when dropped that no secret was ever shown, and that no process was left in it.
pub(crate) struct Install {
    folder: TempDir,
    pub(crate) database: Database,
    pub(crate) plugins: PluginDir,
    pub(crate) secrets: Arc<Secrets>,
    admin: OnceLock<Key>,
}

// === impl Install ===

impl Install {
    /// An installation on SQLite with these plugins, all enabled.
    pub(crate) fn with(plugins: &[&str]) -> Self {
        Self::on(Database::sqlite(), plugins)
    }

    /// An installation on this database with these plugins, all enabled.
    pub(crate) fn on(database: Database, plugins: &[&str]) -> Self {
        let dir = PluginDir::empty();
        for plugin in plugins {
            dir.install(plugin);
        }
        let install = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            database,
            plugins: dir,
            secrets: Arc::default(),
            admin: OnceLock::new(),
        };
        install.configure(&enabling(plugins));
        install
    }

    /// Writes the config file: what every test needs, and `more`.
    pub(crate) fn configure(&self, more: &str) {
        let text = format!(
            "[store]\nurl = {:?}\ndir = \"data\"\nkey = {{ file = \"store.key\" }}\n[plugins]\ndir = {:?}\nallow_unsigned = true\n\
             [log]\nfilter = \"debug,bestand=trace\"\n{more}\n",
            self.database.url,
            self.plugins.path(),
        );
        let text = match more.contains("[server]") {
            true => text,
            false => format!("[server]\nlisten = \"127.0.0.1:0\"\n{text}"),
        };
        self.put("bestand.toml", &text);
        if !self.path("store.key").exists() {
            self.put("store.key", &"7a".repeat(32));
        }
    }

    /// Writes a file into the folder.
    pub(crate) fn put(&self, file: &str, text: &str) {
        std::fs::write(self.path(file), text).expect("a file can be written");
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `bestand` in this folder, with nothing of the environment of whoever runs the tests.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        self.command_of(&built::folder().join("bestand"), arguments)
    }

    /// The same with any program.
    pub(crate) fn command_of<A: AsRef<OsStr>>(&self, program: &Path, arguments: &[A]) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("TMPDIR", self.folder())
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .args(arguments);
        command
    }

    /// Runs `bestand` to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let ran = Ran::from(self.command(arguments).output().expect("it runs"));
        self.secrets.show(&ran.stderr);
        ran
    }

    /// What `export stock` says is on hand, by SKU.
    pub(crate) fn exported(&self) -> BTreeMap<String, Value> {
        let ran = self.run(&["export", "stock", "--format", "ndjson"]);
        let lines = ran.expect(0).stdout;
        let levels = lines.lines().map(|line| {
            let level: Value = serde_json::from_str(line).expect("JSON on each line");
            let sku = level["sku"].as_str().expect("a SKU");
            (sku.to_owned(), level["on_hand"].clone())
        });
        levels.collect()
    }

    /// The key of the one who runs the installation.
    pub(crate) fn admin(&self) -> &Key {
        self.admin.get_or_init(|| self.key("admin"))
    }

    /// A new API key of this role.
    pub(crate) fn key(&self, role: &str) -> Key {
        let mut arguments = vec!["key", "create", "--name", role, "--role", role, "--json"];
        if role == "partner" {
            arguments.extend(["--partner", "finale"]);
        }
        let made = self.run(&arguments).expect(0).json();
        let text = |field: &str| made[field].as_str().expect("a text").to_owned();
        let key = Key {
            key: text("key"),
            secret: text("secret"),
        };
        self.secrets.guard(&key.secret);
        self.secrets.guard_pair(&key.key, &key.secret);
        key
    }

    /// A client with a key that was made for this partner.
    pub(crate) async fn partner(&self, daemon: &Daemon, name: &str) -> Api {
        let new = json!({ "name": format!("{name}'s key"), "role": "partner", "partner": name });
        let made = daemon.api.post("/api-keys", new).await.expect(201);
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        let key = Key {
            key: text("key"),
            secret: text("secret"),
        };
        self.secrets.guard_pair(&key.key, &key.secret);
        daemon.api.with(key)
    }

    /// Starts `bestand serve` and waits until it listens.
    pub(crate) async fn serve(&self) -> Daemon {
        Daemon::start(self, self.command(&["serve"])).await
    }

    /// The same by a command that ends in it.
    pub(crate) async fn serve_by(&self, command: Command) -> Daemon {
        Daemon::start(self, command).await
    }

    /// The same with a connection that is ready.
    pub(crate) async fn serve_with(&self, new: &NewConnection) -> Daemon {
        let daemon = self.serve().await;
        let connection = daemon.api.connect(new).await;
        daemon.api.until(&connection, "ready").await;
        daemon
    }

    fn places_to_look(&self) -> Vec<(&'static str, Vec<u8>)> {
        let read = |path| std::fs::read(path).unwrap_or_default();
        let mut places = vec![("the log", read(self.path("log")))];
        places.extend(
            self.database
                .files()
                .into_iter()
                .map(|file| ("the database", read(file))),
        );
        places
    }
}

impl Drop for Install {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert_eq!(
            self.secrets.find_leak(&self.places_to_look()),
            None,
            "a secret was shown"
        );
        let left = processes_in(self.folder());
        assert!(left.is_empty(), "still running: {left:?}");
    }
}

/// What the config says of these adapters when all are enabled.
pub(crate) fn enabling(adapters: &[&str]) -> String {
    let adapter = |id: &&str| format!("[[adapter]]\nid = {id:?}\n");
    adapters.iter().map(adapter).collect()
}

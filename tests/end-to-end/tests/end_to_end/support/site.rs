//! A site: all of an installation that outlives its daemon, and the time it lives in.

use std::sync::Arc;
use std::time::Duration;

use bestand::clock::Clock;
use bestand::config::adapter::{Adapter, Isolation};
use bestand::secret::key::Key;
use bestand::secret::vault::Vault;
use bestand_plugin_api::Timestamp;
use bestand_upstreams::clock::Clock as UpstreamClock;
use jiff::SignedDuration;

use super::database::Database;
use super::door::Door;
use super::plugin_dir::PluginDir;
use super::secrets::Secrets;
use super::{Life, logs};

/// When every site begins: a Friday morning.
const BEGINNING: &str = "2026-11-20T10:00:00Z";

/// Database, plugins, key and clock; checks when dropped that no secret of it was ever shown.
pub(crate) struct Site {
    pub(crate) database: Database,
    pub(crate) plugins: PluginDir,
    pub(crate) adapters: Vec<Adapter>,
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    /// The time the simulated systems live in; it moves with ours.
    pub(crate) upstream_clock: UpstreamClock,
    pub(crate) secrets: Arc<Secrets>,
    /// Where systems deliver to, when they can.
    pub(super) door: Option<Arc<Door>>,
}

// === impl Site ===

impl Site {
    /// A site on SQLite with these plugins, all enabled.
    pub(crate) fn with(plugins: &[&str]) -> Self {
        Self::on(Database::sqlite(), plugins)
    }

    /// A site on this database with these plugins, all enabled.
    pub(crate) fn on(database: Database, plugins: &[&str]) -> Self {
        logs::keep();
        let dir = PluginDir::empty();
        for plugin in plugins {
            dir.install(plugin);
        }
        let beginning: jiff::Timestamp = BEGINNING.parse().expect("a moment");
        Self {
            database,
            plugins: dir,
            adapters: plugins.iter().map(|id| enabled(id)).collect(),
            vault: Vault::new(&Key::generate()),
            clock: Clock::set_at(Timestamp::from_millis(beginning.as_millisecond())),
            upstream_clock: UpstreamClock::frozen(beginning),
            secrets: Arc::default(),
            door: None,
        }
    }

    /// The same with all adapters run there.
    pub(crate) fn placed(plugins: &[&str], isolation: Isolation) -> Self {
        let mut site = Self::with(plugins);
        for adapter in &mut site.adapters {
            adapter.isolation = isolation;
        }
        site
    }

    /// Makes an address that systems can deliver to, and answers it.
    pub(crate) async fn open_door(&mut self) -> String {
        let door = Door::open().await;
        let url = door.url();
        self.door = Some(Arc::new(door));
        url
    }

    /// Starts the parts of a daemon; what an earlier life has stored is there.
    pub(crate) async fn start(&self) -> Life {
        Life::begin(self).await
    }

    /// Moves the time, for us and for the systems.
    pub(crate) fn advance(&self, by: Duration) {
        self.upstream_clock
            .advance(SignedDuration::try_from(by).expect("a span that fits"));
        self.clock.advance(by);
    }

    fn places_to_look(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut places = vec![("the log", logs::all().into_bytes())];
        for file in self.database.files() {
            places.push(("the database", std::fs::read(file).unwrap_or_default()));
        }
        places
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let leaked = self.secrets.find_leak(&self.places_to_look());
        if !std::thread::panicking() {
            assert_eq!(leaked, None, "a secret was shown");
        }
    }
}

/// Tests that hold wherever adapters run, each a function of the place: they end up as `NAME::sandbox` and
/// `NAME::in_process`.
macro_rules! in_both_places {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            use bestand::config::adapter::Isolation;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sandbox() {
                super::$name(Isolation::Sandbox).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_process() {
                super::$name(Isolation::InProcess).await;
            }
        })+
    };
}
pub(crate) use in_both_places;

/// The adapter as the config file would enable it.
pub(crate) fn enabled(id: &str) -> Adapter {
    Adapter {
        id: id.to_owned(),
        enabled: true,
        isolation: Isolation::default(),
    }
}

//! One life of a daemon's parts: begun on what is stored, ended without any farewell, as `kill -9` would.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use bestand::activity::Activity;
use bestand::api_key::Role;
use bestand::clock::Clock;
use bestand::config::adapter::Adapter as Wanted;
use bestand::connection::state::{ConnectionState, Status};
use bestand::connection::{
    Connection, ConnectionPatch, Connections, EditError, NewConnection, Surroundings, Tried,
};
use bestand::event_log::EventLog;
use bestand::id::{AccountId, ConnectionId};
use bestand::live_query::{LiveQuery, Said};
use bestand::plugin::candidate::Policy;
use bestand::plugin::sandbox::Workers;
use bestand::plugin::services::{Common, SourceReader};
use bestand::plugin::{Adapter, Directory, Host};
use bestand::source::InventorySource;
use bestand::stock::{BookOptions, Held, StockBook};
use bestand::store::{self, Db};
use bestand::sync::plan::Rhythm;
use bestand_plugin_api::Sku;

use super::door::Door;
use super::secrets::Secrets;
use super::{Site, built, logs};

/// Longest wait for anything; what takes this long never comes.
const PATIENCE: Duration = Duration::from_secs(45);
/// Pause between two looks at a state that nobody announces.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How often connections work, by the site's clock.
pub(crate) const RHYTHM: Rhythm = Rhythm {
    interval: Duration::from_secs(300),
    reconcile: Duration::from_secs(86_400),
};

/// The running parts; dropping them is the end of the process, and checks that nothing is left of it.
pub(crate) struct Life {
    pub(crate) db: Db,
    pub(crate) book: StockBook,
    pub(crate) connections: Connections,
    pub(crate) live_query: LiveQuery,
    pub(crate) account: AccountId,
    pub(crate) clock: Clock,
    secrets: Arc<Secrets>,
    door: Option<Arc<Door>>,
    /// Last, so that it looks when everything else is dropped.
    remains: Remains,
}

/// What must be gone soon after a life has ended.
#[derive(Default)]
struct Remains {
    adapters: Vec<Weak<Adapter>>,
}

/// Levels by the name of their source and their SKU.
pub(crate) type Stock = BTreeMap<(String, String), Held>;

// === impl Life ===

impl Life {
    pub(super) async fn begin(site: &Site) -> Self {
        let (db, clock) = (site.database.open().await, site.clock.clone());
        let account = store::account::first(&db, clock.now())
            .await
            .expect("an account");
        let event_log = EventLog::open(db.clone(), clock.clone());
        let book = StockBook::open(db.clone(), clock.clone(), event_log, BookOptions::default());
        let surroundings = Surroundings {
            db: db.clone(),
            book: book.clone(),
            activity: Activity::open(db.clone(), clock.clone()),
            event_log: None,
            clock: clock.clone(),
            vault: site.vault.clone(),
            rhythm: RHYTHM,
            public_url: site.door.as_ref().map(|door| door.url()),
        };
        let directory = scan(site, &db, &site.adapters).await;
        let connections = Connections::new(surroundings, directory);
        connections.start_all().await.expect("the stored ones");
        let live_query =
            LiveQuery::new(db.clone(), book.clone(), clock.clone(), connections.clone());
        let mut life = Self {
            db,
            book,
            connections,
            live_query,
            account: account.id,
            clock,
            secrets: Arc::clone(&site.secrets),
            door: site.door.clone(),
            remains: Remains::default(),
        };
        if let Some(door) = &life.door {
            door.leads_to(Some((life.connections.clone(), life.clock.clone())));
        }
        life.watch_adapters();
        life
    }

    /// Reads the plugin directory anew, as a reload does.
    pub(crate) async fn reload(&mut self, site: &Site, wanted: &[Wanted]) {
        let directory = scan(site, &self.db, wanted).await;
        let replaced = self
            .connections
            .replace_directory(directory, Tried::default())
            .await;
        replaced.expect("the stored connections");
        self.watch_adapters();
    }

    // === connections ===

    /// Makes a connection and waits until it is ready.
    pub(crate) async fn connected(&self, new: NewConnection) -> Connection {
        let connection = self.connect(new).await;
        self.ready(connection.id).await;
        connection
    }

    pub(crate) async fn connect(&self, new: NewConnection) -> Connection {
        let made = self.try_connect(new).await;
        made.expect("a connection that fits")
    }

    pub(crate) async fn try_connect(&self, new: NewConnection) -> Result<Connection, EditError> {
        self.connections.add(self.account, new).await
    }

    pub(crate) async fn change(&self, connection: &Connection, patch: ConnectionPatch) {
        let (id, version) = (connection.id, connection.version);
        let changed = self
            .connections
            .change(self.account, id, version, patch, Role::Admin);
        changed.await.expect("a change that fits");
    }

    /// The status once it is as wanted.
    pub(crate) async fn until(
        &self,
        id: ConnectionId,
        what: &str,
        wanted: impl FnMut(&Status) -> bool,
    ) -> Status {
        let mut status = self.connections.watch(id).expect("the connection runs");
        let reached = tokio::time::timeout(PATIENCE, status.wait_for(wanted)).await;
        let reached = reached.map(|reached| reached.expect("the connection runs").clone());
        let Ok(reached) = reached else {
            let state = status.borrow().state.clone();
            panic!("not {what} but {state:?}\n{}", logs::tail());
        };
        let shown = serde_json::to_string(&reached).expect("a status is plain data");
        self.secrets.show(&shown);
        reached
    }

    /// Waits for the first sync to go well.
    pub(crate) async fn ready(&self, id: ConnectionId) -> Status {
        let done = |status: &Status| {
            status.state == ConnectionState::Ready && status.last_sync_at.is_some()
        };
        self.until(id, "ready", done).await
    }

    /// Waits for what only a person can mend, and answers its reason and advice.
    pub(crate) async fn needs_attention(&self, id: ConnectionId) -> (String, String) {
        let needs =
            |status: &Status| matches!(status.state, ConnectionState::NeedsAttention { .. });
        let status = self.until(id, "needing attention", needs).await;
        let trouble = status.state.trouble().expect("a state with trouble");
        (trouble.reason.to_string(), trouble.advice.to_string())
    }

    /// Waits for trouble that usually passes, and answers its reason.
    pub(crate) async fn degraded(&self, id: ConnectionId) -> String {
        let fails = |status: &Status| matches!(status.state, ConnectionState::Degraded { .. });
        let status = self.until(id, "degraded", fails).await;
        let trouble = status.state.trouble().expect("a state with trouble");
        trouble.reason.to_string()
    }

    /// Syncs once more, a second later, and waits until it went well.
    pub(crate) async fn sync(&self, site: &Site, id: ConnectionId, full: bool) -> Status {
        site.advance(Duration::from_secs(1));
        let asked_at = self.clock.now();
        self.ask_for_sync(id, full);
        let later = |status: &Status| {
            status.state == ConnectionState::Ready
                && status.last_sync_at.is_some_and(|at| at.0 >= asked_at)
        };
        self.until(id, "synced again", later).await
    }

    pub(crate) fn ask_for_sync(&self, id: ConnectionId, full: bool) {
        assert!(self.connections.sync_now(self.account, id, full), "it runs");
    }

    // === stock ===

    pub(crate) async fn sources(&self, id: ConnectionId) -> Vec<InventorySource> {
        let listed = store::source::list_of_connection(&self.db, self.account, id).await;
        listed.expect("the sources")
    }

    pub(crate) async fn source(&self, id: ConnectionId, name: &str) -> InventorySource {
        let sources = self.sources(id).await;
        let found = sources.into_iter().find(|source| source.name == name);
        found.unwrap_or_else(|| panic!("there is a source `{name}`"))
    }

    pub(crate) async fn level(&self, source: &InventorySource, code: &str) -> Option<Held> {
        let read = self
            .book
            .levels(self.account, source.id, &[sku(code)])
            .await;
        read.expect("the book can be read").remove(0)
    }

    /// Asks the system as an order would, with the deadline orders have by default.
    pub(crate) async fn ask(&self, source: &InventorySource, skus: &[Sku]) -> Said {
        self.ask_within(source, skus, Duration::from_millis(2_000))
            .await
    }

    pub(crate) async fn ask_within(
        &self,
        source: &InventorySource,
        skus: &[Sku],
        deadline: Duration,
    ) -> Said {
        let said = self
            .live_query
            .ask(self.account, source.id, skus, deadline)
            .await;
        self.secrets.show(&format!("{said:?}"));
        said
    }

    /// Every level of a connection, as it is stored.
    pub(crate) async fn stock(&self, id: ConnectionId) -> Stock {
        let mut stock = Stock::new();
        for source in self.sources(id).await {
            let mut after: Option<Sku> = None;
            loop {
                let page = self
                    .book
                    .page(self.account, source.id, after.as_ref(), 1_000)
                    .await
                    .expect("the book can be read");
                let Some((last, _)) = page.last() else { break };
                after = Some(last.clone());
                let named = |(sku, held): (Sku, Held)| ((source.name.clone(), sku.into()), held);
                stock.extend(page.into_iter().map(named));
            }
        }
        stock
    }

    fn watch_adapters(&mut self) {
        let directory = self.connections.directory();
        let manifests = directory
            .plugins()
            .iter()
            .filter_map(|plugin| plugin.manifest.as_ref());
        let running = manifests.filter_map(|manifest| directory.adapter(&manifest.id));
        self.remains.adapters.extend(running.map(Arc::downgrade));
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.connections.stop_all();
        if let Some(door) = &self.door {
            door.leads_to(None);
        }
    }
}

impl Drop for Remains {
    fn drop(&mut self) {
        let began = Instant::now();
        let is_held = |adapter: &Weak<Adapter>| adapter.strong_count() > 0;
        while !std::thread::panicking() && self.adapters.iter().any(is_held) {
            assert!(
                began.elapsed() < PATIENCE,
                "something still holds an adapter"
            );
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

/// Waits until `look` finds something.
pub(crate) async fn find<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "never {what}\n{}", logs::tail());
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn scan(site: &Site, db: &Db, wanted: &[Wanted]) -> Directory {
    let common = Common {
        clock: site.clock.clone(),
        db: db.clone(),
        sources: SourceReader::default(),
        daemon: tokio::runtime::Handle::current(),
    };
    let host = Host {
        policy: Policy::unsigned(&site.clock),
        common,
        workers: Workers {
            program: built::folder().join("bestand"),
            ..Workers::default()
        },
    };
    let scanned = Directory::scan(site.plugins.path(), wanted, &host).await;
    scanned.expect("the plugin directory can be read")
}

/// A SKU from a text that is one.
pub(crate) fn sku(code: &str) -> Sku {
    Sku::new(code).expect("a SKU")
}

//! The daemon: every part built in order, run, and drained.
//!
//! `Config → Daemon → run`: building opens the store, loads the plugins and binds the port; running starts the
//! connections and serves until it is told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::account::Account;
use crate::activity::Activity;
use crate::allocation::Allocator;
use crate::api_key::Keyring;
use crate::availability::{Adapters, Availability, AvailabilityOptions};
use crate::clock::Clock;
use crate::config::Config;
use crate::connection::{Connections, Surroundings};
use crate::event_log::EventLog;
use crate::http;
use crate::live_query::LiveQuery;
use crate::partner::Partners;
use crate::plugin::services::{Common, ReadSources, SourceReader};
use crate::plugin::{Directory, Host};
use crate::product::Products;
use crate::running::pid_file::PidFile;
use crate::secret::SecretText;
use crate::secret::vault::Vault;
use crate::source::reading::{ReadingParts, SourceReading};
use crate::stock::{BookOptions, StockBook};
use crate::store::{self, Db};
use crate::sync::plan::Rhythm;
use crate::telemetry::Telemetry;
use crate::user::{Users, set_up_link};
use crate::webhook::dispatcher::Dispatcher;
use crate::webhook::{Courier, Webhooks};

mod adapter_news;
mod allocations;
mod changes;
mod holds;
mod housekeeping;
mod look_ups;
mod reload;
mod ripples;
mod stock_news;
mod verdicts;

/// All parts of a running daemon; what the HTTP surfaces work with.
pub struct Parts {
    /// What the operator wants.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Seals secrets.
    pub vault: Vault,
    /// Which programs may come in.
    pub keyring: Keyring,
    /// Which people may.
    pub users: Users,
    /// Levels.
    pub book: StockBook,
    /// What programs are told.
    pub event_log: EventLog,
    /// Who is told of it over HTTP.
    pub webhooks: Webhooks,
    /// What happened.
    pub activity: Activity,
    /// Connections and their adapters.
    pub connections: Connections,
    /// Partners that push.
    pub partners: Partners,
    /// What is promised to orders.
    pub allocator: Allocator,
    /// Verdicts.
    pub availability: Availability,
    /// One SKU over all sources.
    pub products: Products,
    /// What adapters that put levels together read.
    pub source_reading: Arc<dyn ReadSources>,
    /// The way there.
    pub source_reader: SourceReader,
    /// Logs and metrics.
    pub telemetry: Telemetry,
    /// Whose the config file's connections are.
    pub account: Account,
    /// Cancelled when the daemon stops: what would go on for ever ends then.
    pub stopping: CancellationToken,
}

/// A daemon that is ready to run.
pub struct Daemon {
    parts: Arc<Parts>,
    listener: TcpListener,
    hangups: Signal,
    /// Held for as long as the daemon lives: a second one must not touch the store.
    pid_file: PidFile,
}

// === impl Daemon ===

impl Daemon {
    /// Opens the store, loads the plugins and binds the port.
    ///
    /// # Errors
    /// What keeps the daemon as a whole from running. A bad plugin or connection does not.
    pub async fn build(config: Config, telemetry: Telemetry) -> anyhow::Result<Self> {
        // Before the file says where to send it, a SIGHUP must be one that reloads: unhandled, it ends the process.
        let hangups = signal(SignalKind::hangup()).context("SIGHUP cannot be handled")?;
        let pid_file = PidFile::hold(&config.store.pid_file())?;
        let clock = Clock::system();
        let vault = config.store.open_vault()?;
        let db = Db::open(&config.store.url.reveal()).await?;
        let account = store::account::first(&db, clock.now()).await?;
        let options = BookOptions {
            levels_max: config.store.levels_max,
        };
        let event_log = EventLog::open(db.clone(), clock.clone());
        let book = StockBook::open(db.clone(), clock.clone(), event_log.clone(), options);
        let activity = Activity::open(db.clone(), clock.clone());
        let source_reader = SourceReader::default();
        let common = Common {
            clock: clock.clone(),
            db: db.clone(),
            sources: source_reader.clone(),
            daemon: tokio::runtime::Handle::current(),
        };
        let directory = scan(&config, common, &Directory::default()).await;
        let surroundings = Surroundings {
            db: db.clone(),
            book: book.clone(),
            activity: activity.clone(),
            event_log: Some(event_log.clone()),
            clock: clock.clone(),
            vault: vault.clone(),
            rhythm: Rhythm {
                interval: config.sync.interval,
                reconcile: config.sync.reconcile,
            },
            public_url: config.server.public_url.clone(),
        };
        let connections = Connections::new(surroundings, directory);
        connections.declare(account.id, &config.connections).await?;
        let adapters = adapters(&db, &book, &clock, &connections);
        let options = AvailabilityOptions {
            max_age: config.sync.max_age,
            live_query: config.sync.live_query,
        };
        let availability =
            Availability::new(db.clone(), book.clone(), clock.clone(), adapters, options);
        let source_reading: Arc<dyn ReadSources> = Arc::new(SourceReading::new(ReadingParts {
            db: db.clone(),
            book: book.clone(),
            clock: clock.clone(),
            connections: connections.clone(),
            availability: availability.clone(),
            max_age: options.max_age,
        }));
        source_reader.lead_to(&source_reading);
        let listen = config.server.listen;
        let listener = TcpListener::bind(listen).await;
        let listener =
            listener.with_context(|| format!("cannot listen on `{listen}` (`server.listen`)"))?;
        let products = Products::new(
            db.clone(),
            book.clone(),
            availability.clone(),
            clock.clone(),
            options.max_age,
        );
        let partners = Partners::new(db.clone(), book.clone(), clock.clone(), connections.clone());
        let keyring = Keyring::new(db.clone());
        let users = Users::new(db.clone(), clock.clone());
        let courier = Courier::new(clock.clone(), config.webhooks.reach())
            .context("no HTTP client can be built")?;
        let webhooks = Webhooks::new(
            db.clone(),
            clock.clone(),
            vault.clone(),
            activity.clone(),
            event_log.clone(),
            courier,
        );
        let allocator = Allocator::new(db.clone(), connections.clone());
        let config = Arc::new(config);
        let parts = Parts {
            config,
            clock,
            db,
            vault,
            keyring,
            users,
            book,
            event_log,
            webhooks,
            activity,
            connections,
            partners,
            allocator,
            availability,
            products,
            source_reading,
            source_reader,
            telemetry,
            account,
            stopping: CancellationToken::new(),
        };
        Ok(Self {
            parts: Arc::new(parts),
            listener,
            hangups,
            pid_file,
        })
    }

    /// All parts.
    #[must_use]
    pub fn parts(&self) -> &Arc<Parts> {
        &self.parts
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// A new link that makes the first admin; `None` once somebody can sign in.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn new_set_up_link(&self) -> anyhow::Result<Option<SecretText>> {
        let Parts {
            users,
            config,
            account,
            ..
        } = &*self.parts;
        let Some(token) = users.new_set_up_token(account.id).await? else {
            return Ok(None);
        };
        let public_url = config.server.public_url.as_deref();
        Ok(Some(set_up_link(public_url, self.address()?, &token)))
    }

    /// Starts the connections and serves until `shutdown`; then answers what it has taken on and stops.
    ///
    /// # Errors
    /// When the connections cannot be read or the port fails.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let Self {
            parts,
            listener,
            hangups,
            pid_file,
        } = self;
        parts.connections.start_all().await?;
        let housekeeping = tokio::spawn(housekeeping::run(Arc::clone(&parts)));
        let holding = tokio::spawn(holds::run(Arc::clone(&parts)));
        let allocating = tokio::spawn(allocations::run(Arc::clone(&parts)));
        let looking_up = tokio::spawn(look_ups::run(Arc::clone(&parts)));
        let answering = tokio::spawn(verdicts::run(Arc::clone(&parts)));
        let reloading = tokio::spawn(reload::run(Arc::clone(&parts), hangups));
        let watching = tokio::spawn(adapter_news::watch(Arc::clone(&parts)));
        let rippling = tokio::spawn(ripples::run(Arc::clone(&parts)));
        let noting = tokio::spawn(stock_news::run(Arc::clone(&parts)));
        let counting = tokio::spawn(parts.telemetry.metrics().clone().keep_up());
        let dispatching = tokio::spawn(Dispatcher::new(parts.webhooks.clone()).run());
        let served = http::serve(listener, Arc::clone(&parts), shutdown).await;
        housekeeping.abort();
        holding.abort();
        allocating.abort();
        looking_up.abort();
        answering.abort();
        reloading.abort();
        watching.abort();
        rippling.abort();
        noting.abort();
        counting.abort();
        dispatching.abort();
        parts.connections.stop_all();
        served.context("the port failed")?;
        stock_news::note(&parts).await;
        parts.activity.settle().await;
        parts.db.close().await?;
        drop(pid_file);
        Ok(())
    }
}

/// The way from an order that waits to the adapters.
fn adapters(db: &Db, book: &StockBook, clock: &Clock, connections: &Connections) -> Arc<Adapters> {
    let live_query = LiveQuery::new(db.clone(), book.clone(), clock.clone(), connections.clone());
    Arc::new(Adapters::new(db.clone(), live_query, connections.clone()))
}

/// A directory that cannot be read is no reason to stop: its connections say what is missing.
async fn scan(config: &Config, common: Common, before: &Directory) -> Directory {
    let dir = &config.plugins.dir;
    let host = Host::of(config, common);
    match before.scan_again(dir, &config.adapters, &host).await {
        Ok(directory) => directory,
        Err(error) => {
            tracing::warn!(dir = %dir.display(), %error, "the plugin directory cannot be read");
            Directory::default()
        }
    }
}

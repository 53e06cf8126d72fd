//! An API over a fresh database, and a client for it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use axum::Router;
use bestand::account::Account;
use bestand::activity::Activity;
use bestand::api_key::{Keyring, NewApiKey, Role};
use bestand::availability::{Adapters, Availability, AvailabilityOptions};
use bestand::clock::Clock;
use bestand::config::Config;
use bestand::config::environment::Environment;
use bestand::connection::{Connections, Surroundings};
use bestand::daemon::Parts;
use bestand::event_log::EventLog;
use bestand::id::AccountId;
use bestand::live_query::LiveQuery;
use bestand::partner::Partners;
use bestand::plugin::candidate::Policy;
use bestand::plugin::sandbox::Workers;
use bestand::plugin::services::{Common, ReadSources, SourceReader};
use bestand::plugin::{Directory, Host};
use bestand::product::Products;
use bestand::secret::key::Key;
use bestand::secret::vault::Vault;
use bestand::source::reading::{ReadingParts, SourceReading};
use bestand::stock::{BookOptions, StockBook};
use bestand::store::{self, Db};
use bestand::sync::plan::Rhythm;
use bestand::telemetry::Telemetry;
use bestand::user::Users;
use bestand::webhook::{Courier, Webhooks};
use bestand_plugin_api::Timestamp;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use tempfile::TempDir;

#[path = "support/call.rs"]
mod call;
#[path = "support/contract.rs"]
mod contract;
#[path = "support/messages.rs"]
mod messages;
#[path = "../../src/store/testing/postgres.rs"]
mod postgres;
#[path = "support/shop.rs"]
mod shop;
#[path = "support/undeliverable.rs"]
pub(crate) mod undeliverable;

pub(crate) use call::{Answer, Call};
pub(crate) use shop::{Shop, connect};

/// When all tests take place.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

/// An API with one account and a key of each role.
pub(crate) struct Api {
    pub(crate) parts: Arc<Parts>,
    pub(crate) account: AccountId,
    pub(crate) router: Router,
    document: Arc<Value>,
    credentials: HashMap<Role, String>,
    _folder: TempDir,
}

/// Turns `async fn a_case(api) { … }` into a test on SQLite and one on PostgreSQL.
macro_rules! on_both_engines {
    ($(async fn $case:ident($api:ident) $body:block)+) => {
        $(mod $case {
            #[allow(unused_imports, reason = "not every case needs what the others use")]
            use super::*;

            async fn case($api: &$crate::support::Api) $body

            #[tokio::test]
            async fn sqlite() {
                case(&$crate::support::Api::open().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(api) = $crate::support::Api::open_on_postgres().await {
                    case(&api).await;
                }
            }
        })+
    };
}
pub(crate) use on_both_engines;

// === impl Api ===

impl Api {
    /// On a fresh SQLite file.
    pub(crate) async fn open() -> Self {
        Self::configured("").await
    }

    /// The same with more in the config file.
    pub(crate) async fn configured(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bestand.db").display());
        Self::over(&url, folder, more).await
    }

    /// On a fresh schema of a PostgreSQL server; says why not when there is none.
    pub(crate) async fn open_on_postgres() -> Option<Self> {
        let server = match postgres::server() {
            Ok(server) => server,
            Err(why) => {
                println!("skipped on PostgreSQL: {why}");
                return None;
            }
        };
        let schema = format!("test_{}", uuid::Uuid::now_v7().simple());
        let connection = sea_orm::Database::connect(server.url()).await.unwrap();
        let create = format!("create schema {schema}");
        connection.execute_unprepared(&create).await.unwrap();
        connection.close().await.unwrap();
        let url = format!("{}&options[search_path]={schema}", server.url());
        Some(Self::over(&url, tempfile::tempdir().unwrap(), "").await)
    }

    async fn over(url: &str, folder: TempDir, more: &str) -> Self {
        let parts = Arc::new(parts(url, folder.path(), more).await);
        let account = parts.account.id;
        let router = bestand::http::router(Arc::clone(&parts));
        let document = contract::document(&router).await;
        let mut api = Self {
            parts,
            account,
            router,
            document: Arc::new(document),
            credentials: HashMap::new(),
            _folder: folder,
        };
        for role in [Role::Partner, Role::Reader, Role::Operator, Role::Admin] {
            let credentials = api.new_key(role).await;
            api.credentials.insert(role, credentials);
        }
        api
    }

    /// A new key, as `key:secret`. A partner's is Finale's.
    pub(crate) async fn new_key(&self, role: Role) -> String {
        let new = NewApiKey {
            name: format!("a {}", role.as_str()),
            role,
            partner: (role == Role::Partner).then(|| "finale".into()),
            expires_at: None,
        };
        let issued = self
            .parts
            .keyring
            .create(self.account, new, NOW)
            .await
            .unwrap();
        format!("{}:{}", issued.api_key.key, issued.secret.reveal())
    }

    /// `key:secret` of the key of this role.
    pub(crate) fn credentials(&self, role: Role) -> &str {
        &self.credentials[&role]
    }

    /// The API's description.
    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// A call: `GET /healthz`.
    pub(crate) fn call(&self, line: &str) -> Call<'_> {
        Call::new(self, line)
    }

    /// A call under `/api/v1` with a key of this role: `GET /orders`.
    pub(crate) fn api(&self, role: Role, line: &str) -> Call<'_> {
        let (method, path) = line.split_once(' ').unwrap();
        self.call(&format!("{method} /api/v1{path}")).by(role)
    }

    /// A warehouse with stock, and a location that ships from it.
    pub(crate) async fn shop(&self) -> Shop<'_> {
        Shop::open(self).await
    }
}

/// All parts of a daemon whose clock stands still, with one library that is none in its plugin directory.
async fn parts(url: &str, folder: &Path, more: &str) -> Parts {
    std::fs::write(folder.join("broken.so"), "not a library").unwrap();
    let text = format!(
        "[plugins]\ndir = \"{}\"\nallow_unsigned = true\n[[adapter]]\nid = \"finale\"\n{more}\n",
        folder.display()
    );
    let config = Config::from_text(&folder.join("bestand.toml"), text, &Environment::default());
    let config = config.unwrap_or_else(|problems| panic!("{problems:?}"));
    let clock = Clock::set_at(NOW);
    let db = Db::open(url).await.unwrap();
    let account = store::account::first(&db, NOW).await.unwrap();
    let event_log = EventLog::open(db.clone(), clock.clone());
    let options = BookOptions::default();
    let book = StockBook::open(db.clone(), clock.clone(), event_log.clone(), options);
    let vault = Vault::new(&Key::generate());
    let source_reader = SourceReader::default();
    let common = Common {
        clock: clock.clone(),
        db: db.clone(),
        sources: source_reader.clone(),
        daemon: tokio::runtime::Handle::current(),
    };
    let host = Host {
        policy: Policy::of(&config, &clock),
        common,
        workers: Workers {
            program: env!("CARGO_BIN_EXE_bestand").into(),
            ..config.plugins.workers()
        },
    };
    let directory = Directory::scan(folder, &config.adapters, &host)
        .await
        .unwrap();
    let activity = Activity::open(db.clone(), clock.clone());
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
        public_url: None,
    };
    let connections = Connections::new(surroundings, directory);
    let live_query = LiveQuery::new(db.clone(), book.clone(), clock.clone(), connections.clone());
    let adapters = Adapters::new(db.clone(), live_query, connections.clone());
    let options = AvailabilityOptions {
        max_age: config.sync.max_age,
        live_query: config.sync.live_query,
    };
    let availability = Availability::new(
        db.clone(),
        book.clone(),
        clock.clone(),
        Arc::new(adapters),
        options,
    );
    let products = Products::new(
        db.clone(),
        book.clone(),
        availability.clone(),
        clock.clone(),
        options.max_age,
    );
    let source_reading: Arc<dyn ReadSources> = Arc::new(SourceReading::new(ReadingParts {
        db: db.clone(),
        book: book.clone(),
        clock: clock.clone(),
        connections: connections.clone(),
        availability: availability.clone(),
        max_age: options.max_age,
    }));
    source_reader.lead_to(&source_reading);
    let partners = Partners::new(db.clone(), book.clone(), clock.clone(), connections.clone());
    let courier = Courier::new(clock.clone(), config.webhooks.reach()).unwrap();
    let webhooks = Webhooks::new(
        db.clone(),
        clock.clone(),
        vault.clone(),
        activity.clone(),
        event_log.clone(),
        courier,
    );
    let allocator = bestand::allocation::Allocator::new(db.clone(), connections.clone());
    Parts {
        allocator,
        telemetry: telemetry(&config),
        config: Arc::new(config),
        keyring: Keyring::new(db.clone()),
        users: Users::new(db.clone(), clock.clone()),
        clock,
        db,
        vault,
        book,
        event_log,
        webhooks,
        activity,
        connections,
        partners,
        availability,
        products,
        source_reading,
        source_reader,
        account,
        stopping: tokio_util::sync::CancellationToken::new(),
    }
}

/// Logs and metrics are a matter of the whole process.
fn telemetry(config: &Config) -> Telemetry {
    static TELEMETRY: OnceLock<Telemetry> = OnceLock::new();
    TELEMETRY
        .get_or_init(|| Telemetry::start(&config.log).unwrap())
        .clone()
}

/// Another account, with an administrator's key, as `key:secret`.
pub(crate) async fn other_account(api: &Api) -> String {
    let other = Account::new("other", NOW);
    store::account::insert(&api.parts.db, &other).await.unwrap();
    let new = NewApiKey {
        name: "theirs".into(),
        role: Role::Admin,
        partner: None,
        expires_at: None,
    };
    let issued = api.parts.keyring.create(other.id, new, NOW).await.unwrap();
    format!("{}:{}", issued.api_key.key, issued.secret.reveal())
}

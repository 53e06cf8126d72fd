//! Writes counts to inventory sources through their adapters, for a command that runs without the daemon.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use bestand_plugin_api::{StockOperation, WriteOutcome};

use crate::account::Account;
use crate::activity::Activity;
use crate::cli::context::Context;
use crate::cli::output;
use crate::config::Config;
use crate::connection::{Connections, Surroundings};
use crate::event_log::EventLog;
use crate::id::{ConnectionId, SourceId};
use crate::order::Order;
use crate::plugin::services::{Common, SourceReader};
use crate::plugin::{Directory, Host};
use crate::running::pid_file::PidFile;
use crate::source::InventorySource;
use crate::stock::{BookOptions, StockBook};
use crate::store::{self, Db};
use crate::sync::plan::Rhythm;

/// How long a connection may take to open.
const OPEN_DEADLINE: Duration = Duration::from_secs(60);
/// How often it is looked whether it has.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// The account's sources, and the connections that were opened to write to them.
pub(in crate::cli) struct StockWriter {
    db: Db,
    account: Account,
    /// Who is said to have changed the stock.
    actor: &'static str,
    connections: Connections,
    /// By id and by name; `None` for a name that several have.
    sources: HashMap<String, Option<InventorySource>>,
}

// === impl StockWriter ===

impl StockWriter {
    pub(in crate::cli) async fn open(
        context: &Context,
        config: &Config,
        db: Db,
        account: Account,
        actor: &'static str,
    ) -> anyhow::Result<Self> {
        let connections = connections(context, config, &db).await?;
        let mut sources = HashMap::new();
        for source in store::source::list(&db, account.id).await? {
            sources.insert(source.id.to_string(), Some(source.clone()));
            let same_name = sources.contains_key(&source.name);
            sources.insert(source.name.clone(), (!same_name).then_some(source));
        }
        Ok(Self {
            db,
            account,
            actor,
            connections,
            sources,
        })
    }

    /// The source that is called so, by its id or its name.
    pub(in crate::cli) fn source(&self, called: &str) -> Result<&InventorySource, String> {
        match self.sources.get(called) {
            Some(Some(source)) => Ok(source),
            Some(None) => Err(format!(
                "several sources are called `{called}`; name it by its id"
            )),
            None => Err(format!(
                "there is no source `{called}`; a source is there once its connection was synced"
            )),
        }
    }

    /// Writes to one source. One outcome per operation, in order.
    pub(in crate::cli) async fn write(
        &self,
        source: &InventorySource,
        operations: Vec<StockOperation>,
    ) -> anyhow::Result<Vec<WriteOutcome>> {
        self.open_connection(source.connection_id).await?;
        let written = self
            .connections
            .write_stock(self.account.id, self.actor, source, operations)
            .await;
        written.with_context(|| format!("cannot write to `{}`", source.name))
    }

    /// The connections, of which those are open that were written to.
    pub(in crate::cli) fn connections(&self) -> Connections {
        self.connections.clone()
    }

    /// Opens the connection of the source that an order ships from, when there is one.
    pub(in crate::cli) async fn open_source_of(&self, order: &Order) -> anyhow::Result<()> {
        let location = match order.ship_from_id {
            Some(id) => store::ship_from::find(&self.db, self.account.id, id).await?,
            None => store::ship_from::find_default(&self.db, self.account.id).await?,
        };
        let mut sources: Vec<SourceId> = order
            .allocations
            .iter()
            .map(|allocation| allocation.source_id)
            .collect();
        sources.extend(location.and_then(|location| location.source_id));
        for id in sources {
            if let Some(source) = store::source::find(&self.db, self.account.id, id).await? {
                self.open_connection(source.connection_id).await?;
            }
        }
        Ok(())
    }

    pub(in crate::cli) fn close(&self) {
        self.connections.stop_all();
    }

    /// Opens a connection, unless it is open.
    pub(in crate::cli) async fn open_connection(&self, id: ConnectionId) -> anyhow::Result<()> {
        if self.connections.session(id).is_some() {
            return Ok(());
        }
        let record = store::connection::find(&self.db, self.account.id, id).await?;
        let record = record.context("the source's connection is gone")?;
        let name = record.name.clone();
        self.connections.open(record);
        match tokio::time::timeout(OPEN_DEADLINE, self.opened(id)).await {
            Ok(opened) => opened.with_context(|| format!("connection `{name}` does not open")),
            Err(_) => bail!(
                "connection `{name}` did not open within {} s",
                OPEN_DEADLINE.as_secs()
            ),
        }
    }

    async fn opened(&self, id: ConnectionId) -> anyhow::Result<()> {
        while self.connections.session(id).is_none() {
            let trouble = self
                .connections
                .status(id)
                .and_then(|status| status.state.trouble());
            if let Some(trouble) = trouble {
                bail!("{}; {}", trouble.reason, trouble.advice);
            }
            tokio::time::sleep(LOOK_INTERVAL).await;
        }
        Ok(())
    }
}

/// Says when a daemon that runs beside the command shows what it has changed.
pub(in crate::cli) fn note_daemon(config: &Config) -> anyhow::Result<()> {
    if PidFile::holder(&config.store.pid_file())?.is_some() {
        output::note(
            "the running daemon shows the new counts after its next sync of these sources",
        );
    }
    Ok(())
}

/// The connections of this store, none of them running yet.
pub(in crate::cli) async fn connections(
    context: &Context,
    config: &Config,
    db: &Db,
) -> anyhow::Result<Connections> {
    let clock = context.clock.clone();
    let common = Common {
        clock: clock.clone(),
        db: db.clone(),
        daemon: tokio::runtime::Handle::current(),
        sources: SourceReader::default(),
    };
    let host = Host::of(config, common);
    let directory = Directory::scan(&config.plugins.dir, &config.adapters, &host).await;
    let directory = directory.with_context(|| {
        format!(
            "cannot read the plugin directory `{}`",
            config.plugins.dir.display()
        )
    })?;
    let options = BookOptions {
        levels_max: config.store.levels_max,
    };
    let event_log = EventLog::open(db.clone(), clock.clone());
    let surroundings = Surroundings {
        db: db.clone(),
        book: StockBook::open(db.clone(), clock.clone(), event_log, options),
        activity: Activity::silent(db.clone(), clock.clone()),
        event_log: None,
        clock,
        vault: config.store.open_vault()?,
        rhythm: Rhythm {
            interval: config.sync.interval,
            reconcile: config.sync.reconcile,
        },
        public_url: None,
    };
    Ok(Connections::new(surroundings, directory))
}

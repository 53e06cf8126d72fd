//! `bestand sync`: some articles of a connection read again, or what that would change.

use bestand_plugin_api::{Sku, Timestamp};
use clap::Args;

use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::import::stock_writer::{StockWriter, note_daemon};
use super::output::{self, Column, OutputArguments, or_dash};
use super::source_arguments::SourceArguments;
use crate::connection::{Connection, Reread, Scope};
use crate::id::{AccountId, SourceId};
use crate::report::drift::DifferenceRow;
use crate::source::InventorySource;
use crate::stock::drift::Difference;
use crate::store::{self, Db};

/// Who is said to have asked for it.
const ACTOR: &str = "bestand sync";

/// Read a part of a connection again at once, and say what was not as held
///
/// Some articles, all that is held at some sources, or what has changed since a time; what the system does not name is left
/// as it is held. A full sync is the running daemon's, on its schedule or by `POST /api/v1/connections/ID/sync`.
#[derive(Debug, Args)]
pub struct Sync {
    /// The connection, by its id or name
    connection: String,
    /// An article, by the SKU of the connection's system; can be given several times
    #[arg(long = "sku", value_name = "SKU", conflicts_with = "changed_since")]
    skus: Vec<Sku>,
    /// What has changed since then, such as 2026-11-24T08:00:00Z, as far as the system tells
    #[arg(long, value_name = "TIME")]
    changed_since: Option<Timestamp>,
    #[command(flatten)]
    sources: SourceArguments,
    /// Only say what would change; nothing is stored
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

const COLUMNS: &[Column<DifferenceRow>] = &[
    ("SOURCE", |row| row.source.clone()),
    ("SKU", |row| row.sku.clone()),
    ("HELD", |row| or_dash(row.held.as_ref())),
    ("FOUND", |row| or_dash(row.found.as_ref())),
    ("DIFFERENCE", |row| or_dash(row.difference.as_ref())),
    ("SINCE AT MOST", |row| row.since.clone()),
];

// === impl Sync ===

impl Sync {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let scope = self.scope()?;
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let connection = self.connection(&db, account.id).await?;
        let mut sources = self.sources.find(&db, account.id).await?;
        sources.retain(|source| source.connection_id == connection.id);
        let writer = StockWriter::open(context, &config, db, account, ACTOR).await?;
        writer.open_connection(connection.id).await?;
        let connections = writer.connections();
        let found = match self.dry_run {
            true => {
                connections
                    .compare(&connection, &scope, sources.clone())
                    .await
            }
            false => {
                let reread = connections.reread(&connection, ACTOR, &scope, sources.clone());
                reread.await
            }
        };
        writer.close();
        let found = found?;
        let rows = rows(&found, &sources);
        self.output.list(&rows, COLUMNS)?;
        for error in &found.errors {
            output::note(&format!("{}: {}", error.sku, error.message));
        }
        let (compared, differing) = (found.compared, found.differing);
        output::note(&format!(
            "{compared} levels compared, {differing} not as held"
        ));
        if !self.dry_run {
            note_daemon(&config)?;
        }
        Ok(match found.errors.is_empty() {
            true => Exit::Done,
            false => Exit::PartlyRefused,
        })
    }

    fn scope(&self) -> Result<Scope, BadArguments> {
        match (self.skus.as_slice(), self.changed_since) {
            ([], Some(since)) => Ok(Scope::ChangedSince(since)),
            ([], None) if self.sources.is_empty() && !self.dry_run => Err(BadArguments(
                "name what to read again: `--sku`, `--source` or `--changed-since`; the running daemon syncs the whole connection".into(),
            )),
            ([], None) => Ok(Scope::Everything),
            (skus, _) => Ok(Scope::Skus(skus.to_vec())),
        }
    }

    async fn connection(&self, db: &Db, account: AccountId) -> anyhow::Result<Connection> {
        let called = &self.connection;
        let all = store::connection::list(db, account).await?;
        let is = |known: &Connection| known.name == *called || known.id.to_string() == *called;
        let found = all.into_iter().find(is);
        let missing = || BadArguments(format!("there is no connection `{called}`"));
        Ok(found.ok_or_else(missing)?)
    }
}

fn rows(found: &Reread, sources: &[InventorySource]) -> Vec<DifferenceRow> {
    let row = |(id, difference): &(SourceId, Difference)| {
        let source = sources.iter().find(|source| source.id == *id);
        source.map(|source| DifferenceRow::of(source, difference))
    };
    found.differences.iter().filter_map(row).collect()
}

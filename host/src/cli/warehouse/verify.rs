//! `bestand warehouse verify`: whether the sum of the ledger is what is held.

use bestand_plugin_api::{LedgerFinding, LedgerLine};
use clap::Args;
use serde::Serialize;

use super::ACTOR;
use crate::cli::context::{AccountArgument, Context};
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::import::stock_writer::StockWriter;
use crate::cli::output::{self, Column, OutputArguments, or_dash};
use crate::cli::progress::{Progress, Unit};
use crate::connection::ledger::taken;
use crate::connection::{Connection, Connections};
use crate::id::AccountId;
use crate::store::{self, Db};

/// Findings printed before the rest is only counted.
const SHOWN_MAX: usize = 1_000;

/// Add up every change in the ledger and say where that is not what is held; nothing is changed
///
/// Every article is checked at every place, in every condition and lot. Exit code 1 when anything does not add up. The
/// daemon may run beside it: each article is checked as it is at one moment.
#[derive(Debug, Args)]
pub struct Verify {
    /// The connection, by its id or name; without it every connection whose system keeps a ledger
    connection: Option<String>,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// A finding as it is printed.
#[derive(Debug, Serialize)]
struct Row {
    connection: String,
    sku: String,
    missing_entry: Option<u64>,
    location: Option<String>,
    condition: Option<String>,
    lot: Option<String>,
    ledger: Option<String>,
    held: Option<String>,
}

const COLUMNS: &[Column<Row>] = &[
    ("CONNECTION", |row| row.connection.clone()),
    ("SKU", |row| row.sku.clone()),
    ("MISSING ENTRY", |row| {
        or_dash(row.missing_entry.map(|number| number.to_string()).as_ref())
    }),
    ("LOCATION", |row| or_dash(row.location.as_ref())),
    ("CONDITION", |row| or_dash(row.condition.as_ref())),
    ("LOT", |row| or_dash(row.lot.as_ref())),
    ("LEDGER", |row| or_dash(row.ledger.as_ref())),
    ("HELD", |row| or_dash(row.held.as_ref())),
];

/// What was found, and how much was looked at.
#[derive(Debug, Default)]
struct Found {
    rows: Vec<Row>,
    findings: usize,
    articles: u64,
    entries: u64,
}

// === impl Verify ===

impl Verify {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let wanted = self.connections(&db, account.id).await?;
        let writer = StockWriter::open(context, &config, db, account, ACTOR).await?;
        let mut found = Found::default();
        for connection in &wanted {
            let connections = writer.connections();
            // One that tells no ledger is passed over, unless it was named; one that does not open never is.
            if self.connection.is_none() && !connections.may_tell_ledger(&connection.adapter) {
                continue;
            }
            writer.open_connection(connection.id).await?;
            found.add(&connections, connection).await?;
        }
        writer.close();
        self.output.list(&found.rows, COLUMNS)?;
        let Found {
            findings,
            articles,
            entries,
            ..
        } = found;
        output::note(&format!(
            "{articles} articles and {entries} entries added up, {findings} findings"
        ));
        Ok(match findings {
            0 => Exit::Done,
            _ => Exit::Failed,
        })
    }

    async fn connections(&self, db: &Db, account: AccountId) -> anyhow::Result<Vec<Connection>> {
        let mut all = store::connection::list(db, account).await?;
        if let Some(called) = &self.connection {
            all.retain(|known| known.name == *called || known.id.to_string() == *called);
            if all.is_empty() {
                return Err(BadArguments(format!("there is no connection `{called}`")).into());
            }
        }
        Ok(all)
    }
}

// === impl Found ===

impl Found {
    async fn add(
        &mut self,
        connections: &Connections,
        connection: &Connection,
    ) -> anyhow::Result<()> {
        let mut progress = Progress::new(Unit::Rows, None);
        let mut cursor = None;
        loop {
            let step = connections.verify_ledger(connection.account_id, connection.id, cursor);
            let step = step.await?;
            self.articles += step.articles;
            self.entries += step.entries;
            let (articles, entries) = (self.articles, self.entries);
            progress.set(articles, || format!("{entries} entries"));
            let (findings, next) = taken(step.findings);
            self.findings += findings.len();
            let room = SHOWN_MAX.saturating_sub(self.rows.len());
            let rows = findings.into_iter().take(room);
            self.rows
                .extend(rows.map(|finding| Row::of(connection, finding)));
            cursor = next;
            if cursor.is_none() {
                progress.finish();
                return Ok(());
            }
        }
    }
}

// === impl Row ===

impl Row {
    fn of(connection: &Connection, finding: LedgerFinding) -> Self {
        let told = |line: &LedgerLine| match line.allocated == bestand_plugin_api::Quantity::ZERO {
            true => line.on_hand.to_string(),
            false => format!("{} ({} promised)", line.on_hand, line.allocated),
        };
        let either = finding.ledger.as_ref().or(finding.held.as_ref());
        Self {
            connection: connection.name.clone(),
            sku: finding.sku.to_string(),
            missing_entry: finding.missing,
            location: either.map(|line| line.location.to_string()),
            condition: either.map(|line| line.condition.to_string()),
            lot: either.and_then(|line| line.lot.clone()),
            ledger: finding.ledger.as_ref().map(told),
            held: finding.held.as_ref().map(told),
        }
    }
}

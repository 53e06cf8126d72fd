//! `bestand low-stock`: what is low now, and from when on it is.

mod threshold;

use std::collections::HashMap;
use std::io;

use clap::{Args, Subcommand};

use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output::{Column, OutputArguments, or_dash};
use super::source_arguments::SourceArguments;
use crate::account::Account;
use crate::event_log::EventLog;
use crate::id::SourceId;
use crate::report::csv::CsvFile;
use crate::report::low_stock::{LEVEL, Row};
use crate::stock::{BookOptions, LowPlace, StockBook};
use crate::store::Db;

/// Levels read at once.
const PAGE_LEVELS: u32 = 1_000;

/// List what is low now: levels at their low-stock threshold or below it
///
/// FOR is what that threshold is set for. What is no count is not low: unknown is not zero.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct LowStock {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List, set and remove low-stock thresholds
    #[command(subcommand)]
    Threshold(threshold::Threshold),
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    sources: SourceArguments,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    account: AccountArgument,
}

const COLUMNS: &[Column<Row>] = &[
    ("SKU", |row| row.sku.clone()),
    ("SOURCE", |row| row.source.clone()),
    ("AVAILABLE", |row| row.available.to_string()),
    ("THRESHOLD", |row| row.threshold.to_string()),
    ("FOR", |row| row.threshold_for.as_str().replace('_', " ")),
    ("AS OF", |row| row.as_of.clone()),
    ("SINCE", |row| or_dash(row.since.as_ref())),
];

// === impl LowStock ===

impl LowStock {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self.command {
            Some(Command::Threshold(command)) => command.run(context).await,
            None => self.list.run(context).await,
        }
    }
}

// === impl List ===

impl List {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?;
        let sources = self.sources.find(&db, account.id).await?;
        let named = sources.into_iter().map(|source| (source.id, source.name));
        let rows = rows(context, db, &account, &named.collect()).await?;
        if self.csv {
            let mut file = CsvFile::begin(LEVEL, io::stdout())?;
            file.write(&rows)?;
            file.finish()?;
        } else {
            self.output.list(&rows, COLUMNS)?;
        }
        Ok(Exit::Done)
    }
}

/// All that is low at these sources, some at a time.
async fn rows(
    context: &Context,
    db: Db,
    account: &Account,
    sources: &HashMap<SourceId, String>,
) -> anyhow::Result<Vec<Row>> {
    let event_log = EventLog::open(db.clone(), context.clock.clone());
    let options = BookOptions {
        levels_max: PAGE_LEVELS as usize,
    };
    let book = StockBook::open(db, context.clock.clone(), event_log, options);
    let (ids, mut rows) = (sources.keys().copied().collect::<Vec<_>>(), Vec::new());
    let mut after = None;
    // Without any source, all would be meant.
    while !ids.is_empty() {
        let page = book.low_stock(account.id, &ids, after.as_ref(), PAGE_LEVELS);
        let page = page.await?;
        let Some(last) = page.last() else { break };
        after = Some(LowPlace::of(last));
        let name = |id| sources.get(id).map_or("", String::as_str);
        rows.extend(
            page.iter()
                .map(|level| Row::of(name(&level.source_id), level)),
        );
    }
    Ok(rows)
}

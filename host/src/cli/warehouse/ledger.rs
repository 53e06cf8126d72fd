//! `bestand warehouse ledger`: every change at a source, with its reason and author.

use bestand_plugin_api::{Cursor, LedgerEntry, Sku};
use clap::Args;

use super::ACTOR;
use crate::cli::context::{AccountArgument, Context};
use crate::cli::exit::Exit;
use crate::cli::import::stock_writer::StockWriter;
use crate::cli::output::{Column, OutputArguments, or_dash};
use crate::cli::source_arguments::find_one;
use crate::connection::ledger::taken;
use crate::report::csv::CsvFile;
use crate::report::ledger::{ENTRY, Row};

/// List the changes at a source: of one article the newest first, of all of them by article
#[derive(Debug, Args)]
pub struct Ledger {
    /// The source, by its id or name
    source: String,
    /// Only those of this article
    #[arg(long)]
    sku: Option<Sku>,
    /// At most so many changes
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// What fits on a screen.
const COLUMNS: &[Column<Row>] = &[
    ("SKU", |row| row.sku.clone()),
    ("NO", |row| row.number.to_string()),
    ("AT", |row| row.at.clone()),
    ("CHANGE", |row| row.kind.as_str().into()),
    ("LOCATION", |row| row.location.clone()),
    ("ON HAND", |row| row.on_hand.to_string()),
    ("ALLOCATED", |row| row.allocated.to_string()),
    ("CONDITION", |row| row.condition.clone()),
    ("LOT", |row| or_dash(row.lot.as_ref())),
    ("REASON", |row| or_dash(row.reason.as_ref())),
    ("BY", |row| or_dash(row.author.as_ref())),
];

// === impl Ledger ===

impl Ledger {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let source = find_one(&db, account.id, &self.source).await?;
        let writer = StockWriter::open(context, &config, db, account, ACTOR).await?;
        writer.open_connection(source.connection_id).await?;
        let connections = writer.connections();
        let (mut entries, mut cursor): (Vec<LedgerEntry>, Option<Cursor>) = (Vec::new(), None);
        loop {
            let page = connections
                .ledger(&source, self.sku.clone(), cursor)
                .await?;
            let (items, next) = taken(page);
            entries.extend(items);
            cursor = next.filter(|_| entries.len() < self.limit);
            if cursor.is_none() {
                break;
            }
        }
        writer.close();
        entries.truncate(self.limit);
        self.print(entries.into_iter().flat_map(Row::all).collect())?;
        Ok(Exit::Done)
    }

    fn print(&self, rows: Vec<Row>) -> anyhow::Result<()> {
        if !self.csv {
            return Ok(self.output.list(&rows, COLUMNS)?);
        }
        let mut file = CsvFile::begin(ENTRY, std::io::stdout())?;
        file.write(&rows)?;
        file.finish()?;
        Ok(())
    }
}

//! `bestand export`: what is stored, as files.

mod orders;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use bestand_plugin_api::Sku;
use clap::{Args, Subcommand, ValueEnum};

use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output;
use super::progress::{Progress, Unit};
use super::source_arguments::SourceArguments;
use crate::account::Account;
use crate::event_log::EventLog;
use crate::report::csv::CsvFile;
use crate::report::level::{LEVEL, Row};
use crate::source::InventorySource;
use crate::stock::{BookOptions, StockBook};
use crate::store::Db;

/// Levels read at once.
const PAGE_LEVELS: u32 = 5_000;

/// Write what is stored to files
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Export stock levels, with the time each was true
    ///
    /// An empty cell is unknown, which is not zero.
    Stock(Stock),
    /// Export orders with their verdicts as CSV, a row for each line
    ///
    /// By what is stored; no other system is asked.
    Orders(orders::Orders),
}

/// `bestand export stock`
#[derive(Debug, Args)]
pub struct Stock {
    #[command(flatten)]
    sources: SourceArguments,
    /// Write to this file; without it to stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    #[command(flatten)]
    account: AccountArgument,
}

/// How levels are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A table with a header line
    Csv,
    /// A JSON object on each line
    Ndjson,
}

/// Where rows go.
enum Sink {
    Csv(Box<CsvFile<Row, Box<dyn Write + Send>>>),
    Ndjson(Box<dyn Write + Send>),
}

// === impl Export ===

impl Export {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::Stock(command) => command.run(context).await?,
            Self::Orders(command) => command.run(context).await?,
        }
        Ok(Exit::Done)
    }
}

impl Stock {
    async fn run(self, context: &Context) -> anyhow::Result<()> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?;
        let sources = self.sources.find(&db, account.id).await?;
        let Some(path) = &self.output else {
            let sink = Sink::new(self.format, Box::new(io::stdout()))?;
            return export(context, db, &account, &sources, sink)
                .await
                .map(drop);
        };
        // Under another name until it is whole: a file that is cut off looks like one that is not.
        let draft = path.with_added_extension("part");
        let cannot = || format!("cannot write `{}`", path.display());
        let file = File::create(&draft).with_context(cannot)?;
        let sink = Sink::new(self.format, Box::new(file)).with_context(cannot)?;
        let count = export(context, db, &account, &sources, sink).await?;
        fs::rename(&draft, path).with_context(cannot)?;
        output::note(&format!(
            "{count} levels of {} sources are in `{}`",
            sources.len(),
            path.display()
        ));
        Ok(())
    }
}

async fn export(
    context: &Context,
    db: Db,
    account: &Account,
    sources: &[InventorySource],
    mut sink: Sink,
) -> anyhow::Result<u64> {
    let event_log = EventLog::open(db.clone(), context.clock.clone());
    let book = StockBook::open(
        db,
        context.clock.clone(),
        event_log,
        BookOptions {
            levels_max: PAGE_LEVELS as usize,
        },
    );
    let total = sources.iter().map(|source| source.levels).sum();
    let (mut done, mut progress) = (0, Progress::new(Unit::Rows, Some(total)));
    for source in sources {
        let mut after: Option<Sku> = None;
        loop {
            let page = book
                .page(account.id, source.id, after.as_ref(), PAGE_LEVELS)
                .await?;
            let Some((last, _)) = page.last() else { break };
            let rows: Vec<Row> = page
                .iter()
                .map(|(sku, held)| Row::of(source, sku, held))
                .collect();
            sink.write(&rows)?;
            done += page.len() as u64;
            progress.set(done, || format!("{done} levels, now of {}", source.name));
            after = Some(last.clone());
        }
    }
    progress.finish();
    sink.finish()?;
    Ok(done)
}

// === impl Sink ===

impl Sink {
    fn new(format: Format, target: Box<dyn Write + Send>) -> io::Result<Self> {
        match format {
            Format::Ndjson => Ok(Self::Ndjson(Box::new(BufWriter::new(target)))),
            Format::Csv => Ok(Self::Csv(Box::new(CsvFile::begin(LEVEL, target)?))),
        }
    }

    fn write(&mut self, rows: &[Row]) -> io::Result<()> {
        match self {
            Self::Csv(file) => file.write(rows),
            Self::Ndjson(lines) => rows.iter().try_for_each(|row| {
                serde_json::to_writer(&mut *lines, row)?;
                lines.write_all(b"\n")
            }),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Csv(file) => file.finish().map(drop),
            Self::Ndjson(mut lines) => lines.flush(),
        }
    }
}

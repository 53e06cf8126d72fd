//! `bestand export`: what is stored, as files.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use bestand_plugin_api::{Quantity, Sku, Tracking};
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output;
use super::progress::{Progress, Unit};
use super::source_arguments::SourceArguments;
use crate::account::Account;
use crate::event_log::EventLog;
use crate::report::csv as cell;
use crate::source::InventorySource;
use crate::stock::{BookOptions, Held, StockBook};
use crate::store::Db;

/// The columns of a CSV file; those that `bestand import stock` knows have the names it looks for.
const HEADING: [&str; 10] = [
    "source_id",
    "source",
    "sku",
    "tracking",
    "available",
    "on_hand",
    "allocated",
    "incoming",
    "as_of",
    "absent",
];
/// Levels read at once.
const PAGE_LEVELS: u32 = 5_000;

/// Write what is stored to files
#[derive(Debug, Subcommand)]
pub enum Export {
    /// Export stock levels, with the time each was true
    ///
    /// An empty cell is unknown, which is not zero.
    Stock(Stock),
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

/// A level as it is written; the fields are the columns of [`HEADING`].
#[derive(Serialize)]
struct Row<'a> {
    source_id: String,
    source: &'a str,
    sku: &'a str,
    tracking: Tracking,
    available: Option<Quantity>,
    on_hand: Option<Quantity>,
    allocated: Option<Quantity>,
    incoming: Option<Quantity>,
    as_of: String,
    absent: bool,
}

/// Where rows go.
enum Sink {
    Csv(Box<csv::Writer<Box<dyn Write + Send>>>),
    Ndjson(Box<dyn Write + Send>),
}

// === impl Export ===

impl Export {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let Self::Stock(command) = self;
        command.run(context).await?;
        Ok(Exit::Done)
    }
}

impl Stock {
    async fn run(self, context: &Context) -> anyhow::Result<()> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?;
        let sources = self.sources.find(&db, account.id).await?;
        let Some(path) = &self.output else {
            let mut sink = Sink::new(self.format, Box::new(io::stdout()))?;
            return export(context, db, &account, &sources, &mut sink)
                .await
                .map(drop);
        };
        // Under another name until it is whole: a file that is cut off looks like one that is not.
        let draft = path.with_added_extension("part");
        let cannot = || format!("cannot write `{}`", path.display());
        let file = File::create(&draft).with_context(cannot)?;
        let mut sink = Sink::new(self.format, Box::new(file)).with_context(cannot)?;
        let count = export(context, db, &account, &sources, &mut sink).await?;
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
    sink: &mut Sink,
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
            page.iter()
                .try_for_each(|(sku, held)| sink.write(&Row::new(source, sku, held)))?;
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
            Format::Csv => {
                let mut rows = csv::Writer::from_writer(target);
                rows.write_record(HEADING)?;
                Ok(Self::Csv(Box::new(rows)))
            }
        }
    }

    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        match self {
            Self::Csv(rows) => rows.write_record(row.cells()).map_err(io::Error::from),
            Self::Ndjson(lines) => {
                serde_json::to_writer(&mut *lines, row)?;
                lines.write_all(b"\n")
            }
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Csv(rows) => rows.flush(),
            Self::Ndjson(lines) => lines.flush(),
        }
    }
}

// === impl Row ===

impl<'a> Row<'a> {
    fn new(source: &'a InventorySource, sku: &'a Sku, held: &Held) -> Self {
        Self {
            source_id: source.id.to_string(),
            source: &source.name,
            sku: sku.as_str(),
            tracking: held.tracking,
            available: held.available,
            on_hand: held.on_hand,
            allocated: held.allocated,
            incoming: held.incoming,
            as_of: held.as_of.to_string(),
            absent: held.absent,
        }
    }

    /// As text, so that no decimal is lost.
    fn cells(&self) -> [String; HEADING.len()] {
        [
            self.source_id.clone(),
            self.source.into(),
            self.sku.into(),
            cell::tracking(self.tracking),
            cell::quantity(self.available),
            cell::quantity(self.on_hand),
            cell::quantity(self.allocated),
            cell::quantity(self.incoming),
            self.as_of.clone(),
            self.absent.to_string(),
        ]
    }
}

//! `bestand import stock`

use std::collections::HashMap;
use std::path::PathBuf;

use bestand_plugin_api::{Sku, StockChange, StockOperation, WriteOutcome};
use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::stock_file::{Columns, Line, Row, StockFile};
use super::stock_writer::{self, StockWriter};
use crate::cli::context::{AccountArgument, Context};
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output::OutputArguments;
use crate::cli::progress::{Progress, Unit};
use crate::cli::refusals::{Refusals, Refused};
use crate::id::SourceId;
use crate::source::InventorySource;

/// Who is said to have changed the stock.
const ACTOR: &str = "bestand import stock";
/// Lines that are handed to an adapter at once.
const BATCH_LINES: usize = 200;

/// `bestand import stock`
#[derive(Debug, Args)]
pub struct Stock {
    /// The file, or `-` for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The source (its id or name) of lines that name none in a column `source_id` or `source`
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Which column is which field; a field that is not named is looked for under its own name. Fields: sku, on_hand,
    /// available (where on_hand is empty), source_id, source, note
    #[arg(long = "map", value_name = "FIELD=COLUMN,…")]
    mapping: Vec<String>,
    /// Why, for the ledger
    #[arg(long, value_name = "TEXT", default_value = "import")]
    reason: String,
    /// Write the refused lines to this file, as CSV, instead of to stderr
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
struct Imported {
    lines: u64,
    set: u64,
    refused: u64,
}

/// An import under way.
struct Run<'a> {
    writer: StockWriter,
    /// The source of lines that name none.
    source: Option<&'a str>,
    reason: &'a str,
    /// The line on which each SKU of each source was seen: two counts of one thing contradict each other.
    seen: HashMap<(SourceId, Sku), u64>,
    batches: HashMap<SourceId, (InventorySource, Vec<Line>)>,
    refusals: Refusals,
    progress: Progress,
    imported: Imported,
}

// === impl Stock ===

impl Stock {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let columns = Columns::from_mapping(&self.mapping).map_err(BadArguments)?;
        let mut file = StockFile::open(&self.file, &columns)?;
        if self.source.is_none() && !file.names_sources() {
            return Err(BadArguments(
                "the lines name no source; add `--source`, or a column `source_id`".into(),
            )
            .into());
        }
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let writer = StockWriter::open(context, &config, db, account, ACTOR).await?;
        if let Some(source) = &self.source {
            writer.source(source).map_err(BadArguments)?;
        }
        let mut run = Run {
            writer,
            source: self.source.as_deref(),
            reason: &self.reason,
            seen: HashMap::new(),
            batches: HashMap::new(),
            refusals: Refusals::new(self.report.as_deref())?,
            progress: Progress::new(Unit::Bytes, file.length()),
            imported: Imported::default(),
        };
        let done = run.take_all(&mut file).await;
        let imported = run.finish()?;
        done?;
        self.output.one(&imported, Imported::text)?;
        stock_writer::note_daemon(&config)?;
        Ok(if imported.refused == 0 {
            Exit::Done
        } else {
            Exit::PartlyRefused
        })
    }
}

// === impl Run ===

impl Run<'_> {
    async fn take_all(&mut self, file: &mut StockFile) -> anyhow::Result<()> {
        while let Some(row) = file.next()? {
            self.imported.lines += 1;
            match row {
                Row::Refused(refused) => self.refuse(&refused),
                Row::Line(line) => self.take(line).await?,
            }
            self.progress.set(file.position(), || self.imported.text());
        }
        let rest = std::mem::take(&mut self.batches);
        for (source, lines) in rest.into_values() {
            self.write(&source, lines).await?;
        }
        Ok(())
    }

    async fn take(&mut self, line: Line) -> anyhow::Result<()> {
        let source = match self.source_of(&line) {
            Ok(source) => source,
            Err(reason) => {
                self.refuse(&line.refused(Some("source"), reason));
                return Ok(());
            }
        };
        if let Some(first) = self.seen.insert((source.id, line.sku.clone()), line.number) {
            self.refuse(&line.refused(
                Some("sku"),
                format!("line {first} has set it already, in the same source"),
            ));
            return Ok(());
        }
        let (_, lines) = self
            .batches
            .entry(source.id)
            .or_insert_with(|| (source.clone(), Vec::new()));
        lines.push(line);
        if lines.len() < BATCH_LINES {
            return Ok(());
        }
        let lines = std::mem::take(lines);
        self.write(&source, lines).await
    }

    fn source_of(&self, line: &Line) -> Result<InventorySource, String> {
        let called = line
            .source
            .as_deref()
            .or(self.source)
            .ok_or("it names no source")?;
        self.writer.source(called).cloned()
    }

    async fn write(&mut self, source: &InventorySource, lines: Vec<Line>) -> anyhow::Result<()> {
        let operations = lines
            .iter()
            .map(|line| operation(line, source, self.reason))
            .collect();
        let outcomes = self.writer.write(source, operations).await?;
        for (line, outcome) in lines.iter().zip(outcomes) {
            match outcome {
                WriteOutcome::Applied | WriteOutcome::Accepted => self.imported.set += 1,
                WriteOutcome::Rejected { reason } => self.refuse(&line.refused(None, reason)),
                WriteOutcome::Unknown { reason } => {
                    self.refuse(&line.refused(None, format!("it may be set or not: {reason}")));
                }
                other => {
                    self.refuse(&line.refused(None, format!("it may be set or not: {other:?}")));
                }
            }
        }
        Ok(())
    }

    fn refuse(&mut self, refused: &Refused) {
        self.imported.refused += 1;
        self.refusals.add(refused, &self.progress);
    }

    fn finish(self) -> anyhow::Result<Imported> {
        self.writer.close();
        self.progress.finish();
        self.refusals.finish()?;
        Ok(self.imported)
    }
}

fn operation(line: &Line, source: &InventorySource, reason: &str) -> StockOperation {
    let change = StockChange::Set {
        quantity: line.quantity,
        expected: None,
    };
    let op_id = Uuid::now_v7().to_string();
    let location = source.location_id.clone();
    let mut operation = StockOperation::new(op_id, line.sku.clone(), location, change)
        .with_basis(line.basis)
        .with_reason(reason);
    operation.note.clone_from(&line.note);
    operation
}

// === impl Line ===

impl Line {
    fn refused(&self, field: Option<&'static str>, reason: String) -> Refused {
        Refused {
            line: self.number,
            field,
            reason,
            text: self.text.clone(),
        }
    }
}

// === impl Imported ===

impl Imported {
    fn text(&self) -> String {
        format!(
            "set {} counts from {} lines, {} refused",
            self.set, self.lines, self.refused
        )
    }
}

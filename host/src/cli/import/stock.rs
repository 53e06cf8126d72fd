//! `bestand import stock`

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use bestand_plugin_api::{Sku, StockChange, StockOperation, WriteOutcome};
use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::stock_file::{Columns, Line, Row, StockFile};
use super::stock_rehearsal::{DIFFERENCE, Rehearsal};
use super::stock_writer::{self, StockWriter};
use crate::cli::context::{AccountArgument, Context};
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output::{self, OutputArguments};
use crate::cli::progress::{Progress, Unit};
use crate::cli::refusals::{Refusals, Refused};
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::store::Db;

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
    /// Write nothing, and list what would become of each count
    #[arg(long)]
    dry_run: bool,
    /// Read all of the file first, and write nothing when a line of it is refused. What a source's system refuses after
    /// that is refused by itself: what is written by then stays so
    #[arg(long, conflicts_with = "dry_run")]
    all_or_nothing: bool,
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
        let mut file = self.opened(&columns)?;
        for (field, column) in file.guessed() {
            output::note(&format!(
                "column `{column}` is taken for {field}; `--map` says otherwise"
            ));
        }
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = self.account.find(&db, &context.clock).await?;
        let writer = StockWriter::open(context, &config, db.clone(), account, ACTOR).await?;
        if let Some(source) = &self.source {
            writer.source(source).map_err(BadArguments)?;
        }
        let mut run = self.begin(&file, writer, Refusals::new(self.report.as_deref())?);
        if self.dry_run || self.all_or_nothing {
            let rehearsal = run.rehearse(&mut file, &db, self.dry_run).await?;
            if self.dry_run || run.imported.refused > 0 {
                return self.judge(run.finish()?, &rehearsal);
            }
            file = self.opened(&columns)?;
            run.begin_anew(&file);
        }
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

    fn opened(&self, columns: &Columns) -> anyhow::Result<StockFile> {
        if self.all_or_nothing && self.file == Path::new("-") {
            let why = "`--all-or-nothing` reads the file twice, so it must be a file and not stdin";
            return Err(BadArguments(why.into()).into());
        }
        let file = StockFile::open(&self.file, columns)?;
        match self.source.is_none() && !file.names_sources() {
            true => Err(BadArguments(
                "the lines name no source; add `--source`, or a column `source_id`".into(),
            )
            .into()),
            false => Ok(file),
        }
    }

    fn begin<'a>(&'a self, file: &StockFile, writer: StockWriter, refusals: Refusals) -> Run<'a> {
        Run {
            writer,
            source: self.source.as_deref(),
            reason: &self.reason,
            seen: HashMap::new(),
            batches: HashMap::new(),
            refusals,
            progress: Progress::new(Unit::Bytes, file.length()),
            imported: Imported::default(),
        }
    }

    /// How a command ends that writes nothing.
    fn judge(&self, imported: Imported, rehearsal: &Rehearsal) -> anyhow::Result<Exit> {
        if !self.dry_run {
            let refused = imported.refused;
            output::note(&format!("nothing is written: {refused} lines are refused"));
            return Ok(Exit::Failed);
        }
        self.output.list(&rehearsal.differences, DIFFERENCE)?;
        let Rehearsal {
            new, changed, same, ..
        } = rehearsal;
        let Imported { lines, refused, .. } = imported;
        output::note(&format!(
            "nothing is written; of {lines} lines {new} would be new, {changed} changed, {same} the same, {refused} refused"
        ));
        Ok(match refused {
            0 => Exit::Done,
            _ => Exit::PartlyRefused,
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

    /// Reads all of the file without writing any of it: what is refused, and, where differences are wanted, what else
    /// would become of each count.
    async fn rehearse(
        &mut self,
        file: &mut StockFile,
        db: &Db,
        wants_differences: bool,
    ) -> anyhow::Result<Rehearsal> {
        let mut rehearsal = Rehearsal::default();
        while let Some(row) = file.next()? {
            self.imported.lines += 1;
            match row {
                Row::Refused(refused) => self.refuse(&refused),
                Row::Line(line) => {
                    if let Some(source) = self.fit(&line) {
                        let full = rehearsal.hold(source, line);
                        if wants_differences && full {
                            rehearsal.compare(db).await?;
                        }
                    }
                }
            }
            self.progress.set(file.position(), || self.imported.text());
        }
        if wants_differences {
            rehearsal.compare(db).await?;
        }
        Ok(rehearsal)
    }

    /// Forgets what was seen, for the file is read again.
    fn begin_anew(&mut self, file: &StockFile) {
        self.seen.clear();
        self.imported = Imported::default();
        let before = std::mem::replace(
            &mut self.progress,
            Progress::new(Unit::Bytes, file.length()),
        );
        before.finish();
    }

    /// The source of a line that can be taken; any other is refused.
    fn fit(&mut self, line: &Line) -> Option<InventorySource> {
        let refused = match self.source_of(line) {
            Err(reason) => line.refused(Some("source"), reason),
            Ok(source) => match self.seen.insert((source.id, line.sku.clone()), line.number) {
                None => return Some(source),
                Some(first) => {
                    let reason = format!("line {first} has set it already, in the same source");
                    line.refused(Some("sku"), reason)
                }
            },
        };
        self.refuse(&refused);
        None
    }

    async fn take(&mut self, line: Line) -> anyhow::Result<()> {
        let Some(source) = self.fit(&line) else {
            return Ok(());
        };
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

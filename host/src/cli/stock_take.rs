//! `bestand stock-take`: goods of a source are counted, and what differs is written to its system.

use std::path::PathBuf;

use anyhow::Context as _;
use bestand_plugin_api::{LocationId, Quantity, Sku};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};

use super::article_file;
use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::import::stock_writer::{StockWriter, note_daemon};
use super::output::{self, Column, OutputArguments};
use super::progress::{Progress, Unit};
use crate::activity::{Activity, Actor, Event, EventKind, Subject};
use crate::config::Config;
use crate::id::StockTakeId;
use crate::report::csv::CsvFile;
use crate::report::stock_take::{COUNT, Row};
use crate::source::InventorySource;
use crate::stock_take::{
    COUNTS_PER_REQUEST_MAX, Count, CountRefusal, CountSheet, Sheet, StockTake as Take,
    StockTakeError, TakeTotals, Uncounted,
};
use crate::store::stock_take::{self as takes, count};
use crate::store::{self, Db};

/// Who is said to have counted.
const ACTOR: &str = "bestand stock-take";
/// Counts read at once.
const PAGE: u32 = 1_000;
/// Takes that are listed: what one looks back at.
const TAKES: u32 = 1_000;

/// Count the goods of a source, and write what differs to its system
///
/// What is written is the difference to what was held when it was counted: what is shipped or arrives meanwhile is not
/// undone.
#[derive(Debug, Subcommand)]
pub enum StockTake {
    /// Begin one; a source has one at a time
    Start(Start),
    /// List them, the newest first
    List(List),
    /// Show what was counted
    Show(Show),
    /// Count articles; one that was counted before at the same place is counted anew
    Count(CountGoods),
    /// Write every difference; one that was cut off goes on
    Commit(Commit),
    /// Give one up; nothing of it is written
    Cancel(Cancel),
}

/// `bestand stock-take start`
#[derive(Debug, Args)]
pub struct Start {
    /// The source, by its id or name
    source: String,
    /// What it is about
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand stock-take list`
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand stock-take show`
#[derive(Debug, Args)]
pub struct Show {
    /// Its id
    id: StockTakeId,
    /// Only what differs from what was held
    #[arg(long, conflicts_with = "uncounted")]
    differences: bool,
    /// What is held and was counted nowhere
    #[arg(long)]
    uncounted: bool,
    /// As CSV
    #[arg(long, conflicts_with = "uncounted")]
    csv: bool,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand stock-take count`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("counted").required(true).multiple(false).args(["counts", "file"]))]
pub struct CountGoods {
    /// Its id
    id: StockTakeId,
    /// What was counted: a SKU and how many, as `CUP=4`
    #[arg(value_name = "SKU=QUANTITY", value_parser = counted)]
    counts: Vec<(Sku, Quantity)>,
    /// A CSV file with the columns sku, counted and, where single bins are counted, location_id
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The place within the source that they were counted at, by its system's own id of it
    #[arg(long, value_name = "ID")]
    location: Option<String>,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand stock-take commit`
#[derive(Debug, Args)]
pub struct Commit {
    /// Its id
    id: StockTakeId,
    /// Of articles that are held and were counted nowhere, there are none
    #[arg(long)]
    uncounted_zero: bool,
    #[command(flatten)]
    account: AccountArgument,
    #[command(flatten)]
    output: OutputArguments,
}

/// `bestand stock-take cancel`
#[derive(Debug, Args)]
pub struct Cancel {
    /// Its id
    id: StockTakeId,
    #[command(flatten)]
    account: AccountArgument,
}

/// A line of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sku: Sku,
    counted: Quantity,
    #[serde(default)]
    location_id: Option<String>,
}

/// A take as it is printed.
#[derive(Debug, Serialize)]
struct Shown {
    id: String,
    source: String,
    state: String,
    note: Option<String>,
    started_by: String,
    started_at: String,
    closed_at: Option<String>,
    #[serde(flatten)]
    totals: TakeTotals,
}

/// What was not counted, as it is printed.
#[derive(Debug, Serialize)]
struct Rest {
    sku: String,
    on_hand: Quantity,
}

/// What became of a count, as it is printed.
#[derive(Debug, Serialize)]
struct Told {
    sku: String,
    counted: Quantity,
    held: Option<Quantity>,
    reason: Option<String>,
}

const TAKE: &[Column<Shown>] = &[
    ("ID", |take| take.id.clone()),
    ("SOURCE", |take| take.source.clone()),
    ("STATE", |take| take.state.clone()),
    ("COUNTS", |take| take.totals.counts.to_string()),
    ("DIFFER", |take| take.totals.differences.to_string()),
    ("MORE", |take| take.totals.more.to_string()),
    ("FEWER", |take| take.totals.fewer.to_string()),
    ("STARTED", |take| take.started_at.clone()),
    ("NOTE", |take| output::or_dash(take.note.as_ref())),
];

const COUNTED: &[Column<Row>] = &[
    ("SKU", |row| row.sku.clone()),
    ("LOCATION", |row| output::or_dash(row.location_id.as_ref())),
    ("COUNTED", |row| row.counted.to_string()),
    ("HELD", |row| row.held.to_string()),
    ("DIFFERENCE", |row| row.difference.to_string()),
    ("STATE", |row| output::or_dash(row.state.as_ref())),
    ("REASON", |row| output::or_dash(row.reason.as_ref())),
];

const REST: &[Column<Rest>] = &[
    ("SKU", |row| row.sku.clone()),
    ("ON HAND", |row| row.on_hand.to_string()),
];

const TOLD: &[Column<Told>] = &[
    ("SKU", |row| row.sku.clone()),
    ("COUNTED", |row| row.counted.to_string()),
    ("HELD", |row| output::or_dash(row.held.as_ref())),
    ("NOT KEPT", |row| output::or_dash(row.reason.as_ref())),
];

/// A SKU may hold `=` itself: what follows the last one is the number.
fn counted(text: &str) -> Result<(Sku, Quantity), String> {
    let (sku, quantity) = text.rsplit_once('=').ok_or("write SKU=QUANTITY")?;
    let sku = Sku::new(sku).map_err(|error| error.to_string())?;
    let quantity = quantity.parse::<Quantity>();
    Ok((sku, quantity.map_err(|error| error.to_string())?))
}

// === impl StockTake ===

impl StockTake {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        match self {
            Self::Start(command) => command.run(context).await,
            Self::List(command) => command.run(context).await,
            Self::Show(command) => command.run(context).await,
            Self::Count(command) => command.run(context).await,
            Self::Commit(command) => command.run(context).await,
            Self::Cancel(command) => command.run(context).await,
        }
    }
}

/// A desk of its own for a command: the store, and the connections that are opened to count and write.
struct Desk {
    config: Config,
    db: Db,
    writer: StockWriter,
    sheet: CountSheet,
    activity: Activity,
    account: crate::id::AccountId,
}

// === impl Desk ===

impl Desk {
    async fn open(context: &Context, account: &AccountArgument) -> anyhow::Result<Self> {
        let config = context.config()?;
        let db = Context::open_store(&config).await?;
        let account = account.find(&db, &context.clock).await?;
        let id = account.id;
        let writer = StockWriter::open(context, &config, db.clone(), account, ACTOR).await?;
        let sheet = CountSheet::new(db.clone(), context.clock.clone(), writer.connections());
        let activity = Activity::open(db.clone(), context.clock.clone());
        Ok(Self {
            config,
            db,
            writer,
            sheet,
            activity,
            account: id,
        })
    }

    /// The take of this id, with its source, whose connection is opened.
    async fn take(&self, id: StockTakeId) -> anyhow::Result<(Take, InventorySource)> {
        let (take, source) = find(&self.db, self.account, id).await?;
        self.writer.open_connection(source.connection_id).await?;
        Ok((take, source))
    }

    async fn note(&self, kind: EventKind, source: &InventorySource, totals: Option<&TakeTotals>) {
        let event = Event::new(self.account, kind, Actor::COMMAND, Subject::source(source));
        self.activity.note(match totals {
            Some(totals) => event.with_totals(totals),
            None => event,
        });
        self.activity.settle().await;
    }
}

async fn find(
    db: &Db,
    account: crate::id::AccountId,
    id: StockTakeId,
) -> anyhow::Result<(Take, InventorySource)> {
    let take = takes::find(db, account, id).await?;
    let take = take.ok_or_else(|| BadArguments(format!("there is no stock take `{id}`")))?;
    let source = store::source::find(db, account, take.source_id).await?;
    Ok((
        take,
        source.context("the source of this stock take is gone")?,
    ))
}

// === impl Start ===

impl Start {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let desk = Desk::open(context, &self.account).await?;
        let source = desk
            .writer
            .source(&self.source)
            .map_err(BadArguments)?
            .clone();
        desk.writer.open_connection(source.connection_id).await?;
        let started = desk.sheet.start(&source, self.note, ACTOR).await;
        desk.writer.close();
        let take = started.map_err(refused)?;
        desk.note(EventKind::StockTakeStarted, &source, None).await;
        let shown = Shown::of(&desk.db, take, &source.name).await?;
        self.output.one(&shown, |take| {
            format!("stock take {} of {} is begun", take.id, take.source)
        })?;
        Ok(Exit::Done)
    }
}

/// What an operator can put right is no fault of the program.
fn refused(error: StockTakeError) -> anyhow::Error {
    match error {
        StockTakeError::Store(error) => error.into(),
        error => BadArguments(error.to_string()).into(),
    }
}

// === impl List ===

impl List {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let mut shown = Vec::new();
        for take in takes::list(&db, account, None, None, TAKES).await? {
            let source = store::source::find(&db, account, take.source_id).await?;
            let source = source.map(|source| source.name).unwrap_or_default();
            shown.push(Shown::of(&db, take, &source).await?);
        }
        self.output.list(&shown, TAKE)?;
        Ok(Exit::Done)
    }
}

// === impl Show ===

impl Show {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?.id;
        let (take, source) = find(&db, account, self.id).await?;
        if self.uncounted {
            self.output.list(&rest(&db, &take).await?, REST)?;
            return Ok(Exit::Done);
        }
        let rows = self.rows(&db, &take).await?;
        if self.csv {
            let mut file = CsvFile::begin(COUNT, std::io::stdout())?;
            file.write(&rows)?;
            file.finish()?;
            return Ok(Exit::Done);
        }
        self.output.list(&rows, COUNTED)?;
        let shown = Shown::of(&db, take, &source.name).await?;
        output::note(&shown.text());
        Ok(Exit::Done)
    }

    async fn rows(&self, db: &Db, take: &Take) -> anyhow::Result<Vec<Row>> {
        let which = match self.differences {
            true => count::Which::Differences,
            false => count::Which::All,
        };
        let mut rows: Vec<Row> = Vec::new();
        loop {
            let last = rows
                .last()
                .map(|row| (row.sku.clone(), row.location_id.clone()));
            let last = last
                .as_ref()
                .map(|(sku, place)| (sku.as_str(), place.as_deref().unwrap_or("")));
            let page = count::list(db, take, which, last, PAGE).await?;
            if page.is_empty() {
                return Ok(rows);
            }
            rows.extend(page.iter().map(Row::of));
        }
    }
}

async fn rest(db: &Db, take: &Take) -> anyhow::Result<Vec<Rest>> {
    let mut rows: Vec<Rest> = Vec::new();
    loop {
        let after = rows.last().map(|row| row.sku.as_str());
        let page = count::uncounted(db, take, after, PAGE).await?;
        if page.is_empty() {
            return Ok(rows);
        }
        let rest = |(sku, on_hand): (Sku, Quantity)| Rest {
            sku: sku.to_string(),
            on_hand,
        };
        rows.extend(page.into_iter().map(rest));
    }
}

// === impl CountGoods ===

impl CountGoods {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let sheets = self.sheets()?;
        let desk = Desk::open(context, &self.account).await?;
        let (take, source) = desk.take(self.id).await?;
        let total = sheets.len() as u64;
        let (mut told, mut progress) = (Vec::new(), Progress::new(Unit::Rows, Some(total)));
        let mut stopped = None;
        for sheets in sheets.chunks(COUNTS_PER_REQUEST_MAX) {
            match desk
                .sheet
                .count(&take, &source, ACTOR, sheets.to_vec())
                .await
            {
                Ok(counts) => told.extend(sheets.iter().zip(counts).map(Told::of)),
                Err(error) => {
                    stopped = Some(refused(error));
                    break;
                }
            }
            let done = told.len() as u64;
            progress.set(done, || format!("{done} counted"));
        }
        progress.finish();
        desk.writer.close();
        self.output.list(&told, TOLD)?;
        if let Some(stopped) = stopped {
            return Err(stopped.context("what is listed is kept; the rest is not"));
        }
        Ok(match told.iter().all(|told| told.reason.is_none()) {
            true => Exit::Done,
            false => Exit::PartlyRefused,
        })
    }

    fn sheets(&self) -> anyhow::Result<Vec<Sheet>> {
        let at = |place: Option<String>| place.or_else(|| self.location.clone()).map(LocationId);
        let Some(file) = &self.file else {
            let counts = self.counts.iter().cloned();
            let sheet = |(sku, counted)| Sheet {
                sku,
                counted,
                place: at(None),
            };
            return Ok(counts.map(sheet).collect());
        };
        let lines = article_file::read::<Line>(file)?.into_iter();
        let sheet = |line: Line| Sheet {
            sku: line.sku,
            counted: line.counted,
            place: at(line.location_id.filter(|place| !place.is_empty())),
        };
        Ok(lines.map(sheet).collect())
    }
}

// === impl Commit ===

impl Commit {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let desk = Desk::open(context, &self.account).await?;
        let (take, source) = desk.take(self.id).await?;
        let uncounted = match self.uncounted_zero {
            true => Uncounted::Zero,
            false => Uncounted::Leave,
        };
        let committed = desk.sheet.commit(&take, &source, ACTOR, uncounted).await;
        desk.writer.close();
        committed.map_err(refused)?;
        let totals = count::totals(&desk.db, &take).await?;
        desk.note(EventKind::StockTakeCommitted, &source, Some(&totals))
            .await;
        let (take, _) = find(&desk.db, desk.account, self.id).await?;
        let shown = Shown::of(&desk.db, take, &source.name).await?;
        self.output.one(&shown, Shown::text)?;
        note_daemon(&desk.config)?;
        Ok(match shown.totals.not_written {
            0 => Exit::Done,
            _ => Exit::PartlyRefused,
        })
    }
}

// === impl Cancel ===

impl Cancel {
    async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let desk = Desk::open(context, &self.account).await?;
        let (take, source) = find(&desk.db, desk.account, self.id).await?;
        desk.sheet.cancel(&take, ACTOR).await.map_err(refused)?;
        desk.note(EventKind::StockTakeCancelled, &source, None)
            .await;
        output::note("it is cancelled; nothing was written");
        Ok(Exit::Done)
    }
}

// === impl Shown ===

impl Shown {
    async fn of(db: &Db, take: Take, source: &str) -> anyhow::Result<Self> {
        Ok(Self {
            totals: count::totals(db, &take).await?,
            id: take.id.to_string(),
            source: source.to_owned(),
            state: take.state.to_string(),
            note: take.note,
            started_by: take.started_by,
            started_at: take.started_at.to_string(),
            closed_at: take.closed_at.map(|at| at.to_string()),
        })
    }

    fn text(&self) -> String {
        let TakeTotals {
            counts,
            differences,
            more,
            fewer,
            written,
            not_written,
        } = self.totals;
        format!(
            "{}: {counts} counted, {differences} of them differ ({more} more, {fewer} fewer); {written} written, {not_written} \
             refused or unknown",
            self.state
        )
    }
}

// === impl Told ===

impl Told {
    fn of((sheet, told): (&Sheet, Result<Count, CountRefusal>)) -> Self {
        Self {
            sku: sheet.sku.to_string(),
            counted: sheet.counted,
            held: told.as_ref().ok().map(|count| count.held),
            reason: told.err().map(|refusal| refusal.to_string()),
        }
    }
}

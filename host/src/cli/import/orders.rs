//! `bestand import orders`

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::activity::{self, Activity, Actor, EventKind, Subject};
use crate::cli::context::{AccountArgument, Context};
use crate::cli::exit::{BadArguments, Exit};
use crate::cli::output::{self, Column, OutputArguments};
use crate::cli::progress::{Progress, Unit};
use crate::cli::refusals::{Refusals, Refused};
use crate::id::AccountId;
use crate::order::book::{Difference, Event, ImportStopped, OrderBook};
use crate::order::import::Format;
use crate::order::import::mapping::{Field, Mapping};
use crate::order::import::report::{Refusal, Report};

/// `bestand import orders`
#[derive(Debug, Args)]
pub struct Orders {
    /// The file, or `-` for stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which column (or JSON key) is which field; a field that is not named is looked for under its own name. Fields:
    /// order_number, sku, quantity, name, ordered_at, ship_from, status, adjustment
    #[arg(long = "map", value_name = "FIELD=COLUMN,…")]
    mapping: Vec<String>,
    /// How the file is written; by default what its name says
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// Store nothing, and list what would become of each order
    #[arg(long)]
    dry_run: bool,
    /// Read all of the file first, and store nothing when a line of it is refused
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

/// How a file is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    /// A table with a header line
    Csv,
    /// A JSON object on each line
    Ndjson,
    /// A JSON array
    Json,
}

/// What came of it, for scripts.
#[derive(Serialize)]
struct Imported {
    lines: u64,
    taken: u64,
    goods: u64,
    refused: u64,
    orders: u64,
    created: u64,
    replaced: u64,
}

// === impl Orders ===

impl Orders {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let mapping = mapping(&self.mapping)?;
        let format = self.format()?;
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?;
        let book = OrderBook::open(db.clone(), context.clock.clone());
        let mut refusals = Refusals::new(self.report.as_deref())?;
        if self.dry_run || self.all_or_nothing {
            let rehearsed = self
                .rehearse(&book, account.id, (format, &mapping), &mut refusals)
                .await;
            if let Some(exit) = self.judge(rehearsed?)? {
                refusals.finish()?;
                return Ok(exit);
            }
        }
        let (mut file, length) = self.opened()?;
        let mut progress = Progress::new(Unit::Bytes, length);
        let mut on_event = |event: Event<'_>| match event {
            Event::Refused(refusal) => refusals.add(&Refused::from(refusal), &progress),
            Event::Progress(report) => progress.set(report.bytes, || so_far(report)),
        };
        let news = Activity::open(db, context.clock.clone());
        let imported = book
            .import(account.id, format, mapping, &mut file, &mut on_event)
            .await;
        progress.finish();
        refusals.finish()?;
        let report = imported.map_err(stopped)?;
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        let subject = Subject::orders(&file);
        let imported = EventKind::OrdersImported;
        let event = activity::Event::new(account.id, imported, Actor::COMMAND, subject);
        news.note(event.with_report(&report));
        news.settle().await;
        note_guessed(&report);
        self.output.one(&Imported::from(&report), text)?;
        Ok(if report.refused == 0 {
            Exit::Done
        } else {
            Exit::PartlyRefused
        })
    }

    fn opened(&self) -> anyhow::Result<(tokio::fs::File, Option<u64>)> {
        let opened = open(&self.file);
        let (file, length) =
            opened.with_context(|| format!("cannot read `{}`", self.file.display()))?;
        Ok((tokio::fs::File::from_std(file), length))
    }

    /// Reads all of the file and stores nothing.
    async fn rehearse(
        &self,
        book: &OrderBook,
        account: AccountId,
        (format, mapping): (Format, &Mapping),
        refusals: &mut Refusals,
    ) -> anyhow::Result<(Report, Vec<Difference>)> {
        if self.all_or_nothing && self.file == Path::new("-") {
            let why = "`--all-or-nothing` reads the file twice, so it must be a file and not stdin";
            return Err(BadArguments(why.into()).into());
        }
        let (mut file, length) = self.opened()?;
        let mut progress = Progress::new(Unit::Bytes, length);
        let mut on_event = |event: Event<'_>| match event {
            Event::Refused(refusal) => refusals.add(&Refused::from(refusal), &progress),
            Event::Progress(report) => progress.set(report.bytes, || so_far(report)),
        };
        let mut differences = Vec::new();
        let mut on_difference = |difference| differences.push(difference);
        let rehearsed = book.rehearse(
            account,
            format,
            mapping.clone(),
            &mut file,
            &mut on_event,
            &mut on_difference,
        );
        let report = rehearsed.await;
        progress.finish();
        let report = report.map_err(stopped)?;
        note_guessed(&report);
        Ok((report, differences))
    }

    /// How the command ends here; nothing when all of the file can be stored.
    fn judge(
        &self,
        (report, differences): (Report, Vec<Difference>),
    ) -> anyhow::Result<Option<Exit>> {
        let exit = match report.refused {
            0 => Exit::Done,
            _ => Exit::PartlyRefused,
        };
        if self.dry_run {
            self.output.list(&differences, DIFFERENCE)?;
            let text = text(&Imported::from(&report)).replacen("imported", "would import", 1);
            output::note(&format!("nothing is stored; it {text}"));
            return Ok(Some(exit));
        }
        if report.refused == 0 {
            return Ok(None);
        }
        let refused = report.refused;
        output::note(&format!("nothing is stored: {refused} lines are refused"));
        Ok(Some(Exit::Failed))
    }

    fn format(&self) -> Result<Format, BadArguments> {
        let by_name = || Format::find_by_name(&self.file.to_string_lossy());
        self.format.map(Format::from).or_else(by_name).ok_or_else(|| {
            let file = self.file.display();
            BadArguments(format!("the name `{file}` does not say how the file is written; add `--format csv`, `ndjson` or `json`"))
        })
    }
}

const DIFFERENCE: &[Column<Difference>] = &[
    ("ORDER", |order| order.order.to_string()),
    ("CHANGE", |order| order.change.as_str().into()),
    ("LINES NOW", |order| {
        output::or_dash(order.lines_before.as_ref())
    }),
    ("LINES", |order| order.lines_after.to_string()),
    ("GOODS NOW", |order| {
        output::or_dash(order.quantity_before.as_ref())
    }),
    ("GOODS", |order| order.quantity_after.to_string()),
];

/// Says which columns were known by what other systems call them.
fn note_guessed(report: &Report) {
    for (field, column) in &report.guessed {
        output::note(&format!(
            "column `{column}` is taken for {field}; `--map` says otherwise"
        ));
    }
}

fn mapping(texts: &[String]) -> Result<Mapping, BadArguments> {
    let mut mapping = Mapping::default();
    for text in texts {
        mapping
            .add(text)
            .map_err(|error| BadArguments(format!("`--map`: {error}")))?;
    }
    Ok(mapping)
}

/// The file, or stdin for `-`, and how many bytes it has where that is known.
fn open(path: &Path) -> io::Result<(File, Option<u64>)> {
    let file = match path == Path::new("-") {
        true => File::from(io::stdin().as_fd().try_clone_to_owned()?),
        false => File::open(path)?,
    };
    let metadata = file.metadata()?;
    Ok((file, metadata.is_file().then_some(metadata.len())))
}

fn stopped(error: ImportStopped) -> anyhow::Error {
    match error {
        ImportStopped::Input(error) => BadArguments(error.to_string()).into(),
        error => anyhow::Error::from(error).context(
            "stopped; what was taken until then is stored, and running it again brings the rest",
        ),
    }
}

fn so_far(report: &Report) -> String {
    format!(
        "{} lines, {} orders, {} lines refused",
        report.lines,
        report.orders(),
        report.refused
    )
}

fn text(imported: &Imported) -> String {
    let Imported {
        lines,
        taken,
        goods,
        refused,
        orders,
        created,
        replaced,
    } = imported;
    format!(
        "imported {orders} orders ({created} new, {replaced} replaced) from {lines} lines: {goods} of goods, {} of \
         other things, {refused} refused",
        taken - goods
    )
}

impl From<FormatName> for Format {
    fn from(name: FormatName) -> Self {
        match name {
            FormatName::Csv => Self::Csv,
            FormatName::Ndjson => Self::Ndjson,
            FormatName::Json => Self::Json,
        }
    }
}

impl From<&Report> for Imported {
    fn from(report: &Report) -> Self {
        Self {
            lines: report.lines,
            taken: report.taken,
            goods: report.goods,
            refused: report.refused,
            orders: report.orders(),
            created: report.created,
            replaced: report.replaced,
        }
    }
}

impl From<&Refusal> for Refused {
    fn from(refusal: &Refusal) -> Self {
        Self {
            line: refusal.at.line,
            field: refusal.field.map(Field::as_str),
            reason: refusal.reason.clone(),
            text: refusal.at.text.clone(),
        }
    }
}

//! `bestand drift`: what full listings found different from what was held.

mod threshold;

use std::io::{self, IsTerminal};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::output::{self, Column, OutputArguments};
use super::source_arguments::SourceArguments;
use crate::id::SyncId;
use crate::report::csv::CsvFile;
use crate::report::drift::{self as report, DifferenceRow, Row};
use crate::source::InventorySource;
use crate::store::{Db, drift};

/// Characters of a bar that stands for a hundred percent of the highest share shown.
const BAR_CHARS: u64 = 20;

/// Say what full listings found different from what was held, the newest of each source first
///
/// Each full listing of a source but its first is compared: what counts is what can be sold, and nothing had told us
/// that it changed. LONGEST is for how long one of them was wrong at most. Kept for `store.history_days`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Drift {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum Command {
    Threshold(threshold::Threshold),
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    sources: SourceArguments,
    /// Print the differences that this listing found, the largest first: at most 1,000 of each source
    #[arg(long, value_name = "SYNC")]
    run: Option<SyncId>,
    /// At most this many listings of each source
    #[arg(long, value_name = "COUNT", default_value_t = 20, conflicts_with = "run", value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    account: AccountArgument,
}

/// A listing for people, with a bar.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Drawn {
    row: Row,
    #[serde(skip)]
    bar: String,
}

const COLUMNS: &[Column<Drawn>] = &[
    ("LISTING", |drawn| drawn.row.sync_id.clone()),
    ("SOURCE", |drawn| drawn.row.source.clone()),
    ("BEGAN", |drawn| drawn.row.started_at.clone()),
    ("COMPARED", |drawn| drawn.row.compared.to_string()),
    ("DIFFERING", |drawn| drawn.row.differing.to_string()),
    ("PERCENT", |drawn| drawn.row.percent.to_string()),
    ("TOTAL", |drawn| drawn.row.total.to_string()),
    ("LARGEST", |drawn| drawn.row.largest.to_string()),
    ("LONGEST", |drawn| duration(drawn.row.longest_secs)),
    ("STATE", |drawn| state(&drawn.row).into()),
];

/// The same for people, with a bar.
const COLUMNS_FOR_PEOPLE: &[Column<Drawn>] = &[
    COLUMNS[0],
    COLUMNS[1],
    COLUMNS[2],
    COLUMNS[3],
    COLUMNS[4],
    COLUMNS[5],
    ("", |drawn| drawn.bar.clone()),
    COLUMNS[6],
    COLUMNS[7],
    COLUMNS[8],
    COLUMNS[9],
];

const DIFFERENCE_COLUMNS: &[Column<DifferenceRow>] = &[
    ("SKU", |row| row.sku.clone()),
    ("SOURCE", |row| row.source.clone()),
    ("HELD", |row| output::or_dash(row.held.as_ref())),
    ("FOUND", |row| output::or_dash(row.found.as_ref())),
    ("DIFFERENCE", |row| output::or_dash(row.difference.as_ref())),
    ("WRONG SINCE AT MOST", |row| row.since.clone()),
];

// === impl Drift ===

impl Drift {
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
        let account = self.account.find(&db, &context.clock).await?.id;
        let sources = self.sources.find(&db, account).await?;
        match self.run {
            Some(run) => self.print_differences(&db, &sources, run).await?,
            None => self.print_listings(&db, &sources).await?,
        }
        Ok(Exit::Done)
    }

    async fn print_listings(&self, db: &Db, sources: &[InventorySource]) -> anyhow::Result<()> {
        let mut rows = Vec::new();
        for source in sources {
            let runs = drift::runs(db, source.account_id, source.id, None, self.limit).await?;
            rows.extend(runs.iter().map(|run| Row::of(source, run)));
        }
        if self.csv {
            return Ok(print_csv(&rows, report::LISTING)?);
        }
        let columns = match io::stdout().is_terminal() {
            true => COLUMNS_FOR_PEOPLE,
            false => COLUMNS,
        };
        Ok(self.output.list(&drawn(rows), columns)?)
    }

    async fn print_differences(
        &self,
        db: &Db,
        sources: &[InventorySource],
        run: SyncId,
    ) -> anyhow::Result<()> {
        let limit = u32::try_from(drift::DIFFERENCES_MAX)?;
        let (mut rows, mut is_known) = (Vec::new(), false);
        for source in sources {
            let (account, id) = (source.account_id, source.id);
            is_known |= drift::find(db, account, id, run).await?.is_some();
            let found = drift::differences(db, account, id, run, limit).await?;
            rows.extend(found.iter().map(|found| DifferenceRow::of(source, found)));
        }
        if !is_known {
            let why =
                format!("no listing `{run}` was compared; `bestand drift` lists those that were");
            return Err(BadArguments(why).into());
        }
        match self.csv {
            true => print_csv(&rows, report::DIFFERENCE)?,
            false => self.output.list(&rows, DIFFERENCE_COLUMNS)?,
        }
        Ok(())
    }
}

fn print_csv<T>(rows: &[T], columns: &'static [Column<T>]) -> io::Result<()> {
    let mut file = CsvFile::begin(columns, io::stdout())?;
    file.write(rows)?;
    file.finish().map(drop)
}

/// Each share as a bar, beside the highest of them.
fn drawn(rows: Vec<Row>) -> Vec<Drawn> {
    let highest = rows.iter().map(|row| row.percent.millionths()).max();
    let highest = highest.unwrap_or(0).unsigned_abs().max(1);
    let draw = |row: Row| {
        let chars = (row.percent.millionths().unsigned_abs() * BAR_CHARS).div_ceil(highest);
        let bar = "█".repeat(usize::try_from(chars).unwrap_or(0));
        Drawn { row, bar }
    };
    rows.into_iter().map(draw).collect()
}

fn state(row: &Row) -> &'static str {
    match (&row.finished_at, row.high) {
        (None, _) => "not complete",
        (Some(_), true) => "high",
        (Some(_), false) => "-",
    }
}

/// Such as `2h 5m`: the two largest units of it.
fn duration(secs: u64) -> String {
    let (days, hours, minutes) = (secs / 86_400, secs / 3_600 % 24, secs / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{secs}s"),
        (0, 0, _) => format!("{minutes}m {}s", secs % 60),
        (0, _, _) => format!("{hours}h {minutes}m"),
        _ => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_in_its_two_largest_units() {
        let check = |secs, expected: &str| assert_eq!(duration(secs), expected);
        check(0, "0s");
        check(61, "1m 1s");
        check(7_500, "2h 5m");
        check(90_000, "1d 1h");
    }
}

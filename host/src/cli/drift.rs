//! `bestand drift`: what full listings found different from what was held.

use std::io::{self, IsTerminal};

use bestand_plugin_api::Quantity;
use clap::Args;
use serde::Serialize;

use super::cell;
use super::context::{AccountArgument, Context};
use super::exit::{BadArguments, Exit};
use super::output::{self, Column, OutputArguments};
use super::source_arguments::SourceArguments;
use crate::id::SyncId;
use crate::source::InventorySource;
use crate::stock::drift::{Difference, DriftRun};
use crate::store::{Db, drift};

/// Characters of a bar that stands for a hundred percent of the highest share shown.
const BAR_CHARS: u64 = 20;

/// Say what full listings found different from what was held, the newest of each source first
///
/// Each full listing of a source but its first is compared: what counts is what can be sold, and nothing had told us
/// that it changed. LONGEST is for how long one of them was wrong at most. Kept for `store.history_days`.
#[derive(Debug, Args)]
pub struct Drift {
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

/// What a listing found, as it is printed.
#[derive(Debug, Serialize)]
struct Row {
    sync_id: String,
    source_id: String,
    source: String,
    started_at: String,
    finished_at: Option<String>,
    compared: u64,
    differing: u64,
    percent: Quantity,
    total: Quantity,
    largest: Quantity,
    longest_secs: u64,
    high: bool,
    #[serde(skip)]
    bar: String,
}

/// A difference, as it is printed.
#[derive(Debug, Serialize)]
struct DifferenceRow {
    sku: String,
    source_id: String,
    source: String,
    held: Option<Quantity>,
    found: Option<Quantity>,
    difference: Option<Quantity>,
    since: String,
}

const COLUMNS: &[Column<Row>] = &[
    ("LISTING", |row| row.sync_id.clone()),
    ("SOURCE", |row| row.source.clone()),
    ("BEGAN", |row| row.started_at.clone()),
    ("COMPARED", |row| row.compared.to_string()),
    ("DIFFERING", |row| row.differing.to_string()),
    ("PERCENT", |row| row.percent.to_string()),
    ("TOTAL", |row| row.total.to_string()),
    ("LARGEST", |row| row.largest.to_string()),
    ("LONGEST", |row| duration(row.longest_secs)),
    ("STATE", |row| state(row).into()),
];

/// The same for people, with a bar.
const COLUMNS_FOR_PEOPLE: &[Column<Row>] = &[
    COLUMNS[0],
    COLUMNS[1],
    COLUMNS[2],
    COLUMNS[3],
    COLUMNS[4],
    COLUMNS[5],
    ("", |row| row.bar.clone()),
    COLUMNS[6],
    COLUMNS[7],
    COLUMNS[8],
    COLUMNS[9],
];

/// The columns of CSV.
const CELLS: &[Column<Row>] = &[
    ("sync_id", |row| row.sync_id.clone()),
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("started_at", |row| row.started_at.clone()),
    ("finished_at", |row| {
        row.finished_at.clone().unwrap_or_default()
    }),
    ("compared", |row| row.compared.to_string()),
    ("differing", |row| row.differing.to_string()),
    ("percent", |row| row.percent.to_string()),
    ("total", |row| row.total.to_string()),
    ("largest", |row| row.largest.to_string()),
    ("longest_secs", |row| row.longest_secs.to_string()),
    ("high", |row| row.high.to_string()),
];

const DIFFERENCE_COLUMNS: &[Column<DifferenceRow>] = &[
    ("SKU", |row| row.sku.clone()),
    ("SOURCE", |row| row.source.clone()),
    ("HELD", |row| output::or_dash(row.held.as_ref())),
    ("FOUND", |row| output::or_dash(row.found.as_ref())),
    ("DIFFERENCE", |row| output::or_dash(row.difference.as_ref())),
    ("WRONG SINCE AT MOST", |row| row.since.clone()),
];

const DIFFERENCE_CELLS: &[Column<DifferenceRow>] = &[
    ("sku", |row| row.sku.clone()),
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("held", |row| cell::quantity(row.held)),
    ("found", |row| cell::quantity(row.found)),
    ("difference", |row| cell::quantity(row.difference)),
    ("since", |row| row.since.clone()),
];

// === impl Drift ===

impl Drift {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
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
        draw_bars(&mut rows);
        let columns = match io::stdout().is_terminal() {
            true => COLUMNS_FOR_PEOPLE,
            false => COLUMNS,
        };
        Ok(self.print(&rows, columns, CELLS)?)
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
        Ok(self.print(&rows, DIFFERENCE_COLUMNS, DIFFERENCE_CELLS)?)
    }

    fn print<T: Serialize>(
        &self,
        rows: &[T],
        columns: &[Column<T>],
        cells: &[Column<T>],
    ) -> io::Result<()> {
        if !self.csv {
            return self.output.list(rows, columns);
        }
        let mut writer = csv::Writer::from_writer(io::stdout());
        writer.write_record(cells.iter().map(|(name, _)| name))?;
        for row in rows {
            writer.write_record(cells.iter().map(|(_, cell)| cell(row)))?;
        }
        writer.flush()
    }
}

/// Each share as a bar, beside the highest of them.
fn draw_bars(rows: &mut [Row]) {
    let highest = rows.iter().map(|row| row.percent.millionths()).max();
    let highest = highest.unwrap_or(0).unsigned_abs().max(1);
    for row in rows {
        let chars = (row.percent.millionths().unsigned_abs() * BAR_CHARS).div_ceil(highest);
        row.bar = "█".repeat(usize::try_from(chars).unwrap_or(0));
    }
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

// === impl Row ===

impl Row {
    fn of(source: &InventorySource, run: &DriftRun) -> Self {
        let tally = run.tally;
        Self {
            sync_id: run.sync_id.to_string(),
            source_id: source.id.to_string(),
            source: source.name.clone(),
            started_at: run.started_at.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
            compared: tally.compared,
            differing: tally.differing,
            percent: tally.percent(),
            total: tally.total,
            largest: tally.largest,
            longest_secs: tally.longest.as_secs(),
            high: run.high,
            bar: String::new(),
        }
    }
}

// === impl DifferenceRow ===

impl DifferenceRow {
    fn of(source: &InventorySource, difference: &Difference) -> Self {
        Self {
            sku: difference.sku.to_string(),
            source_id: source.id.to_string(),
            source: source.name.clone(),
            held: difference.held,
            found: difference.found,
            difference: difference.distance(),
            since: difference.since.to_string(),
        }
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

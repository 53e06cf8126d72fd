//! `bestand history`: how stock levels came about.

use std::io;

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use clap::Args;

use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output::{self, Column, OutputArguments};
use super::source_arguments::SourceArguments;
use crate::id::ChangeId;
use crate::report::csv::CsvFile;
use crate::report::history::{CHANGE, Row};
use crate::source::InventorySource;
use crate::stock::CauseKind;
use crate::store::Db;
use crate::store::history::{self, Change, ChangeFilter};

/// Changes read at once.
const PAGE_CHANGES: u32 = 1_000;

/// Say how stock levels came about, the newest change of each source first
///
/// Each change with what was available before and since, and what brought it: a full listing (sync), a change that the
/// system reported (change), a query for an order (live), what was sent (push), what was written through Bestand
/// (write), a look after a hint (hint). Kept for `store.history_days`.
#[derive(Debug, Args)]
pub struct History {
    /// Only changes of this article
    sku: Option<Sku>,
    #[command(flatten)]
    sources: SourceArguments,
    /// Only what was brought so: sync, change, live, push, write or hint; can be given several times
    #[arg(long = "cause", value_name = "CAUSE")]
    causes: Vec<CauseKind>,
    /// Only what was stored then or later, such as 2026-11-24T08:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Only what was stored before then
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// At most this many of each source; all with `--csv`
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Print all of them as CSV, with all quantities; an empty cell is unknown, which is not zero
    #[arg(long, conflicts_with_all = ["json", "limit"])]
    csv: bool,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    account: AccountArgument,
}

const COLUMNS: &[Column<Row>] = &[
    ("WHEN", |row| row.changed_at.clone()),
    ("SOURCE", |row| row.source.clone()),
    ("SKU", |row| row.sku.clone()),
    ("BEFORE", |row| {
        told(
            row.available_before,
            &row.tracking_before,
            row.absent_before,
        )
    }),
    ("AFTER", |row| {
        told(row.available, &row.tracking, row.absent)
    }),
    ("CAUSE", |row| row.cause.into()),
    ("WHO", |row| output::or_dash(row.actor.as_ref())),
];

// === impl History ===

impl History {
    pub(super) async fn run(self, context: &Context) -> anyhow::Result<Exit> {
        let db = context.store().await?;
        let account = self.account.find(&db, &context.clock).await?;
        let sources = self.sources.find(&db, account.id).await?;
        let filter = ChangeFilter {
            sku: self.sku,
            causes: self.causes,
            since: self.since,
            until: self.until,
        };
        if self.csv {
            print_csv(&db, &sources, &filter).await?;
            return Ok(Exit::Done);
        }
        let mut rows = Vec::new();
        for source in &sources {
            let changes = page(&db, source, &filter, None, self.limit).await?;
            rows.extend(changes.iter().map(|change| Row::of(source, change)));
        }
        self.output.list(&rows, COLUMNS)?;
        Ok(Exit::Done)
    }
}

/// All of them, some at a time: there may be millions.
async fn print_csv(
    db: &Db,
    sources: &[InventorySource],
    filter: &ChangeFilter,
) -> anyhow::Result<()> {
    let mut file = CsvFile::begin(CHANGE, io::stdout())?;
    for source in sources {
        let mut before = None;
        loop {
            let changes = page(db, source, filter, before, PAGE_CHANGES).await?;
            let Some(last) = changes.last() else { break };
            before = Some(last.id);
            let rows = changes.iter().map(|change| Row::of(source, change));
            file.write(&rows.collect::<Vec<_>>())?;
        }
    }
    file.finish()?;
    Ok(())
}

async fn page(
    db: &Db,
    source: &InventorySource,
    filter: &ChangeFilter,
    before: Option<ChangeId>,
    limit: u32,
) -> Result<Vec<Change>, crate::store::Error> {
    history::page(db, source.account_id, source.id, filter, before, limit).await
}

/// What was available, or why there is no number.
fn told(available: Option<Quantity>, tracking: &str, absent: bool) -> String {
    let number = match (available, tracking) {
        (Some(available), "counted") => available.to_string(),
        (None, "counted") => "unknown".into(),
        (_, other) => other.replace('_', " "),
    };
    match absent {
        true => format!("{number} (absent)"),
        false => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_is_told_by_why_there_is_none() {
        let three = Some(Quantity::units(3));
        assert_eq!(told(three, "counted", false), "3");
        assert_eq!(told(None, "counted", false), "unknown");
        assert_eq!(told(Some(Quantity::ZERO), "counted", true), "0 (absent)");
        assert_eq!(told(three, "not_tracked", false), "not tracked");
    }
}

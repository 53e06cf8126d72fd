//! `bestand history`: how stock levels came about.

use std::io;

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use clap::Args;
use serde::Serialize;

use super::cell;
use super::context::{AccountArgument, Context};
use super::exit::Exit;
use super::output::{self, Column, OutputArguments};
use super::source_arguments::SourceArguments;
use crate::id::ChangeId;
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

/// A change as it is printed.
#[derive(Debug, Serialize)]
struct Row {
    changed_at: String,
    source_id: String,
    source: String,
    sku: String,
    cause: &'static str,
    actor: Option<String>,
    sync_id: Option<String>,
    tracking_before: String,
    available_before: Option<Quantity>,
    on_hand_before: Option<Quantity>,
    allocated_before: Option<Quantity>,
    incoming_before: Option<Quantity>,
    absent_before: bool,
    tracking: String,
    available: Option<Quantity>,
    on_hand: Option<Quantity>,
    allocated: Option<Quantity>,
    incoming: Option<Quantity>,
    absent: bool,
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

/// The columns of CSV.
const CELLS: &[Column<Row>] = &[
    ("changed_at", |row| row.changed_at.clone()),
    ("source_id", |row| row.source_id.clone()),
    ("source", |row| row.source.clone()),
    ("sku", |row| row.sku.clone()),
    ("cause", |row| row.cause.into()),
    ("actor", |row| row.actor.clone().unwrap_or_default()),
    ("sync_id", |row| row.sync_id.clone().unwrap_or_default()),
    ("tracking_before", |row| row.tracking_before.clone()),
    ("available_before", |row| {
        cell::quantity(row.available_before)
    }),
    ("on_hand_before", |row| cell::quantity(row.on_hand_before)),
    ("allocated_before", |row| {
        cell::quantity(row.allocated_before)
    }),
    ("incoming_before", |row| cell::quantity(row.incoming_before)),
    ("absent_before", |row| row.absent_before.to_string()),
    ("tracking", |row| row.tracking.clone()),
    ("available", |row| cell::quantity(row.available)),
    ("on_hand", |row| cell::quantity(row.on_hand)),
    ("allocated", |row| cell::quantity(row.allocated)),
    ("incoming", |row| cell::quantity(row.incoming)),
    ("absent", |row| row.absent.to_string()),
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
    let mut rows = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(io::stdout());
    rows.write_record(CELLS.iter().map(|(name, _)| name))
        .map_err(io::Error::from)?;
    for source in sources {
        let mut before = None;
        loop {
            let changes = page(db, source, filter, before, PAGE_CHANGES).await?;
            let Some(last) = changes.last() else { break };
            for change in &changes {
                let row = Row::of(source, change);
                let cells = CELLS.iter().map(|(_, cell)| cell(&row));
                rows.write_record(cells).map_err(io::Error::from)?;
            }
            before = Some(last.id);
        }
    }
    rows.flush()?;
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

// === impl Row ===

impl Row {
    fn of(source: &InventorySource, change: &Change) -> Self {
        let Change { before, after, .. } = change;
        Self {
            changed_at: change.changed_at.to_string(),
            source_id: source.id.to_string(),
            source: source.name.clone(),
            sku: change.sku.to_string(),
            cause: change.cause.kind.as_str(),
            actor: change.cause.actor.clone(),
            sync_id: change.cause.run.map(|run| run.to_string()),
            tracking_before: cell::tracking(before.tracking),
            available_before: before.available,
            on_hand_before: before.on_hand,
            allocated_before: before.allocated,
            incoming_before: before.incoming,
            absent_before: before.absent,
            tracking: cell::tracking(after.tracking),
            available: after.available,
            on_hand: after.on_hand,
            allocated: after.allocated,
            incoming: after.incoming,
            absent: after.absent,
        }
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

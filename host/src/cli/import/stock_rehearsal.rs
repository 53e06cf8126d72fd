//! What would become of counts that are imported, by what is stored.

use std::collections::BTreeMap;

use bestand_plugin_api::{Basis, Quantity, Sku};
use serde::Serialize;

use super::stock_file::Line;
use crate::cli::output::{Column, or_dash};
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::store::{self, Db};

/// Lines that are compared at once.
const BATCH_LINES: usize = 5_000;

/// What would become of all counts.
#[derive(Default)]
pub(super) struct Rehearsal {
    pub(super) new: u64,
    pub(super) changed: u64,
    pub(super) same: u64,
    /// What would not stay the same.
    pub(super) differences: Vec<Difference>,
    /// Not compared yet.
    held: BTreeMap<SourceId, (InventorySource, Vec<Line>)>,
    holding: usize,
}

/// A count that would not stay the same.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    source: String,
    sku: String,
    /// What is stored; nothing of what is not known.
    now: Option<Quantity>,
    new: Quantity,
    difference: Option<Quantity>,
}

pub(super) const DIFFERENCE: &[Column<Difference>] = &[
    ("SOURCE", |row| row.source.clone()),
    ("SKU", |row| row.sku.clone()),
    ("NOW", |row| or_dash(row.now.as_ref())),
    ("NEW", |row| row.new.to_string()),
    ("DIFFERENCE", |row| or_dash(row.difference.as_ref())),
];

// === impl Rehearsal ===

impl Rehearsal {
    /// Holds a line until it is compared; whether there are enough of them.
    pub(super) fn hold(&mut self, source: InventorySource, line: Line) -> bool {
        let id = source.id;
        let (_, lines) = self.held.entry(id).or_insert_with(|| (source, Vec::new()));
        lines.push(line);
        self.holding += 1;
        self.holding >= BATCH_LINES
    }

    /// Compares what is held with what is stored.
    pub(super) async fn compare(&mut self, db: &Db) -> anyhow::Result<()> {
        self.holding = 0;
        for (source, lines) in std::mem::take(&mut self.held).into_values() {
            let skus: Vec<Sku> = lines.iter().map(|line| line.sku.clone()).collect();
            let levels = store::level::details(db, source.account_id, source.id, &skus).await?;
            for (line, level) in lines.iter().zip(levels) {
                let held = level.map(|level| level.held).filter(|held| !held.absent);
                let now = held.and_then(|held| match line.basis {
                    Basis::Available => held.available,
                    _ => held.on_hand,
                });
                self.note(&source, line, now);
            }
        }
        Ok(())
    }

    fn note(&mut self, source: &InventorySource, line: &Line, now: Option<Quantity>) {
        match now {
            Some(now) if now == line.quantity => {
                self.same += 1;
                return;
            }
            Some(_) => self.changed += 1,
            None => self.new += 1,
        }
        self.differences.push(Difference {
            source: source.name.clone(),
            sku: line.sku.to_string(),
            now,
            new: line.quantity,
            difference: now.map(|now| line.quantity - now),
        });
    }
}

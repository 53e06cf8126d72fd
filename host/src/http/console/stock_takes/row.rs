//! Takes and counts as they are shown.

use std::collections::HashMap;

use crate::http::console::inventory_sources::ledger::signed;
use crate::http::console::moment::When;
use crate::http::console::visitor::Visitor;
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock_take::{Count, StockTake, TakeTotals};

/// A take.
pub(super) struct TakeRow {
    pub(super) id: String,
    pub(super) source: String,
    pub(super) source_id: String,
    pub(super) state: String,
    pub(super) note: String,
    pub(super) started_by: String,
    pub(super) started_at: When,
    pub(super) counts: String,
    pub(super) differences: String,
}

/// What its counts come to.
pub(super) struct Totals {
    pub(super) counts: String,
    pub(super) differences: String,
    pub(super) more: String,
    pub(super) fewer: String,
    pub(super) written: String,
    pub(super) not_written: String,
}

/// A count.
pub(super) struct CountRow {
    pub(super) sku: String,
    pub(super) place: String,
    pub(super) counted: String,
    pub(super) held: String,
    /// With its sign; empty for none.
    pub(super) difference: String,
    pub(super) counted_by: String,
    pub(super) counted_at: When,
    pub(super) state: String,
    pub(super) reason: String,
}

// === impl TakeRow ===

impl TakeRow {
    pub(super) fn of(
        take: &StockTake,
        sources: &HashMap<SourceId, InventorySource>,
        totals: &TakeTotals,
        visitor: &Visitor,
    ) -> Self {
        let source = sources.get(&take.source_id);
        Self {
            id: take.id.to_string(),
            source: source.map(|source| source.name.clone()).unwrap_or_default(),
            source_id: take.source_id.to_string(),
            state: visitor.text().say(&format!("take-{}", take.state)),
            note: take.note.clone().unwrap_or_default(),
            started_by: take.started_by.clone(),
            started_at: visitor.when(take.started_at),
            counts: visitor.whole(totals.counts),
            differences: visitor.whole(totals.differences),
        }
    }
}

// === impl Totals ===

impl Totals {
    pub(super) fn of(totals: &TakeTotals, visitor: &Visitor) -> Self {
        Self {
            counts: visitor.whole(totals.counts),
            differences: visitor.whole(totals.differences),
            more: visitor.quantity(totals.more),
            fewer: visitor.quantity(totals.fewer),
            written: visitor.whole(totals.written),
            not_written: visitor.whole(totals.not_written),
        }
    }
}

// === impl CountRow ===

impl CountRow {
    pub(super) fn of(count: &Count, places: &HashMap<&str, &str>, visitor: &Visitor) -> Self {
        let place = count.place.as_ref().map_or("", |place| place.0.as_str());
        let outcome = count.outcome.as_ref();
        let state = outcome.map(|(state, _)| visitor.text().say(&format!("operation-{state}")));
        Self {
            sku: count.sku.to_string(),
            place: places.get(place).map_or(place, |name| *name).to_owned(),
            counted: visitor.quantity(count.counted),
            held: visitor.quantity(count.held),
            difference: signed(count.difference(), visitor),
            counted_by: count.counted_by.clone(),
            counted_at: visitor.when(count.counted_at),
            state: state.unwrap_or_default(),
            reason: outcome
                .and_then(|(_, reason)| reason.clone())
                .unwrap_or_default(),
        }
    }
}

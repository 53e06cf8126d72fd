//! The history of one SKU: what it was, what it became, and what brought it; as a list and as a chart.

use bestand_plugin_api::{Quantity, Timestamp, Tracking};

use super::chart::Chart;
use crate::http::console::moment::When;
use crate::http::console::visitor::Visitor;
use crate::stock::{Cause, Counts};
use crate::store::history::Change;

/// The history of one SKU.
pub(super) struct History {
    pub(super) changes: Vec<Step>,
    /// Nothing without a count to show, and of older changes.
    pub(super) chart: Option<Chart>,
    /// The address of older changes, if there are more.
    pub(super) older: Option<String>,
}

/// One change; of each quantity what it was and became, or what it stayed.
pub(super) struct Step {
    pub(super) at: When,
    pub(super) cause: String,
    pub(super) available: String,
    pub(super) on_hand: String,
    pub(super) allocated: String,
    pub(super) incoming: String,
    /// What stands beside the numbers, where they are no counts any more.
    pub(super) instead: String,
}

// === impl History ===

impl History {
    /// Of changes, newest first, of a level that is not stale before `fresh_until`; without that they are older ones.
    pub(super) fn of(
        changes: &[Change],
        fresh_until: Option<Timestamp>,
        older: Option<String>,
        visitor: &Visitor,
    ) -> Self {
        Self {
            changes: changes
                .iter()
                .map(|change| Step::of(change, visitor))
                .collect(),
            chart: fresh_until.and_then(|until| Chart::of(changes, until, visitor)),
            older,
        }
    }
}

// === impl Step ===

impl Step {
    pub(super) fn of(change: &Change, visitor: &Visitor) -> Self {
        let moved = |quantity: fn(&Counts) -> Option<Quantity>| {
            let [before, after] = [&change.before, &change.after].map(quantity);
            let shown = |quantity| visitor.quantity_or_unknown(quantity);
            match before == after {
                true => shown(after),
                false => format!("{} → {}", shown(before), shown(after)),
            }
        };
        Self {
            at: visitor.when(change.changed_at),
            cause: told(&change.cause, visitor),
            available: moved(|counts| counts.available),
            on_hand: moved(|counts| counts.on_hand),
            allocated: moved(|counts| counts.allocated),
            incoming: moved(|counts| counts.incoming),
            instead: instead(&change.after)
                .map(|id| visitor.text().say(id))
                .unwrap_or_default(),
        }
    }
}

/// What brought a change, and who.
pub(super) fn told(cause: &Cause, visitor: &Visitor) -> String {
    let kind = visitor
        .text()
        .say(&format!("cause-of-{}", cause.kind.as_str()));
    match &cause.actor {
        Some(actor) => format!("{kind} · {actor}"),
        None => kind,
    }
}

const fn instead(counts: &Counts) -> Option<&'static str> {
    match counts.tracking {
        Tracking::Counted if counts.absent => Some("history-absent"),
        Tracking::Counted => None,
        Tracking::NotTracked => Some("line-not_tracked"),
        Tracking::NotStocked => Some("cause-not-stocked"),
        Tracking::Ambiguous => Some("cause-ambiguous"),
        Tracking::Incomplete => Some("cause-incomplete"),
        _ => Some("line-unavailable"),
    }
}

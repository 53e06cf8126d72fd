//! What could be sold of one SKU over time, as a line of steps that is broken where nobody knew.

use std::fmt::Write;

use bestand_plugin_api::{Quantity, Timestamp};

use crate::http::console::visitor::Visitor;
use crate::store::history::Change;

/// The chart's size, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 160.0;
const MARGIN: f64 = 24.0;

/// A chart.
pub(super) struct Chart {
    pub(super) path: String,
    pub(super) most: String,
    pub(super) least: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) summary: String,
}

/// For how long something was known; a count holds until the next change.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    from: Timestamp,
    until: Timestamp,
    /// Nothing where it was not known, or was no count.
    count: Option<Quantity>,
}

// === impl Chart ===

impl Chart {
    /// Of changes, newest first, of a level that is not stale before `fresh_until`. Nothing without a count to show.
    pub(super) fn of(
        changes: &[Change],
        fresh_until: Timestamp,
        visitor: &Visitor,
    ) -> Option<Self> {
        let stretches = stretches(changes, fresh_until, visitor.now);
        let counts = || stretches.iter().filter_map(|stretch| stretch.count);
        let (least, most) = (counts().min()?, counts().max()?);
        let (from, to) = (stretches.first()?.from, visitor.now);
        let [from_shown, to_shown] = [from, to].map(|at| visitor.when(at).exact);
        let [least_shown, most_shown] = [least, most].map(|count| visitor.quantity(count));
        let mut summary = visitor.text().with(
            "chart-summary",
            &[
                ("least", least_shown.as_str().into()),
                ("most", most_shown.as_str().into()),
                ("from", from_shown.as_str().into()),
                ("to", to_shown.as_str().into()),
            ],
        );
        if stretches.iter().any(|stretch| stretch.count.is_none()) {
            summary = format!("{summary} {}", visitor.text().say("chart-gaps"));
        }
        Some(Self {
            path: path(&stretches, (from, to), (least, most)),
            most: most_shown,
            least: least_shown,
            from: from_shown,
            to: to_shown,
            summary,
        })
    }
}

/// What was known when, oldest first, up to `now`.
fn stretches(changes: &[Change], fresh_until: Timestamp, now: Timestamp) -> Vec<Stretch> {
    let mut until = now;
    let mut stretches: Vec<Stretch> = Vec::with_capacity(changes.len() + 1);
    for change in changes {
        let stretch = Stretch {
            from: change.changed_at.min(until),
            until,
            count: change.after.sellable(),
        };
        until = stretch.from;
        stretches.push(stretch);
    }
    if fresh_until < now
        && let Some(newest) = stretches.first_mut()
    {
        newest.until = fresh_until.max(newest.from);
        let stale = Stretch {
            from: newest.until,
            until: now,
            count: None,
        };
        stretches.insert(0, stale);
    }
    stretches.reverse();
    stretches
}

/// Across for as long as a count holds, then up or down; a new line after each gap.
fn path(
    stretches: &[Stretch],
    (from, to): (Timestamp, Timestamp),
    (least, most): (Quantity, Quantity),
) -> String {
    let span = to.since(from).as_secs_f64().max(1.0);
    let range = (most - least).to_f64().max(1e-6);
    let x = |at: Timestamp| MARGIN + at.since(from).as_secs_f64() / span * (WIDTH - 2.0 * MARGIN);
    let y = |count: Quantity| {
        HEIGHT - MARGIN - (count - least).to_f64() / range * (HEIGHT - 2.0 * MARGIN)
    };
    let (mut path, mut is_drawing) = (String::new(), false);
    for stretch in stretches {
        let Some(count) = stretch.count else {
            is_drawing = false;
            continue;
        };
        let _ = match is_drawing {
            true => write!(path, "V{:.1}H{:.1}", y(count), x(stretch.until)),
            false => write!(
                path,
                "M{:.1} {:.1}H{:.1}",
                x(stretch.from),
                y(count),
                x(stretch.until)
            ),
        };
        is_drawing = true;
    }
    path
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::{Sku, Tracking};

    use super::*;
    use crate::id::ChangeId;
    use crate::stock::{Cause, CauseKind, Counts};

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn change(secs: i64, available: Option<i64>) -> Change {
        let after = Counts {
            tracking: Tracking::Counted,
            available: available.map(Quantity::units),
            on_hand: None,
            allocated: None,
            incoming: None,
            absent: false,
        };
        Change {
            id: ChangeId::new(),
            sku: Sku::new("A").unwrap(),
            changed_at: at(secs),
            cause: Cause::of(CauseKind::Push),
            before: after,
            after,
        }
    }

    fn drawn(changes: &[Change], fresh_until: i64) -> String {
        let stretches = stretches(changes, at(fresh_until), at(100));
        let range = (Quantity::ZERO, Quantity::units(10));
        path(&stretches, (at(0), at(100)), range)
    }

    #[test]
    fn a_count_holds_until_the_next_one() {
        let changes = [change(50, Some(10)), change(0, Some(0))];
        assert_eq!(drawn(&changes, 100), "M24.0 136.0H320.0V24.0H616.0");
    }

    #[test]
    fn the_line_is_broken_where_nothing_was_known() {
        let changes = [change(75, Some(0)), change(50, None), change(0, Some(0))];
        assert_eq!(drawn(&changes, 100), "M24.0 136.0H320.0M468.0 136.0H616.0");
    }

    #[test]
    fn the_line_ends_where_the_number_became_stale() {
        let changes = [change(0, Some(10))];
        assert_eq!(drawn(&changes, 50), "M24.0 24.0H320.0");
        assert_eq!(drawn(&changes, 200), "M24.0 24.0H616.0");
    }
}

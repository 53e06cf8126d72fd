//! The history of one SKU: what it was, what it became, and what brought it; as a list and as a chart.

use std::fmt::Write;

use crate::http::console::moment::When;
use crate::http::console::visitor::Visitor;
use crate::store::history::Change;

/// The chart's size, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 160.0;
const MARGIN: f64 = 24.0;

/// The history of one SKU.
pub(super) struct History {
    pub(super) changes: Vec<Step>,
    /// Nothing as long as there are fewer than two counts.
    pub(super) chart: Option<Chart>,
}

/// One change.
pub(super) struct Step {
    pub(super) at: When,
    pub(super) cause: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// What was available over time, as a line of steps.
pub(super) struct Chart {
    pub(super) path: String,
    pub(super) most: String,
    pub(super) least: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) summary: String,
}

// === impl History ===

impl History {
    pub(super) fn of(changes: &[Change], visitor: &Visitor) -> Self {
        Self {
            changes: changes
                .iter()
                .map(|change| Step::of(change, visitor))
                .collect(),
            chart: Chart::of(changes, visitor),
        }
    }
}

// === impl Step ===

impl Step {
    fn of(change: &Change, visitor: &Visitor) -> Self {
        let kind = visitor
            .text()
            .say(&format!("cause-of-{}", change.cause.kind.as_str()));
        let cause = match &change.cause.actor {
            Some(actor) => format!("{kind} · {actor}"),
            None => kind,
        };
        Self {
            at: visitor.when(change.changed_at),
            cause,
            before: visitor.quantity_or_unknown(change.before.available),
            after: visitor.quantity_or_unknown(change.after.available),
        }
    }
}

// === impl Chart ===

impl Chart {
    /// Of changes, newest first.
    fn of(changes: &[Change], visitor: &Visitor) -> Option<Self> {
        let counts = changes
            .iter()
            .rev()
            .filter_map(|change| Some((change.changed_at, change.after.available?)));
        let counts: Vec<_> = counts.collect();
        let (first, last) = (counts.first()?, counts.last()?);
        if counts.len() < 2 {
            return None;
        }
        let least = counts.iter().map(|(_, count)| *count).min()?;
        let most = counts.iter().map(|(_, count)| *count).max()?;
        let span = last.0.since(first.0).as_secs_f64().max(1.0);
        let height = (most - least).to_f64().max(1e-6);
        let place =
            |(at, count): &(bestand_plugin_api::Timestamp, bestand_plugin_api::Quantity)| {
                let x = MARGIN + at.since(first.0).as_secs_f64() / span * (WIDTH - 2.0 * MARGIN);
                let y =
                    HEIGHT - MARGIN - (*count - least).to_f64() / height * (HEIGHT - 2.0 * MARGIN);
                (x, y)
            };
        let (from, to) = (visitor.when(first.0), visitor.when(last.0));
        let (least, most) = (visitor.quantity(least), visitor.quantity(most));
        Some(Self {
            path: steps(counts.iter().map(place)),
            summary: visitor.text().with(
                "chart-summary",
                &[
                    ("least", least.as_str().into()),
                    ("most", most.as_str().into()),
                    ("from", from.exact.as_str().into()),
                    ("to", to.exact.as_str().into()),
                ],
            ),
            from: from.exact,
            to: to.exact,
            least,
            most,
        })
    }
}

/// A count holds until the next one: the line goes across, then up or down.
fn steps(places: impl Iterator<Item = (f64, f64)>) -> String {
    places.fold(String::new(), |mut path, (x, y)| {
        let _ = match path.is_empty() {
            true => write!(path, "M{x:.1} {y:.1}"),
            false => write!(path, "H{x:.1}V{y:.1}"),
        };
        path
    })
}

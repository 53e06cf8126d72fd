//! When stock is low, as pure functions: the threshold of a level, and whether a change brought it there.

mod now;

use std::collections::HashMap;

use bestand_plugin_api::{Quantity, Sku};

use super::{Counts, Held};
use crate::id::SourceId;

pub use now::{InvalidLowPlace, LowPlace, LowStock, ThresholdFor};

/// Most thresholds of one account: an own one for each article of a large catalogue, and some ten megabytes.
pub const THRESHOLDS_MAX: u64 = 100_000;

/// At this many, or fewer, stock is low.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// At this source; at every one when none is named.
    pub source_id: Option<SourceId>,
    /// Of this article; of every one when none is named.
    pub sku: Option<Sku>,
    /// How many; zero or more.
    pub threshold: Quantity,
}

/// The thresholds of an account.
#[derive(Clone, Debug, Default)]
pub struct Thresholds {
    by_extent: HashMap<(Option<SourceId>, Option<Sku>), Quantity>,
}

// === impl Thresholds ===

impl Thresholds {
    /// The one for this level: what names article and source goes before what names the article, that before what
    /// names the source, and that before the one for everything.
    #[must_use]
    pub fn find(&self, source: SourceId, sku: &Sku) -> Option<Quantity> {
        if self.by_extent.is_empty() {
            return None;
        }
        let (source, sku) = (Some(source), Some(sku.clone()));
        let extents = [
            (source, sku.clone()),
            (None, sku),
            (source, None),
            (None, None),
        ];
        let mut found = extents
            .iter()
            .filter_map(|extent| self.by_extent.get(extent));
        found.next().copied()
    }

    /// The threshold that a level reached or fell below by this change, and what can be sold of it; `None` when it was
    /// that low before, or is seen for the first time.
    #[must_use]
    pub fn fallen(
        &self,
        (source, sku): (SourceId, &Sku),
        before: Option<&Held>,
        after: &Held,
    ) -> Option<(Quantity, Quantity)> {
        let threshold = self.find(source, sku)?;
        let available = sellable(after).filter(|available| *available <= threshold)?;
        let was_low = |before| sellable(before).is_some_and(|available| available <= threshold);
        (!was_low(before?)).then_some((threshold, available))
    }

    /// Whether a level that was low is above its threshold since this change; not when it is no count any more.
    #[must_use]
    pub fn recovered(
        &self,
        (source, sku): (SourceId, &Sku),
        before: Option<&Held>,
        after: &Held,
    ) -> bool {
        let (Some(before), Some(after)) = (before.and_then(sellable), sellable(after)) else {
            return false;
        };
        // Before the threshold is looked up: most levels go down.
        after > before
            && self
                .find(source, sku)
                .is_some_and(|threshold| before <= threshold && after > threshold)
    }
}

fn sellable(held: &Held) -> Option<Quantity> {
    Counts::from(*held).sellable()
}

impl FromIterator<Threshold> for Thresholds {
    fn from_iter<All: IntoIterator<Item = Threshold>>(all: All) -> Self {
        let entry = |one: Threshold| ((one.source_id, one.sku), one.threshold);
        let by_extent = all.into_iter().map(entry).collect();
        Self { by_extent }
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::{Timestamp, Tracking};

    use super::*;

    fn held(available: Option<i64>) -> Held {
        Held {
            tracking: Tracking::Counted,
            available: available.map(Quantity::units),
            on_hand: None,
            allocated: None,
            incoming: None,
            as_of: Timestamp::from_secs(1),
            source_version: None,
            absent: false,
        }
    }

    fn sku(text: &str) -> Sku {
        Sku::new(text).unwrap()
    }

    fn threshold(source_id: Option<SourceId>, text: Option<&str>, units: i64) -> Threshold {
        Threshold {
            source_id,
            sku: text.map(sku),
            threshold: Quantity::units(units),
        }
    }

    #[test]
    fn the_threshold_that_names_most_is_the_one() {
        let (main, other) = (SourceId::new(), SourceId::new());
        let thresholds: Thresholds = [
            threshold(None, None, 1),
            threshold(Some(main), None, 2),
            threshold(None, Some("A"), 3),
            threshold(Some(main), Some("A"), 4),
        ]
        .into_iter()
        .collect();
        let check = |source, text: &str, expected| {
            assert_eq!(
                thresholds.find(source, &sku(text)),
                Some(Quantity::units(expected))
            );
        };
        check(main, "A", 4);
        check(other, "A", 3);
        check(main, "B", 2);
        check(other, "B", 1);
        assert_eq!(Thresholds::default().find(main, &sku("A")), None);
    }

    #[test]
    fn only_what_falls_to_the_threshold_is_told() {
        let source = SourceId::new();
        let thresholds: Thresholds = [threshold(None, None, 5)].into_iter().collect();
        let check = |before: Option<Option<i64>>, after: Option<i64>, expected: Option<i64>| {
            let before = before.map(held);
            let fallen = thresholds.fallen((source, &sku("A")), before.as_ref(), &held(after));
            let expected = expected.map(|units| (Quantity::units(5), Quantity::units(units)));
            assert_eq!(fallen, expected);
        };
        check(Some(Some(6)), Some(5), Some(5));
        check(Some(Some(6)), Some(0), Some(0));
        check(Some(Some(6)), Some(-1), Some(-1));
        check(Some(Some(5)), Some(4), None);
        check(Some(Some(4)), Some(6), None);
        check(Some(Some(7)), Some(6), None);
        // Nothing was known of it, and it is not known to have been low.
        check(Some(None), Some(3), Some(3));
        // Unknown is not zero.
        check(Some(Some(6)), None, None);
        // The first listing of a catalogue is no news of what it lacks.
        check(None, Some(3), None);
    }

    #[test]
    fn what_rises_above_the_threshold_has_recovered() {
        let source = SourceId::new();
        let thresholds: Thresholds = [threshold(None, None, 5)].into_iter().collect();
        let check = |before: Option<Option<i64>>, after: Option<i64>, expected: bool| {
            let before = before.map(held);
            let place = (source, &sku("A"));
            let recovered = thresholds.recovered(place, before.as_ref(), &held(after));
            assert_eq!(recovered, expected);
        };
        check(Some(Some(5)), Some(6), true);
        check(Some(Some(-1)), Some(100), true);
        check(Some(Some(4)), Some(5), false);
        check(Some(Some(6)), Some(7), false);
        // Neither what was unknown nor what is: it may have been low, and may still be.
        check(Some(None), Some(7), false);
        check(Some(Some(5)), None, false);
        check(None, Some(7), false);
    }
}

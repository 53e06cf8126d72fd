//! Drift, as pure functions: what a full listing found different from what was held although nothing had told us.
//!
//! What counts is what can be sold, for that is what orders are answered by: another number, a number where there was
//! none, or none where there was one. The first listing of a source is no drift, and neither is what a newer push,
//! change or write had said before the listing came to it.

use std::time::Duration;

use bestand_plugin_api::{Quantity, Sku, Timestamp};

use super::{Counts, Held};
use crate::id::SyncId;

/// Millionths of a percent that make a whole.
const WHOLE: i128 = 100_000_000;

/// A level that was not as it was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The article.
    pub sku: Sku,
    /// What could be sold by what was held; nothing where that was no number, or the article was never seen.
    pub held: Option<Quantity>,
    /// What can be sold by what was found.
    pub found: Option<Quantity>,
    /// The last time that what was held was confirmed: it has been wrong since then at most.
    pub since: Timestamp,
}

/// What some comparisons came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Levels that were compared.
    pub compared: u64,
    /// Those of them that were not as held.
    pub differing: u64,
    /// By how much in all, up or down; what is no number counts nothing here.
    pub total: Quantity,
    /// By how much at most.
    pub largest: Quantity,
    /// For how long one of them was wrong at most.
    pub longest: Duration,
}

/// What one listing of a source found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftRun {
    /// The listing.
    pub sync_id: SyncId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was complete; nothing while it runs, or when it was given up.
    pub finished_at: Option<Timestamp>,
    /// What it found.
    pub tally: Tally,
    /// Whether that reached the source's threshold.
    pub high: bool,
}

/// From when on the drift of a source is high: from either of them on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftThreshold {
    /// This share of what was compared, in percent.
    pub percent: Option<Quantity>,
    /// So many levels.
    pub differing: Option<u64>,
}

// === impl Difference ===

impl Difference {
    /// Between what was held `before`, or known to be nothing since `listed_at`, and what was found; `None` when the
    /// answer on an order is the same.
    #[must_use]
    pub fn between(
        sku: &Sku,
        before: Option<&Held>,
        listed_at: Timestamp,
        after: &Held,
    ) -> Option<Self> {
        let sellable = |held: &Held| Counts::from(*held).sellable();
        let (held, found) = (before.and_then(sellable), sellable(after));
        let tracking_changed = before.is_some_and(|before| before.tracking != after.tracking);
        (held != found || tracking_changed).then(|| Self {
            sku: sku.clone(),
            held,
            found,
            since: before.map_or(listed_at, |before| before.as_of),
        })
    }

    /// By how much, up or down; nothing where one of them is no number.
    #[must_use]
    pub fn distance(&self) -> Option<Quantity> {
        let distance = self.found?.millionths().abs_diff(self.held?.millionths());
        let distance = i64::try_from(distance).unwrap_or(i64::MAX);
        Some(Quantity::from_millionths(distance))
    }
}

// === impl Tally ===

impl Tally {
    /// With so many more that were compared, of which these differ.
    #[must_use]
    pub fn of(compared: usize, differences: &[Difference], now: Timestamp) -> Self {
        let distances = differences.iter().filter_map(Difference::distance);
        let total = distances.clone().fold(0_i64, |total, distance| {
            total.saturating_add(distance.millionths())
        });
        let wrong = differences
            .iter()
            .map(|difference| now.since(difference.since));
        Self {
            compared: compared as u64,
            differing: differences.len() as u64,
            total: Quantity::from_millionths(total),
            largest: distances.max().unwrap_or_default(),
            longest: wrong.max().unwrap_or_default(),
        }
    }

    /// Those that differ among what was compared, in percent with two decimals.
    #[must_use]
    pub fn percent(&self) -> Quantity {
        let hundredths = (self.differing * 10_000).checked_div(self.compared);
        let hundredths = i64::try_from(hundredths.unwrap_or(0)).unwrap_or(i64::MAX);
        Quantity::from_millionths(hundredths.saturating_mul(10_000))
    }
}

// === impl DriftThreshold ===

impl DriftThreshold {
    /// The limit that can be none, by its name: a share is above 0 and at most 100 percent, a number 1 or more.
    #[must_use]
    pub fn wrong_limit(&self) -> Option<&'static str> {
        let is_share = |percent| percent > Quantity::ZERO && percent <= Quantity::units(100);
        match (self.percent, self.differing) {
            (Some(percent), _) if !is_share(percent) => Some("percent"),
            (_, Some(0)) => Some("differing"),
            _ => None,
        }
    }

    /// Whether that much is high.
    #[must_use]
    pub fn is_reached(&self, tally: &Tally) -> bool {
        let (compared, differing) = (i128::from(tally.compared), i128::from(tally.differing));
        let share_is_high = self.percent.is_some_and(|percent| {
            differing * WHOLE >= i128::from(percent.millionths()) * compared
        });
        let number_is_high = self.differing.is_some_and(|most| tally.differing >= most);
        tally.differing > 0 && (share_is_high || number_is_high)
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::Tracking;

    use super::*;

    const LISTED: Timestamp = Timestamp::from_secs(1_000);

    fn held(tracking: Tracking, available: Option<i64>) -> Held {
        Held {
            tracking,
            available: available.map(Quantity::units),
            on_hand: None,
            allocated: None,
            incoming: Some(Quantity::units(available.unwrap_or(0))),
            as_of: Timestamp::from_secs(2_000),
            source_version: None,
            absent: false,
        }
    }

    fn counted(available: i64) -> Held {
        held(Tracking::Counted, Some(available))
    }

    #[test]
    fn what_answers_an_order_otherwise_is_a_difference() {
        let sku = Sku::new("A").unwrap();
        let check = |before: Option<Held>, after: Held, expected: Option<(Option<i64>, i64)>| {
            let found = Difference::between(&sku, before.as_ref(), LISTED, &after);
            let shown = found.map(|difference| {
                let distance = difference.distance().map(Quantity::floor);
                (distance, difference.since.millis() / 1_000)
            });
            assert_eq!(shown, expected);
        };
        check(Some(counted(5)), counted(3), Some((Some(2), 2_000)));
        check(Some(counted(3)), counted(-5), Some((Some(8), 2_000)));
        check(Some(counted(5)), counted(5), None);
        check(None, counted(3), Some((None, 1_000)));
        check(
            Some(counted(5)),
            held(Tracking::Counted, None),
            Some((None, 2_000)),
        );
        check(
            Some(counted(5)),
            held(Tracking::NotTracked, None),
            Some((None, 2_000)),
        );
        let on_its_way = Held {
            incoming: None,
            ..counted(5)
        };
        check(Some(counted(5)), on_its_way, None);
    }

    #[test]
    fn either_limit_makes_drift_high() {
        let tally = |compared, differing| Tally {
            compared,
            differing,
            ..Tally::default()
        };
        let percent = |text: &str| DriftThreshold {
            percent: Some(text.parse().unwrap()),
            differing: None,
        };
        let number = DriftThreshold {
            percent: None,
            differing: Some(3),
        };
        assert!(percent("2.5").is_reached(&tally(1_000, 25)));
        assert!(!percent("2.5").is_reached(&tally(1_000, 24)));
        assert!(!percent("2.5").is_reached(&tally(0, 0)));
        assert!(number.is_reached(&tally(1_000, 3)));
        assert!(!number.is_reached(&tally(1_000, 2)));
        assert!(!DriftThreshold::default().is_reached(&tally(1, 1)));
    }

    #[test]
    fn a_tally_adds_up_what_is_a_number() {
        let difference = |held: i64, found: Option<i64>| Difference {
            sku: Sku::new("A").unwrap(),
            held: Some(Quantity::units(held)),
            found: found.map(Quantity::units),
            since: LISTED,
        };
        let differences = [
            difference(5, Some(3)),
            difference(1, Some(6)),
            difference(4, None),
        ];
        let tally = Tally::of(8, &differences, Timestamp::from_secs(1_060));
        let shown = (tally.differing, tally.total.floor(), tally.largest.floor());
        assert_eq!(shown, (3, 7, 5));
        assert_eq!(tally.longest, Duration::from_secs(60));
        assert_eq!(tally.percent().to_string(), "37.5");
    }
}

//! Which of two answers is the newer one, as a pure function.

use bestand_plugin_api::Timestamp;

use super::{Held, Outcome};

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// It is older than what is known and changes nothing.
    Older,
    /// It says what is known already, as of a newer moment.
    Confirmed(Held),
    /// It says something new.
    Changed(Held),
}

// === impl Decision ===

impl Decision {
    /// What its caller is told.
    pub(super) fn outcome(self) -> Outcome {
        match self {
            Self::Older => Outcome::Older,
            Self::Confirmed(_) => Outcome::Confirmed,
            Self::Changed(_) => Outcome::Changed,
        }
    }
}

/// Decides between what is `stored` and what came `incoming` by a request begun at `read_at`, at a source last listed
/// completely at `listed_at`.
///
/// The source's version decides where both have one, otherwise the start of the request; of two from the same moment,
/// the one that came last. What a complete listing did not name was not there then, so an answer from before it is old.
/// A level that was put together is older than the request that brought it, and takes its own age with it.
pub(super) fn newer_wins(
    stored: Option<Held>,
    listed_at: Option<Timestamp>,
    incoming: Held,
    read_at: Timestamp,
) -> Decision {
    let Some(stored) = stored else {
        return match listed_at {
            Some(listed_at) if read_at < listed_at => Decision::Older,
            _ => Decision::Changed(incoming),
        };
    };
    if is_older(&incoming, read_at, &stored) {
        return Decision::Older;
    }
    // A newer version read by an earlier request was still true after the later one, which saw an older version.
    let newest = match incoming.as_of == read_at {
        true => Held {
            as_of: incoming.as_of.max(stored.as_of),
            ..incoming
        },
        false => incoming,
    };
    if newest.says_the_same_as(&stored) {
        Decision::Confirmed(newest)
    } else {
        Decision::Changed(newest)
    }
}

fn is_older(incoming: &Held, read_at: Timestamp, stored: &Held) -> bool {
    match (incoming.source_version, stored.source_version) {
        (Some(incoming), Some(stored)) if incoming != stored => incoming < stored,
        _ => read_at < stored.as_of,
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::{Absent, Quantity, Tracking};

    use super::super::absence::absent_since;
    use super::*;

    /// So many available as of this second, under this version.
    fn held(available: i64, as_of_secs: i64, source_version: Option<u64>) -> Held {
        Held {
            tracking: Tracking::Counted,
            available: Some(Quantity::units(available)),
            on_hand: None,
            allocated: None,
            incoming: None,
            as_of: Timestamp::from_secs(as_of_secs),
            source_version,
            absent: false,
        }
    }

    /// Of a level of the source's own.
    fn plain(stored: Option<Held>, listed_at: Option<Timestamp>, incoming: Held) -> Decision {
        newer_wins(stored, listed_at, incoming, incoming.as_of)
    }

    #[test]
    fn of_two_levels_put_together_the_later_one_wins_and_keeps_the_age_of_its_parts() {
        let put_together = |available, as_of, read_at: i64| {
            let version = Timestamp::from_secs(read_at).millis().cast_unsigned();
            (
                held(available, as_of, Some(version)),
                Timestamp::from_secs(read_at),
            )
        };
        let (before, _) = put_together(5, 90, 100);
        let (older_parts, read_at) = put_together(3, 20, 101);
        let decided = newer_wins(Some(before), None, older_parts, read_at);
        assert_eq!(decided, Decision::Changed(older_parts));
        let (too_late, read_at) = put_together(3, 95, 99);
        assert_eq!(
            newer_wins(Some(before), None, too_late, read_at),
            Decision::Older
        );
        let (first, read_at) = put_together(3, 20, 101);
        let listed_at = Some(Timestamp::from_secs(100));
        assert_eq!(
            newer_wins(None, listed_at, first, read_at),
            Decision::Changed(first)
        );
        let gone = absent_since(Timestamp::from_secs(100), Absent::Unknown);
        assert_eq!(
            newer_wins(Some(gone), listed_at, first, read_at),
            Decision::Changed(first)
        );
    }

    #[test]
    fn the_newer_answer_wins() {
        let (older, confirmed, changed) = (None, Some(false), Some(true));
        let table = [
            // stored (available, as of, version), incoming, what becomes of it, as of
            ((5, 10, None), (3, 11, None), changed, 11),
            ((5, 10, None), (5, 11, None), confirmed, 11),
            ((5, 10, None), (3, 9, None), older, 0),
            ((5, 10, None), (5, 9, None), older, 0),
            // Of two from the same moment, the one that came last.
            ((5, 10, None), (3, 10, None), changed, 10),
            // The source's own version is better evidence than our clock, in both directions.
            ((5, 10, Some(7)), (3, 9, Some(8)), changed, 10),
            ((5, 10, Some(7)), (3, 11, Some(6)), older, 0),
            ((5, 10, Some(7)), (5, 11, Some(8)), confirmed, 11),
            // The same version read again is a confirmation; other numbers under it go by the clock.
            ((5, 10, Some(7)), (5, 11, Some(7)), confirmed, 11),
            ((5, 10, Some(7)), (3, 11, Some(7)), changed, 11),
            ((5, 10, Some(7)), (3, 9, Some(7)), older, 0),
            // With a version on one side only, the clock decides.
            ((5, 10, Some(7)), (3, 11, None), changed, 11),
            ((5, 10, None), (3, 9, Some(1)), older, 0),
            ((5, 10, None), (3, 11, Some(1)), changed, 11),
        ];
        for (stored, incoming, expected, as_of) in table {
            let stored_held = held(stored.0, stored.1, stored.2);
            let incoming_held = held(incoming.0, incoming.1, incoming.2);
            let newest = Held {
                as_of: Timestamp::from_secs(as_of),
                ..incoming_held
            };
            let expected = match expected {
                None => Decision::Older,
                Some(false) => Decision::Confirmed(newest),
                Some(true) => Decision::Changed(newest),
            };
            let decided = plain(Some(stored_held), None, incoming_held);
            assert_eq!(decided, expected, "{stored:?} then {incoming:?}");
        }
    }

    #[test]
    fn the_first_answer_is_taken_unless_a_complete_listing_has_ruled_it_out() {
        let answer = held(5, 10, None);
        let listed_at = |secs| Some(Timestamp::from_secs(secs));
        assert_eq!(plain(None, None, answer), Decision::Changed(answer));
        assert_eq!(
            plain(None, listed_at(10), answer),
            Decision::Changed(answer)
        );
        assert_eq!(plain(None, listed_at(11), answer), Decision::Older);
    }

    #[test]
    fn an_article_that_comes_back_may_count_its_versions_anew() {
        let gone = absent_since(Timestamp::from_secs(10), Absent::Zero);
        let back = held(5, 11, Some(1));
        assert_eq!(plain(Some(gone), None, back), Decision::Changed(back));
        assert_eq!(
            plain(Some(gone), None, held(5, 9, Some(1))),
            Decision::Older
        );
    }

    #[test]
    fn an_unknown_quantity_is_another_answer_than_zero() {
        let zero = held(0, 10, None);
        let unknown = Held {
            available: None,
            as_of: Timestamp::from_secs(11),
            ..zero
        };
        assert_eq!(plain(Some(zero), None, unknown), Decision::Changed(unknown));
    }
}

//! What a connection does next: a pure decision over what it has done and what it can.

use std::time::Duration;

use bestand_plugin_api::Timestamp;

/// How often a connection works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// From the end of one sync of any kind to the next.
    pub interval: Duration,
    /// Between full listings of an adapter that can tell changes; they find what changes missed.
    pub reconcile: Duration,
}

/// What a connection has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Whether a listing was begun and not finished, here or before a restart.
    pub listing_open: bool,
    /// End of the last complete listing; after a restart, its start.
    pub listed_at: Option<Timestamp>,
    /// The last time levels or changes were brought in completely.
    pub synced_at: Option<Timestamp>,
    /// Whether a checkpoint is kept, so that changes can be asked for.
    pub has_checkpoint: bool,
    /// Not before then, after a failure.
    pub not_before: Option<Timestamp>,
    /// Somebody asked for a full listing.
    pub listing_wanted: bool,
    /// Somebody asked for whatever is quickest.
    pub sync_wanted: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bring in every level.
    Listing,
    /// Bring in what changed.
    Changes,
    /// Nothing before then.
    Wait(Timestamp),
}

/// What a connection does next.
#[must_use]
pub fn next_step(now: Timestamp, done: &Done, rhythm: Rhythm, tells_changes: bool) -> Step {
    if let Some(until) = done.not_before.filter(|until| now < *until) {
        return Step::Wait(until);
    }
    let by_changes = tells_changes && done.has_checkpoint;
    let Some(listed_at) = done.listed_at else {
        return Step::Listing;
    };
    let synced_at = done.synced_at.map_or(listed_at, |at| at.max(listed_at));
    let listing_due = if by_changes {
        listed_at.after(rhythm.reconcile)
    } else {
        synced_at.after(rhythm.interval)
    };
    let wanted = done.listing_wanted || done.sync_wanted && !by_changes;
    if done.listing_open || wanted || listing_due <= now {
        return Step::Listing;
    }
    if !by_changes {
        return Step::Wait(listing_due);
    }
    let changes_due = synced_at.after(rhythm.interval);
    if done.sync_wanted || changes_due <= now {
        return Step::Changes;
    }
    Step::Wait(changes_due.min(listing_due))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RHYTHM: Rhythm = Rhythm {
        interval: Duration::from_secs(300),
        reconcile: Duration::from_secs(86_400),
    };

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn check(now: i64, done: Done, tells_changes: bool, expected: Step) {
        assert_eq!(
            next_step(at(now), &done, RHYTHM, tells_changes),
            expected,
            "{done:?}"
        );
    }

    #[test]
    fn a_new_connection_lists_everything() {
        check(0, Done::default(), true, Step::Listing);
    }

    #[test]
    fn an_interrupted_listing_goes_on_before_anything_else() {
        let done = Done {
            listed_at: Some(at(0)),
            listing_open: true,
            has_checkpoint: true,
            ..Done::default()
        };
        check(10, done, true, Step::Listing);
    }

    #[test]
    fn changes_fill_the_time_between_reconciliations() {
        let done = Done {
            listed_at: Some(at(0)),
            synced_at: Some(at(0)),
            has_checkpoint: true,
            ..Done::default()
        };
        check(10, done, true, Step::Wait(at(300)));
        check(300, done, true, Step::Changes);
        check(
            86_400,
            Done {
                synced_at: Some(at(86_390)),
                ..done
            },
            true,
            Step::Listing,
        );
        check(
            10,
            Done {
                sync_wanted: true,
                ..done
            },
            true,
            Step::Changes,
        );
        check(
            10,
            Done {
                listing_wanted: true,
                ..done
            },
            true,
            Step::Listing,
        );
    }

    #[test]
    fn without_changes_every_sync_is_a_full_listing() {
        let done = Done {
            listed_at: Some(at(0)),
            synced_at: Some(at(0)),
            ..Done::default()
        };
        check(299, done, false, Step::Wait(at(300)));
        check(300, done, false, Step::Listing);
        check(
            10,
            Done {
                sync_wanted: true,
                ..done
            },
            false,
            Step::Listing,
        );
    }

    #[test]
    fn a_listing_longer_than_the_interval_is_followed_by_the_whole_interval() {
        let recalled = Done {
            listed_at: Some(at(0)),
            synced_at: Some(at(900)),
            ..Done::default()
        };
        check(901, recalled, false, Step::Wait(at(1_200)));
        check(1_200, recalled, false, Step::Listing);
    }

    #[test]
    fn nothing_is_done_before_a_failed_connection_may_be_tried_again() {
        let done = Done {
            not_before: Some(at(50)),
            sync_wanted: true,
            ..Done::default()
        };
        check(10, done, true, Step::Wait(at(50)));
        check(50, done, true, Step::Listing);
    }
}

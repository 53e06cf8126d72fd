//! Whether and when a system is asked what became of an operation whose answer was lost.
//!
//! **Invariant:** this module does no I/O. Asking is sending the operation again under its own id, so it is done only
//! where the adapter keeps that from counting twice.

use std::time::Duration;

use bestand_plugin_api::{Idempotency, StockChange, Timestamp};

/// After how long an operation of which nothing was heard counts as lost: well over the 30 s that a call may take, so
/// that nobody asks while somebody still waits for the answer.
pub const LOST_AFTER: Duration = Duration::from_secs(120);
/// The pause before the first question; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// Questions asked of one operation: the last comes after about three hours. What a system does not say by then, a
/// person has to.
const LOOK_UPS_MAX: u32 = 12;

/// Whether asking again is safe, and could tell.
///
/// A new number that was not set the first time would overwrite what was `changed_since`, so only a person can say.
/// Where the old number is what guards a repeat, a refusal would not tell whether the first time or somebody else has
/// changed it.
#[must_use]
pub fn is_safe(idempotency: Idempotency, change: &StockChange, changed_since: bool) -> bool {
    let guarded = matches!(idempotency, Idempotency::Native | Idempotency::LookUp);
    guarded && !(changed_since && matches!(change, StockChange::Set { .. }))
}

/// When to ask after so many questions, or never again.
#[must_use]
pub fn next(look_ups: u32, now: Timestamp) -> Option<Timestamp> {
    let pause = FIRST_PAUSE * 2_u32.saturating_pow(look_ups);
    (look_ups < LOOK_UPS_MAX).then(|| now.after(pause))
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::Quantity;

    use super::*;

    #[test]
    fn only_what_cannot_count_twice_is_asked_again() {
        let delta = Quantity::units(1);
        let adjust = StockChange::Adjust { delta };
        let set = StockChange::Set {
            quantity: delta,
            expected: None,
        };
        for idempotency in [Idempotency::Native, Idempotency::LookUp] {
            assert!(is_safe(idempotency, &adjust, true) && is_safe(idempotency, &set, false));
            assert!(!is_safe(idempotency, &set, true));
        }
        for idempotency in [Idempotency::CompareAndSet, Idempotency::None] {
            assert!(!is_safe(idempotency, &adjust, false) && !is_safe(idempotency, &set, false));
        }
    }

    #[test]
    fn questions_come_further_and_further_apart_and_end() {
        let now = Timestamp::from_secs(1_700_000_000);
        let pauses: Vec<u64> = (0..)
            .map_while(|look_ups| next(look_ups, now))
            .map(|due_at| due_at.since(now).as_secs())
            .collect();
        assert_eq!((pauses[0], pauses[1], pauses.len()), (5, 10, 12));
        assert!(pauses.iter().sum::<u64>() < 6 * 3600);
    }
}

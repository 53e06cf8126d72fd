//! Whether a delivery is a replay, by its age. **Invariant:** this module does no I/O.

use std::time::Duration;

use bestand_plugin_api::{InboundOutcome, Timestamp};

use crate::store::inbound::event::REMEMBERED_FOR;

/// How old a delivery may be whose adapter names no other age, as Standard Webhooks has it: clocks differ, and networks
/// delay. As much is given to one that comes from the future.
const AGE_MAX: Duration = Duration::from_secs(5 * 60);

/// Whether what arrived then was made too long before, or after.
pub(super) fn is_replay(received_at: Timestamp, outcome: &InboundOutcome) -> bool {
    let Some(sent_at) = outcome.sent_at else {
        return false;
    };
    let age_max = outcome.age_max_ms.map_or(AGE_MAX, Duration::from_millis);
    // What is older than what is remembered could be done twice.
    let age_max = age_max.min(REMEMBERED_FOR);
    received_at.since(sent_at) > age_max || sent_at.since(received_at) > AGE_MAX
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::InboundEvent;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const HOUR: Duration = Duration::from_secs(3600);

    fn made(sent_at: Timestamp) -> InboundOutcome {
        InboundOutcome::ok(InboundEvent::Ignored, None).sent_at(sent_at)
    }

    #[test]
    fn a_delivery_may_be_as_old_as_its_adapter_says_and_five_minutes_when_it_says_nothing() {
        let just = Duration::from_millis(1);
        for (outcome, expected) in [
            (InboundOutcome::ok(InboundEvent::Ignored, None), false),
            (made(NOW), false),
            (made(NOW.before(AGE_MAX)), false),
            (made(NOW.before(AGE_MAX + just)), true),
            (made(NOW.after(AGE_MAX)), false),
            (made(NOW.after(AGE_MAX + just)), true),
            (made(NOW.before(HOUR)).at_most(HOUR), false),
            (made(NOW.before(HOUR + just)).at_most(HOUR), true),
            (made(NOW.after(HOUR)).at_most(HOUR), true),
            (made(NOW.before(HOUR * 73)).at_most(HOUR * 1_000), true),
        ] {
            assert_eq!(is_replay(NOW, &outcome), expected, "{outcome:?}");
        }
    }
}

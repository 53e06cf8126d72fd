//! How fast anybody may send to one connection's address, by the network they send from.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Requests of one network in a second, in the long run: a shop that changes everything it has at once sends some
/// dozens.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(100).expect("it is not zero");
/// Requests of one network that may come all at once.
const AT_ONCE: NonZeroU32 = NonZeroU32::new(1_000).expect("it is not zero");
/// Networks remembered at once, some hundred KiB; beyond it those are forgotten that have rested.
const NETWORKS_MAX: usize = 1_000;

/// Counts what networks send. Those that a proxy hides count as one.
pub(super) struct Pace(DefaultKeyedRateLimiter<Option<String>>);

// === impl Pace ===

impl Pace {
    /// Counts a request. Answers whether it may go on.
    pub(super) fn admits(&self, network: Option<&str>) -> bool {
        if self.0.len() > NETWORKS_MAX {
            self.0.retain_recent();
        }
        self.0.check_key(&network.map(str::to_owned)).is_ok()
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self(RateLimiter::keyed(
            Quota::per_second(PER_SECOND).allow_burst(AT_ONCE),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_sends_too_fast_is_held_up_and_no_other() {
        let pace = Pace::default();
        let admitted = (0..3_000)
            .filter(|_| pace.admits(Some("192.0.2.7")))
            .count();
        assert!((1_000..2_000).contains(&admitted), "{admitted}");
        assert!(pace.admits(Some("192.0.2.8")) && pace.admits(None));
    }
}

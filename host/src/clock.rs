//! The time, as an argument: the system's in the daemon, a hand-set one in tests.

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::Timestamp;
use tokio::sync::watch;

/// Longest single wait for a moment: the system's time may be set anew, and who waits must notice.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Tells the time. Cheap to clone; clones of a set clock move together.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds since the epoch, when the clock is set by hand.
    set: Option<Arc<watch::Sender<i64>>>,
}

// === impl Clock ===

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { set: None }
    }

    /// A clock that stands still until it is advanced.
    #[must_use]
    pub fn set_at(now: Timestamp) -> Self {
        Self {
            set: Some(Arc::new(watch::Sender::new(now.millis()))),
        }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let millis = match &self.set {
            Some(set) => *set.borrow(),
            None => jiff::Timestamp::now().as_millisecond(),
        };
        Timestamp::from_millis(millis)
    }

    /// Waits until it is `moment`; not at all when that has passed.
    pub async fn reach(&self, moment: Timestamp) {
        if let Some(set) = &self.set {
            let mut hand = set.subscribe();
            // Cannot fail: the sender is ours.
            let _ = hand.wait_for(|now| *now >= moment.millis()).await;
            return;
        }
        loop {
            let left = moment.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK_EVERY)).await;
        }
    }

    /// Moves a set clock; the system's clock cannot be moved and stays.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        if let Some(set) = &self.set {
            set.send_modify(|now| *now += millis);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

    #[tokio::test]
    async fn whoever_waits_goes_on_when_a_set_clock_gets_there() {
        let clock = Clock::set_at(NOON);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reach(NOON.after(Duration::from_secs(300))).await }
        });
        clock.advance(Duration::from_secs(299));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::from_secs(1));
        waiting.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_moment_that_has_passed_is_not_waited_for() {
        Clock::set_at(NOON).reach(NOON).await;
        Clock::system().reach(NOON).await;
    }
}

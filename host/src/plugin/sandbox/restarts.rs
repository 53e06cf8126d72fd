//! When a worker that has ended is started anew, and when no more: a pure function of its crashes.

use std::time::Duration;

use tokio::time::Instant;

/// A worker that ends so often within [`WITHIN`] is not started again before somebody has looked at it.
const CRASHES_MAX: usize = 5;
/// See [`CRASHES_MAX`].
const WITHIN: Duration = Duration::from_secs(5 * 60);
/// The first wait; each further one is twice as long.
const WAIT_MIN: Duration = Duration::from_millis(100);
/// The longest wait, as quick as an operator notices.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// A worker that lived so long starts anew as if it were the first.
const HEALTHY: Duration = Duration::from_secs(10 * 60);

/// The crashes of one adapter that still count.
#[derive(Debug, Default)]
pub(super) struct Restarts {
    crashes: Vec<Instant>,
}

/// What is to be done after a crash.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Start it anew after so long.
    After(Duration),
    /// Leave it until it is released.
    Quarantine,
}

// === impl Restarts ===

impl Restarts {
    /// A worker that was started at `began` has ended at `now`. `jitter`, from 0 to 1, keeps adapters that fell
    /// together from coming back together.
    pub(super) fn crashed(&mut self, began: Instant, now: Instant, jitter: f64) -> Next {
        if now.duration_since(began) >= HEALTHY {
            self.crashes.clear();
        }
        self.crashes.push(now);
        let recent = |crash: &&Instant| now.duration_since(**crash) < WITHIN;
        if self.crashes.iter().filter(recent).count() >= CRASHES_MAX {
            return Next::Quarantine;
        }
        let doublings = u32::try_from(self.crashes.len() - 1).unwrap_or(u32::MAX);
        let wait = WAIT_MIN.saturating_mul(2_u32.saturating_pow(doublings));
        let wait = wait.min(WAIT_MAX);
        // Half of it stays a wait.
        Next::After(wait.mul_f64(0.5 + 0.5 * jitter.clamp(0.0, 1.0)))
    }

    pub(super) fn forget(&mut self) {
        self.crashes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_crash_doubles_the_wait_and_the_fifth_within_five_minutes_is_the_last() {
        let mut restarts = Restarts::default();
        let began = Instant::now();
        let mut waits = Vec::new();
        for crash in 0..4 {
            let Next::After(wait) = restarts.crashed(began, began + SECOND * crash, 1.0) else {
                panic!("too early");
            };
            waits.push(wait.as_millis());
        }
        assert_eq!(waits, [100, 200, 400, 800]);
        let fifth = restarts.crashed(began, began + SECOND * 4, 1.0);
        assert_eq!(fifth, Next::Quarantine);
    }

    #[test]
    fn crashes_far_apart_are_never_a_reason_to_stop_and_the_wait_has_an_end() {
        let mut restarts = Restarts::default();
        let mut now = Instant::now();
        for _ in 0..100 {
            now += SECOND * 90;
            let next = restarts.crashed(now - SECOND, now, 0.0);
            assert!(matches!(next, Next::After(wait) if wait <= WAIT_MAX / 2 || wait <= WAIT_MAX));
        }
    }

    #[test]
    fn a_long_life_and_a_release_make_a_new_beginning() {
        let mut restarts = Restarts::default();
        let began = Instant::now();
        for _ in 0..4 {
            restarts.crashed(began, began, 1.0);
        }
        let much_later = began + HEALTHY;
        assert_eq!(
            restarts.crashed(began, much_later, 1.0),
            Next::After(WAIT_MIN)
        );
        restarts.forget();
        assert_eq!(
            restarts.crashed(much_later, much_later, 1.0),
            Next::After(WAIT_MIN)
        );
    }
}

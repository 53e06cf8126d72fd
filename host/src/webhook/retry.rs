//! What follows from an attempt, as a pure function: done, once more later, or given up.

use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::attempt::Attempt;

/// From one attempt to the next, in seconds: about a day in all, so that an outage overnight costs nothing.
const WAITS_SECS: [u64; 10] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800];
/// The longest wait that a receiver may ask for: a wrong date must not hold a message for ever.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(24 * 3600);
/// How far waits are spread, as a part of them: messages that failed together are not all sent again together.
const SPREAD: f64 = 0.2;
/// The receiver is gone and wants nothing any more.
const GONE: u16 = 410;

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was delivered.
    Delivered,
    /// It is tried again then.
    Again(Timestamp),
    /// It is not tried any more.
    GivenUp,
    /// The receiver wants nothing any more.
    Gone,
}

/// What follows from the `attempts`th attempt (from 1). `jitter` is between 0 and 1.
#[must_use]
pub fn decide(attempt: &Attempt, attempts: u32, jitter: f64) -> Outcome {
    if attempt.error.is_none() {
        return Outcome::Delivered;
    }
    if attempt.status == Some(GONE) {
        return Outcome::Gone;
    }
    let Some(wait) = wait(attempts, jitter) else {
        return Outcome::GivenUp;
    };
    let asked = attempt.retry_after.unwrap_or_default();
    Outcome::Again(attempt.at.after(wait.max(asked.min(RETRY_AFTER_MAX))))
}

fn wait(attempts: u32, jitter: f64) -> Option<Duration> {
    let index = usize::try_from(attempts.saturating_sub(1)).ok()?;
    let secs = *WAITS_SECS.get(index)?;
    Some(Duration::from_secs(secs).mul_f64(1.0 + SPREAD * jitter.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn answered(status: u16, retry_after: Option<u64>) -> Attempt {
        Attempt {
            at: NOW,
            took: Duration::ZERO,
            status: Some(status),
            error: (status >= 300).then(|| "it answered".to_owned()),
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    fn in_secs(secs: u64) -> Outcome {
        Outcome::Again(NOW.after(Duration::from_secs(secs)))
    }

    #[test]
    fn what_fails_is_tried_for_about_a_day_and_then_given_up() {
        let failed = answered(500, None);
        let mut waited = Duration::ZERO;
        let mut attempts = 1;
        while let Outcome::Again(at) = decide(&failed, attempts, 0.0) {
            waited += at.since(NOW);
            attempts += 1;
        }
        assert_eq!(attempts, 11);
        assert_eq!(decide(&failed, 11, 0.0), Outcome::GivenUp);
        let hours = waited.as_secs() / 3600;
        assert!((23..=24).contains(&hours), "{hours}");
        assert_eq!(decide(&failed, 1, 0.0), in_secs(5));
        assert_eq!(decide(&failed, 1, 1.0), in_secs(6));
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_but_not_for_ever() {
        assert_eq!(decide(&answered(429, Some(60)), 1, 0.0), in_secs(60));
        assert_eq!(decide(&answered(503, Some(1)), 1, 0.0), in_secs(5));
        let never = answered(503, Some(u64::MAX));
        assert_eq!(decide(&never, 1, 0.0), in_secs(86_400));
    }

    #[test]
    fn a_receiver_that_is_gone_is_not_asked_again() {
        assert_eq!(decide(&answered(204, None), 1, 0.0), Outcome::Delivered);
        assert_eq!(decide(&answered(410, None), 1, 0.0), Outcome::Gone);
        assert_eq!(decide(&answered(404, None), 1, 0.0), in_secs(5));
    }
}

//! How long to wait before a failed connection is tried again.

use std::time::Duration;

use bestand_plugin_api::{Retry, Timestamp};

/// The first wait.
const FIRST: Duration = Duration::from_secs(2);
/// The longest wait: a system that comes back is noticed within five minutes.
const LONGEST: Duration = Duration::from_secs(300);
/// How often a connection that needs a person is looked at nevertheless: it may have been mended on the other side.
const NEEDS_ATTENTION: Duration = Duration::from_secs(900);

/// When to try again after the `failures`th failure in a row (from 1). `jitter` is between 0 and 1.
#[must_use]
pub fn next_try(retry: Retry, failures: u32, jitter: f64, now: Timestamp) -> Timestamp {
    match retry {
        Retry::Never => now.after(NEEDS_ATTENTION),
        // A reset that lies behind us, or far ahead because of a wrong clock, is not taken at its word.
        Retry::At(at) => at
            .max(now.after(Duration::from_secs(1)))
            .min(now.after(Duration::from_secs(3600))),
        Retry::Backoff => now.after(wait(failures, jitter)),
    }
}

/// Doubles with each failure; half of it is spread, so that many connections do not come back at once.
fn wait(failures: u32, jitter: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(16)));
    let whole = doubled.min(LONGEST);
    whole / 2 + whole.mul_f64(jitter.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::AdapterError;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn check(error: &AdapterError, failures: u32, jitter: f64, wait_secs: u64) {
        let waited = next_try(error.retry(), failures, jitter, NOW).since(NOW);
        assert_eq!(
            waited,
            Duration::from_secs(wait_secs),
            "{error} after {failures}"
        );
    }

    #[test]
    fn waits_double_up_to_five_minutes() {
        let error = AdapterError::transient("no answer");
        check(&error, 1, 1.0, 2);
        check(&error, 2, 1.0, 4);
        check(&error, 3, 0.0, 4);
        check(&error, 40, 1.0, 300);
    }

    #[test]
    fn a_reset_time_is_kept_unless_it_is_absurd() {
        let limited = |at| AdapterError::rate_limited(Some(at), "slow down");
        check(&limited(Timestamp::from_secs(1_700_000_042)), 1, 0.5, 42);
        check(&limited(Timestamp::from_secs(1_600_000_000)), 1, 0.5, 1);
        check(&limited(Timestamp::from_secs(2_000_000_000)), 1, 0.5, 3600);
        check(&AdapterError::auth("refused"), 1, 0.5, 900);
    }
}

//! When a partner's pushes were last heard: in memory for each of them, in the store now and then.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::failure::Failure;

/// How far what is stored may be behind: a push costs no write of its own, and after a restart a minute more or less of
/// silence makes no difference.
const KEEP_EVERY: Duration = Duration::from_secs(60);

const NEVER: i64 = i64::MIN;

/// When a connection was last pushed to.
#[derive(Debug)]
pub(super) struct Heard {
    /// Milliseconds, or [`NEVER`].
    at: AtomicI64,
    /// The last moment that was handed out to be stored.
    kept: AtomicI64,
}

// === impl Heard ===

impl Heard {
    /// The last time; `None` before the first push.
    pub(super) fn at(&self) -> Option<Timestamp> {
        let millis = self.at.load(Ordering::Acquire);
        (millis != NEVER).then(|| Timestamp::from_millis(millis))
    }

    /// Notes a push. Answers whether the moment is to be stored now.
    pub(super) fn note(&self, now: Timestamp) -> bool {
        self.at.fetch_max(now.millis(), Ordering::AcqRel);
        let kept = self.kept.load(Ordering::Acquire);
        let is_due = kept == NEVER || now.since(Timestamp::from_millis(kept)) >= KEEP_EVERY;
        let (now, acquire) = (now.millis(), Ordering::Acquire);
        let keep = || {
            self.kept
                .compare_exchange(kept, now, Ordering::AcqRel, acquire)
        };
        is_due && keep().is_ok()
    }

    /// What an earlier life of the daemon has stored.
    pub(super) fn recall(&self, stored: Option<Timestamp>) {
        if let Some(stored) = stored {
            self.at.fetch_max(stored.millis(), Ordering::AcqRel);
        }
    }

    /// Until when silence is nothing to worry about; without end before the first push.
    pub(super) fn silent_at(&self, silent_after: Duration) -> Option<Timestamp> {
        self.at().map(|at| at.after(silent_after))
    }

    /// That nothing came for too long, if that is so.
    pub(super) fn check(&self, now: Timestamp, silent_after: Duration) -> Result<(), Failure> {
        match self.at() {
            Some(since) if now >= since.after(silent_after) => Err(Failure::Silent {
                since,
                silent_after,
            }),
            _ => Ok(()),
        }
    }
}

impl Default for Heard {
    fn default() -> Self {
        Self {
            at: AtomicI64::new(NEVER),
            kept: AtomicI64::new(NEVER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn a_push_is_stored_at_once_and_then_once_a_minute() {
        let heard = Heard::default();
        let stored = [0, 1, 59, 60, 61, 121].map(|secs| heard.note(at(secs)));
        assert_eq!(stored, [true, false, false, true, false, true]);
        assert_eq!(heard.at(), Some(at(121)));
    }

    #[test]
    fn silence_counts_from_the_last_push_and_not_before_the_first() {
        let (heard, hour) = (Heard::default(), Duration::from_secs(3600));
        assert!(
            heard.check(at(10_000), hour).is_ok(),
            "nothing was ever pushed"
        );
        heard.recall(Some(at(100)));
        assert!(heard.check(at(3_699), hour).is_ok());
        let silent = heard.check(at(3_700), hour).unwrap_err().of("Acme".into());
        let said = "`Acme` has pushed nothing since 1970-01-01T00:01:40Z, and should every 60 min";
        assert_eq!(silent.to_string(), said);
        heard.note(at(3_701));
        assert!(heard.check(at(3_702), hour).is_ok());
    }
}

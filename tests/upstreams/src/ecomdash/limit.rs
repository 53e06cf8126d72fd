//! Ecomdash's published limit: 120 calls a minute for each account.

use jiff::Timestamp;

const CALLS_MAX: u32 = 120;
const WINDOW_SECS: i64 = 60;

/// The calls of this minute.
#[derive(Debug, Default)]
pub(crate) struct Limit {
    window: i64,
    calls: u32,
}

// === impl Limit ===

impl Limit {
    /// Counts one call.
    ///
    /// # Errors
    /// The seconds until the next minute, when this one is used up.
    pub(crate) fn count(&mut self, now: Timestamp) -> Result<(), u32> {
        let window = now.as_second().div_euclid(WINDOW_SECS);
        if window != self.window {
            (self.window, self.calls) = (window, 0);
        }
        if self.calls >= CALLS_MAX {
            let rest = WINDOW_SECS - now.as_second().rem_euclid(WINDOW_SECS);
            return Err(u32::try_from(rest).unwrap_or(1));
        }
        self.calls += 1;
        Ok(())
    }
}

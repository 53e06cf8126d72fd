//! Staying awake for an answer that comes at once.
//!
//! To wake a processor that sleeps takes longer than most calls: on a virtual machine some 25 µs each way, for 10 µs of
//! work. Whoever stays awake for a moment saves one of the two. It is in vain where the worker is given this very
//! processor, or where others want it; after each time in vain more calls go by before it is tried again.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::Link;

/// How long: what it takes to wake the worker, and what a small call takes.
const MOMENT: Duration = Duration::from_micros(50);
/// Times in vain before any are passed over.
const MISSES_FREE: u32 = 3;
/// Times in vain, beyond those, after which no more are passed over: one in 250 costs nothing.
const MISSES_MAX: u32 = 8;

/// Whether to try.
#[derive(Default)]
struct Patience {
    misses: u32,
    /// Times still to be passed over.
    pass: u32,
}

/// For as long as the conversation lasts.
pub(super) async fn stay_awake(link: &Link) -> Infallible {
    let mut patience = Patience::default();
    loop {
        link.sent.notified().await;
        if patience.is_worth_it() {
            patience.note(is_heard(link).await);
        }
    }
}

/// Whether the worker said something within a moment. What else this thread has to do is done meanwhile.
async fn is_heard(link: &Link) -> bool {
    let (before, began) = (link.heard().at, Instant::now());
    while link.has_calls() && began.elapsed() < MOMENT {
        tokio::task::yield_now().await;
    }
    link.heard().at != before
}

// === impl Patience ===

impl Patience {
    fn is_worth_it(&mut self) -> bool {
        let is_worth_it = self.pass == 0;
        self.pass = self.pass.saturating_sub(1);
        is_worth_it
    }

    fn note(&mut self, heard: bool) {
        self.misses = match heard {
            true => 0,
            false => (self.misses + 1).min(MISSES_FREE + MISSES_MAX),
        };
        self.pass = (1 << self.misses.saturating_sub(MISSES_FREE)) - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_vain_is_tried_less_and_less_and_at_once_again_when_it_is_not() {
        let mut patience = Patience::default();
        let mut tries = |calls: u32, heard| {
            let tried = |_: &u32| {
                let is_worth_it = patience.is_worth_it();
                if is_worth_it {
                    patience.note(heard);
                }
                is_worth_it
            };
            (0..calls).filter(tried).count()
        };
        assert_eq!(tries(100, true), 100);
        assert_eq!(tries(250, false), 10);
        assert!(tries(1_000_000, false) < 4_000);
        assert!(tries(1_000, true) > 700, "at the latest after 250");
    }
}

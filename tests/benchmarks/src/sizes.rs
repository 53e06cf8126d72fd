//! How much is measured.

use std::time::Duration;

use serde::Serialize;

/// How much is measured; the full sizes are those of the targets.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Sizes {
    /// Whether these are the smaller ones, which are too small for a verdict.
    pub(crate) quick: bool,
    /// Levels of the listing.
    pub(crate) levels: u64,
    /// Orders that pages are made of.
    pub(crate) orders: u64,
    /// Times the listing is brought in, in turn with its floor.
    pub(crate) listing_rounds: usize,
    /// Times the daemon is started over the stored levels.
    pub(crate) starts: usize,
    /// Calls into the adapter, of each sort.
    pub(crate) calls: usize,
    /// Rounds of load, in turn with the floor.
    pub(crate) load_rounds: usize,
    /// Length of one round of load, in seconds.
    pub(crate) load_secs: u64,
}

/// Connections of the load, all kept alive.
pub(crate) const CONNECTIONS: usize = 16;
/// Clients that push one level each, over and over: the target names them.
pub(crate) const PUSHING: usize = 64;
/// Connections of the load at a given rate: so many that each asks less often than the generator's timer ticks, or
/// the timer's lateness would be counted as the server's.
pub(crate) const PACED_CONNECTIONS: usize = 128;

// === impl Sizes ===

impl Sizes {
    pub(crate) const fn full() -> Self {
        Self {
            quick: false,
            levels: 1_000_000,
            orders: 100_000,
            listing_rounds: 3,
            starts: 5,
            calls: 100_000,
            load_rounds: 7,
            load_secs: 3,
        }
    }

    pub(crate) const fn quick() -> Self {
        Self {
            quick: true,
            levels: 100_000,
            orders: 10_000,
            listing_rounds: 1,
            starts: 2,
            calls: 20_000,
            load_rounds: 3,
            load_secs: 1,
        }
    }

    pub(crate) const fn load_time(&self) -> Duration {
        Duration::from_secs(self.load_secs)
    }
}

//! Levels that the partner pushes to the daemon's own API: [`StockPushes`].

use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Adapter, Ctx, Result};

/// Stands for a system that nobody asks, because its partner pushes.
///
/// Levels and places come to the daemon's own API, with a key made for the partner; the daemon checks and stores them. The
/// adapter says what the numbers mean and how often they should come.
/// A connection of such an adapter is neither listed nor asked, whatever other capabilities there are.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl StockPushes for Shelf {
///     async fn push_rhythm(&self, _: &Ctx) -> Result<PushRhythm> {
///         Ok(PushRhythm::silent_after(std::time::Duration::from_secs(3600)))
///     }
/// }
/// ```
pub trait StockPushes: Adapter {
    /// How often pushes should come. Called when a connection starts, after each change of its settings, and while it
    /// is silent. Deadline 30 s.
    ///
    /// # Errors
    /// What happened; the connection is shown as failing until it is answered.
    fn push_rhythm(&self, ctx: &Ctx) -> impl Future<Output = Result<PushRhythm>> + Send;
}

/// How often a partner's pushes should come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PushRhythm {
    /// After so many milliseconds without a push the connection is shown as silent; at least a second counts.
    pub silent_after_ms: u64,
}

// === impl PushRhythm ===

impl PushRhythm {
    /// Pushes come at least this often while all is well.
    #[must_use]
    pub fn silent_after(silence: Duration) -> Self {
        Self {
            silent_after_ms: u64::try_from(silence.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

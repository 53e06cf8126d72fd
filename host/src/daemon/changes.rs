//! Changes of what orders are answered by: stock, orders, the places they ship from.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::Parts;

/// How often it is looked whether anything changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often work is done all the same: time passes, and other processes write.
const ANYHOW_EVERY: Duration = Duration::from_secs(60);
/// Work on a hundred thousand orders takes seconds; then others have so many times as long.
const SHARE_OF_OTHERS: u32 = 20;

/// Changes, for whoever has work to do after them.
pub(super) struct Changes {
    parts: Arc<Parts>,
    wake: watch::Receiver<u64>,
    /// What was there when the work began that was done last, and when that was.
    last: Option<(Stamp, Instant)>,
}

/// How much had happened: of events, of places, of orders.
type Stamp = (u64, u64, u64);

// === impl Changes ===

impl Changes {
    pub(super) fn of(parts: &Arc<Parts>) -> Self {
        Self {
            parts: Arc::clone(parts),
            wake: parts.event_log.wake(),
            last: None,
        }
    }

    /// Comes back soon after anything changed since the last time, and from time to time all the same. What the caller
    /// does until the next call is the work.
    pub(super) async fn next(&mut self) {
        if let Some((_, began)) = self.last {
            tokio::time::sleep(began.elapsed() * SHARE_OF_OTHERS).await;
        }
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = self.stamp();
            let is_due =
                |(before, at): (Stamp, Instant)| before != now || at.elapsed() >= ANYHOW_EVERY;
            if self.last.is_none_or(is_due) {
                self.last = Some((now, Instant::now()));
                return;
            }
        }
    }

    fn stamp(&self) -> Stamp {
        let db = &self.parts.db;
        (*self.wake.borrow(), db.route_changes(), db.order_changes())
    }
}

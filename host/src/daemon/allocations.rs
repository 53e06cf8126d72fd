//! Keeps what is promised in line with its orders, and promises by itself where that is wanted, soon after anything
//! changed that this depends on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Parts;
use crate::allocation::Sweep;
use crate::store::{self, Error};

/// How often it is looked whether anything changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is gone through all the same: other processes write, and warehouses come back.
const ANYHOW_EVERY: Duration = Duration::from_secs(60);
/// Going through a hundred thousand orders takes seconds; then others have so many times as long.
const SHARE_OF_OTHERS: u32 = 20;

pub(super) async fn run(parts: Arc<Parts>) {
    let Parts { db, event_log, .. } = &*parts;
    let (allocator, availability) = (parts.allocator.clone(), parts.availability.clone());
    let sweep = Sweep::new(db.clone(), allocator, availability);
    let wake = event_log.wake();
    let stamp = || (*wake.borrow(), db.route_changes(), db.order_changes());
    let mut looked: Option<(_, Instant)> = None;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let (now, began) = (stamp(), Instant::now());
        let is_due = |(before, at): (_, Instant)| before != now || at.elapsed() >= ANYHOW_EVERY;
        if !looked.is_none_or(is_due) {
            continue;
        }
        if let Err(error) = sweep_all(&parts, &sweep).await {
            tracing::warn!(%error, "what is promised to orders cannot be looked after; it is tried again");
        }
        looked = Some((now, began));
        tokio::time::sleep(began.elapsed() * SHARE_OF_OTHERS).await;
    }
}

async fn sweep_all(parts: &Parts, sweep: &Sweep) -> Result<(), Error> {
    for account in store::account::list(&parts.db).await? {
        sweep.run(account.id).await?;
    }
    Ok(())
}

//! Looks whether answers on open orders have changed, soon after anything changed that they are made of.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Parts;
use crate::availability::VerdictNews;
use crate::store::{self, Error};

/// How often it is looked whether anything changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often answers are looked at all the same: time passes, and other processes write.
const ANYHOW_EVERY: Duration = Duration::from_secs(60);
/// A look at a hundred thousand orders takes seconds; then others have so many times as long.
const SHARE_OF_OTHERS: u32 = 20;

pub(super) async fn run(parts: Arc<Parts>) {
    let Parts { db, event_log, .. } = &*parts;
    let news = VerdictNews::new(db.clone(), parts.availability.clone(), event_log.clone());
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
        if let Err(error) = look(&parts, &news).await {
            tracing::warn!(%error, "whether answers on orders changed cannot be told; it is tried again");
        }
        looked = Some((now, began));
        tokio::time::sleep(began.elapsed() * SHARE_OF_OTHERS).await;
    }
}

async fn look(parts: &Parts, news: &VerdictNews) -> Result<(), Error> {
    for account in store::account::list(&parts.db).await? {
        news.tell(account.id).await?;
    }
    Ok(())
}

//! What is kept only for a time is forgotten in time.

use std::sync::Arc;
use std::time::Duration;

use super::Parts;
use crate::store::{self, inbound, sync_run};

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(3600);

pub(super) async fn run(parts: Arc<Parts>) {
    loop {
        if let Err(error) = tidy(&parts).await {
            tracing::warn!(%error, "old history could not be forgotten; it is tried again in an hour");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn tidy(parts: &Parts) -> Result<(), store::Error> {
    let before = parts.clock.now().before(parts.config.store.history);
    let changes = parts.book.forget_history(before).await?;
    let drift = parts.book.forget_drift(before).await?;
    let runs = sync_run::forget(&parts.db, before).await?;
    let operations = store::operation::forget(&parts.db, before).await?;
    let events_before = parts.clock.now().before(parts.config.activity.retention);
    let events = parts.activity.forget(events_before).await?;
    let told_before = parts.clock.now().before(parts.config.events.retention);
    let told = parts.event_log.forget(told_before).await?;
    let dead = parts.webhooks.forget().await?;
    let deliveries = inbound::event::forget(&parts.db, parts.clock.now()).await?;
    if changes + drift + runs + operations + events + told + dead + deliveries > 0 {
        tracing::info!(
            changes,
            drift,
            runs,
            operations,
            events,
            told,
            dead,
            deliveries,
            "old history was forgotten"
        );
    }
    parts.users.forget_expired().await?;
    Ok(())
}

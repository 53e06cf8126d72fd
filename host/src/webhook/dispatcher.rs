//! The dispatcher: turns what the logs hold into deliveries, and sends those that are due, each webhook at its own pace.
//!
//! It keeps nothing that is not in the store. Killed at any point, the next one goes on: a webhook's position moves with
//! the deliveries made up to it, and a delivery that was under way is due again when its lease ends. Several daemons may
//! dispatch from one database.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use super::courier::TIMEOUT;
use super::{Webhooks, fan_out};
use crate::activity::EventKind;
use crate::id::WebhookId;
use crate::store::webhook::{self, StoredWebhook, delivery};
use crate::store::{self, webhook::delivery::Claimed};

/// Messages under way to one webhook at once: a slow receiver holds up few others.
pub const IN_FLIGHT_PER_WEBHOOK_MAX: usize = 4;
/// Messages under way in all: each holds a connection and a body.
pub const IN_FLIGHT_MAX: usize = 64;
/// For how long a claimed delivery is nobody else's: the longest attempt, and time to keep what came of it.
const LEASE: Duration = TIMEOUT.saturating_add(Duration::from_secs(5));
/// After news, others often follow: they are waited for, and read together.
const GATHER: Duration = Duration::from_millis(50);
/// How often it is looked at what another daemon on the same database has changed.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Sends what is due.
pub struct Dispatcher {
    webhooks: Webhooks,
    woken: watch::Receiver<u64>,
    /// Leave to send, in all and for each webhook.
    leave: Arc<Semaphore>,
    leave_of: HashMap<WebhookId, Arc<Semaphore>>,
    attempts: JoinSet<()>,
    /// Who is served first changes from turn to turn.
    turns: usize,
}

// === impl Dispatcher ===

impl Dispatcher {
    /// One for these webhooks.
    #[must_use]
    pub fn new(webhooks: Webhooks) -> Self {
        Self {
            woken: webhooks.log().wake(),
            webhooks,
            leave: Arc::new(Semaphore::new(IN_FLIGHT_MAX)),
            leave_of: HashMap::new(),
            attempts: JoinSet::new(),
            turns: 0,
        }
    }

    /// Sends what is due, for as long as it is polled. Dropped, it breaks off what is under way, which is due again later.
    pub async fn run(mut self) {
        loop {
            let next = self.turn().await;
            self.wait(next).await;
        }
    }

    /// Reads on and starts what is due. Answers when something is due next.
    pub async fn turn(&mut self) -> Timestamp {
        while self.attempts.try_join_next().is_some() {}
        let later = self.webhooks.clock().now().after(LOOK_EVERY);
        match self.serve_all(later).await {
            Ok(next) => next,
            Err(error) => {
                tracing::warn!(%error, "webhooks could not be looked at; it is tried again soon");
                later
            }
        }
    }

    /// Waits until all that is under way has ended.
    pub async fn settle(&mut self) {
        while self.attempts.join_next().await.is_some() {}
    }

    async fn wait(&mut self, next: Timestamp) {
        tokio::select! {
            Some(_) = self.attempts.join_next() => {}
            // Cannot fail: the log's sender is among what is held here.
            _ = self.woken.changed() => tokio::time::sleep(GATHER).await,
            () = self.webhooks.changed() => {}
            () = self.webhooks.clock().reach(next) => {}
        }
    }

    async fn serve_all(&mut self, later: Timestamp) -> Result<Timestamp, store::Error> {
        let mut all = webhook::list_enabled(self.webhooks.db()).await?;
        self.turns = self.turns.wrapping_add(1);
        let first = self.turns.checked_rem(all.len()).unwrap_or(0);
        all.rotate_left(first);
        self.leave_of.retain(|id, leave| {
            let is_used = leave.available_permits() < IN_FLIGHT_PER_WEBHOOK_MAX;
            is_used || all.iter().any(|stored| stored.webhook.id == *id)
        });
        let mut next = later;
        for stored in all {
            let id = stored.webhook.id;
            match self.serve(stored).await {
                Ok(due) => next = due.map_or(next, |due| next.min(due)),
                Err(error) => {
                    tracing::warn!(webhook.id = %id, %error, "a webhook could not be served; it is tried again soon");
                }
            }
        }
        Ok(next)
    }

    /// Reads on for one webhook and starts what is due of it. Answers when to look again; an attempt that ends is always
    /// a reason to.
    async fn serve(&mut self, stored: StoredWebhook) -> Result<Option<Timestamp>, store::Error> {
        let now = self.webhooks.clock().now();
        let read = fan_out::read_on(self.webhooks.db(), self.webhooks.log(), &stored, now).await?;
        if read.missed {
            tracing::warn!(webhook.id = %stored.webhook.id, "the log had forgotten events that a webhook had not read");
            self.webhooks
                .note(EventKind::WebhookMissed, &stored.webhook);
        }
        let is_due = read.made > 0 || stored.due_at.is_some_and(|due| due <= now);
        if !is_due {
            return Ok(stored.due_at);
        }
        let permits = self.permits(stored.webhook.id);
        let claimed = delivery::claim(
            self.webhooks.db(),
            &stored.webhook,
            permits.len(),
            LEASE,
            now,
        )
        .await?;
        let has_room = claimed.len() < permits.len();
        let stored = Arc::new(stored);
        for (claimed, permits) in claimed.into_iter().zip(permits) {
            self.start(Arc::clone(&stored), claimed, permits);
        }
        // With room left, all that is due has been started: the next look tells what comes then.
        Ok((has_room || read.more).then_some(now))
    }

    /// Leave to send to this webhook, as often as there is.
    fn permits(&mut self, id: WebhookId) -> Vec<[OwnedSemaphorePermit; 2]> {
        let new = || Arc::new(Semaphore::new(IN_FLIGHT_PER_WEBHOOK_MAX));
        let own = self.leave_of.entry(id).or_insert_with(new);
        let take = || {
            let own = Arc::clone(own).try_acquire_owned().ok()?;
            let leave = Arc::clone(&self.leave).try_acquire_owned().ok()?;
            Some([own, leave])
        };
        std::iter::from_fn(take).collect()
    }

    fn start(
        &mut self,
        stored: Arc<StoredWebhook>,
        claimed: Claimed,
        permits: [OwnedSemaphorePermit; 2],
    ) {
        let webhooks = self.webhooks.clone();
        self.attempts.spawn(async move {
            webhooks.deliver(&stored, claimed).await;
            drop(permits);
        });
    }
}

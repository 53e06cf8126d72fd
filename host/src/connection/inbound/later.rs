//! Working what was kept: one request after the other, in the order they came.

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::call::adapter::Receive;
use bestand_plugin_api::{AdapterError, InboundRequest, Timestamp};
use metrics::counter;
use tokio::sync::watch;
use uuid::Uuid;

use super::{Inbox, refusal};
use crate::connection::Connections;
use crate::connection::connections::{Lasting, SessionSlot};
use crate::connection::record::Connection;
use crate::connection::state::Status;
use crate::plugin::{Priority, Session};
use crate::store::inbound::queue::{self, Head, Queued};
use crate::store::{self, Error};
use crate::sync::backoff;

/// How long the adapter has for a request whose sender does not wait any more.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often an open connection may fail to take a request, over a quarter of an hour at least: then it never will, and
/// those behind it wait no longer. What it told is brought in by the next sync.
const FAILURES_MAX: u32 = 10;
/// The oldest request that is still worked: by then several syncs have brought in what it told.
const AGE_MAX: Duration = Duration::from_secs(24 * 3600);
/// The pause after the store was out of reach.
const STORE_PAUSE: Duration = Duration::from_secs(5);

/// Works the requests that were kept for one connection.
pub(in crate::connection) struct Later {
    connections: Connections,
    record: Connection,
    inbox: Arc<Inbox>,
    slot: Arc<SessionSlot>,
    status: watch::Receiver<Status>,
}

/// What is to become of a request after a try.
enum Next {
    /// It is over, so or so.
    Over(&'static str),
    /// It is tried again.
    Again(AdapterError),
}

// === impl Later ===

impl Later {
    pub(in crate::connection) fn of(
        connections: &Connections,
        record: &Connection,
        lasting: &Lasting,
        slot: &Arc<SessionSlot>,
        status: watch::Receiver<Status>,
    ) -> Self {
        Self {
            connections: connections.clone(),
            record: record.clone(),
            inbox: Arc::clone(&lasting.inbox),
            slot: Arc::clone(slot),
            status,
        }
    }

    /// Runs until the task is aborted.
    pub(in crate::connection) async fn run(mut self) {
        loop {
            match self.step().await {
                Ok(true) => {}
                Ok(false) => self.inbox.rung().await,
                Err(error) => {
                    let connection = &self.record.name;
                    tracing::warn!(connection, %error, "what was kept for later cannot be worked now");
                    tokio::time::sleep(STORE_PAUSE).await;
                }
            }
        }
    }

    /// Works the oldest, when there is one.
    async fn step(&mut self) -> Result<bool, Error> {
        let (db, account, id) = self.place();
        self.inbox.found(queue::count(&db, account, id).await?);
        match queue::head(&db, account, id).await? {
            None => return Ok(false),
            Some(Head::Unreadable(request)) => self.end(request, "unreadable").await?,
            Some(Head::Request(queued)) => self.work(queued).await?,
        }
        Ok(true)
    }

    async fn work(&mut self, queued: Queued) -> Result<(), Error> {
        let clock = self.connections.shared.surroundings.clock.clone();
        if is_given_up(&queued, clock.now()) {
            return self.end(queued.id, "given_up").await;
        }
        clock.reach(queued.not_before).await;
        let session = self.session().await;
        match self.attempt(&session, &queued.request).await? {
            Next::Over(result) => self.end(queued.id, result).await,
            Next::Again(error) => {
                let failures = queued.failures + 1;
                let not_before =
                    backoff::next_try(error.retry(), failures, rand::random(), clock.now());
                tracing::debug!(connection = %self.record.name, %error, failures, "a request that was kept is tried again later");
                let (db, account, id) = self.place();
                queue::put_off(&db, account, id, queued.id, not_before).await
            }
        }
    }

    async fn attempt(&self, session: &Session, request: &InboundRequest) -> Result<Next, Error> {
        let asked = session.call_within::<Receive>(Priority::Sync, request, PATIENCE);
        let outcome = match asked.await {
            Ok(outcome) => outcome,
            Err(error) if refusal(&error).is_some() => return Ok(Next::Over("refused")),
            Err(error) => return Ok(Next::Again(error)),
        };
        let delivered = self
            .connections
            .deliver(session, request.received_at, outcome);
        Ok(Next::Over(delivered.await?.0.word()))
    }

    /// The connection's session, as soon as it is open.
    async fn session(&mut self) -> Arc<Session> {
        loop {
            // Marked as seen first: the session is there before the status that follows from it.
            self.status.borrow_and_update();
            if let Some(session) = self.slot.get() {
                return session;
            }
            if self.status.changed().await.is_err() {
                // The connection is being stopped, and this task with it.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Lets a request go, and says why when it was not done.
    async fn end(&self, request: Uuid, result: &'static str) -> Result<(), Error> {
        let (db, account, id) = self.place();
        queue::remove(&db, account, id, request).await?;
        counter!("bestand_hooks_later_total", "result" => result).increment(1);
        if !["done", "duplicate"].contains(&result) {
            tracing::warn!(connection = %self.record.name, result, "a request that was kept was dropped");
        }
        Ok(())
    }

    fn place(&self) -> (store::Db, crate::id::AccountId, crate::id::ConnectionId) {
        let db = self.connections.shared.surroundings.db.clone();
        (db, self.record.account_id, self.record.id)
    }
}

fn is_given_up(queued: &Queued, now: Timestamp) -> bool {
    queued.failures >= FAILURES_MAX || now.since(queued.request.received_at) > AGE_MAX
}

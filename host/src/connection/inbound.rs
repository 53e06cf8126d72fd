//! What a system sends by itself to a connection's address.

use std::sync::LazyLock;
use std::time::Duration;

use bestand_plugin_api::call::adapter::{Receive, Register, Unregister};
use bestand_plugin_api::{
    AdapterError, Capability, ErrorKind, InboundEvent, InboundOutcome, InboundReply,
    InboundRequest, Manifest, StockLevel,
};
use quick_cache::sync::Cache;

use super::Connections;
use super::wanted::Extent;
use crate::id::ConnectionId;
use crate::plugin::{Priority, Session};
use crate::stock::{Cause, CauseKind};
use crate::store;
use crate::sync::places::Places;

/// How often a connection's subscriptions are looked after: systems delete them after some failures.
pub(super) const REGISTER_EVERY: Duration = Duration::from_secs(3600);
/// Event ids remembered, of all connections; a duplicate beyond it costs one more read and harms nothing.
const EVENTS_REMEMBERED: usize = 100_000;

/// A delivery, by the connection it came to and the id its sender gave it.
type Delivery = (ConnectionId, String);

/// The deliveries done lately.
static DONE: LazyLock<Cache<Delivery, ()>> = LazyLock::new(|| Cache::new(EVENTS_REMEMBERED));

impl Connections {
    /// Hands a request to the connection's adapter and does what it meant. `None` when no such connection runs, or
    /// none that takes requests.
    pub async fn receive(&self, id: ConnectionId, request: InboundRequest) -> Option<InboundReply> {
        self.adapter(id)
            .filter(|adapter| takes_requests(adapter.manifest()))?;
        let Some(session) = self.session(id) else {
            // Just being opened, or tried again later: the sender is to try again as well.
            return Some(InboundReply::status(503));
        };
        match session.call::<Receive>(Priority::Order, &request).await {
            Ok(outcome) => Some(self.act(id, &session, outcome).await),
            Err(error) => Some(InboundReply::status(status_of(&error))),
        }
    }

    async fn act(
        &self,
        id: ConnectionId,
        session: &Session,
        outcome: InboundOutcome,
    ) -> InboundReply {
        let InboundOutcome {
            event_id,
            event,
            reply,
            ..
        } = outcome;
        if !reply.is_success() {
            return reply;
        }
        let delivery = event_id.map(|event| (id, event));
        let done = once(delivery, async || self.follow(id, session, event).await);
        match done.await {
            Ok(()) => reply,
            Err(error) => {
                tracing::error!(connection = %session.context().name, %error, "pushed levels cannot be stored");
                // Not acknowledged, so the system sends it again.
                InboundReply::status(503)
            }
        }
    }

    async fn follow(
        &self,
        id: ConnectionId,
        session: &Session,
        event: InboundEvent,
    ) -> Result<(), store::Error> {
        match event {
            InboundEvent::Ignored => {}
            InboundEvent::Hint { skus, locations } => {
                self.want(id, |wanted| wanted.hint(skus, locations));
            }
            InboundEvent::Levels(levels) => self.store(session, levels).await?,
            // Something changed, and nothing of it may be lost.
            _ => self.want(id, |wanted| wanted.sync(Extent::Full)),
        }
        Ok(())
    }

    async fn store(&self, session: &Session, levels: Vec<StockLevel>) -> Result<(), store::Error> {
        let surroundings = &self.shared.surroundings;
        let (account, connection) = (session.context().account, session.context().connection);
        let sources =
            store::source::list_of_connection(&surroundings.db, account, connection).await?;
        let (updates, _) = Places::new(sources).updates(levels);
        let cause = Cause {
            kind: CauseKind::Push,
            run: None,
            actor: None,
        };
        surroundings.book.apply(account, cause, updates).await?;
        Ok(())
    }
}

/// Sees to it that the system sends to this connection's address.
pub(super) async fn register(session: &Session, public_url: &str) -> Result<(), AdapterError> {
    if !takes_requests(session.adapter().manifest()) {
        return Ok(());
    }
    session
        .call::<Register>(Priority::Sync, &hook_url(session, public_url))
        .await
}

/// Takes back what [`register`] made.
pub(super) async fn unregister(session: &Session, public_url: &str) -> Result<(), AdapterError> {
    if !takes_requests(session.adapter().manifest()) {
        return Ok(());
    }
    session
        .call::<Unregister>(Priority::Sync, &hook_url(session, public_url))
        .await
}

fn hook_url(session: &Session, public_url: &str) -> String {
    format!(
        "{}/hooks/{}",
        public_url.trim_end_matches('/'),
        session.context().connection
    )
}

fn takes_requests(manifest: &Manifest) -> bool {
    manifest.capabilities.contains(&Capability::Inbound)
}

/// Does what a delivery means, unless that was done before. It is remembered only once it is done: one that failed, or
/// whose sender went away, does it anew when it is sent again, and one that comes twice at once does no harm, because
/// the newer level wins.
async fn once<E>(
    delivery: Option<Delivery>,
    follow: impl AsyncFnOnce() -> Result<(), E>,
) -> Result<(), E> {
    if delivery
        .as_ref()
        .is_some_and(|delivery| DONE.get(delivery).is_some())
    {
        return Ok(());
    }
    follow().await?;
    if let Some(delivery) = delivery {
        DONE.insert(delivery, ());
    }
    Ok(())
}

/// What a sender is told when its request was not understood.
fn status_of(error: &AdapterError) -> u16 {
    match error.kind {
        ErrorKind::Auth => 401,
        ErrorKind::Protocol => 400,
        _ => 503,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_delivery_that_could_not_be_stored_is_followed_when_it_is_sent_again() {
        let (id, mut followed) = (ConnectionId::new(), 0);
        for (outcome, expected) in [(Err("disk full"), 1), (Ok(()), 2), (Ok(()), 2)] {
            let follow = async || {
                followed += 1;
                outcome
            };
            let done = once(Some((id, "event-1".into())), follow).await;
            assert_eq!((done, followed), (outcome, expected));
        }
    }
}

//! What a system sends by itself to a connection's address.
//!
//! The adapter is asked at once, because the answer is its own: a refusal, a challenge. What it makes of the request is
//! durable before that answer goes out. When it does not answer in time the request is kept, and worked [`later`].

mod age;
mod delivery;
mod inbox;
mod later;
mod pace;
mod registration;

pub(super) use inbox::Inbox;
pub(super) use later::Later;
pub(super) use registration::{REGISTER_EVERY, register, unregister};

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::call::adapter::Receive;
use bestand_plugin_api::{
    AdapterError, Capability, ErrorKind, InboundOutcome, InboundReply, InboundRequest, Manifest,
};
use metrics::counter;

use super::Connections;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::{Priority, Session};
use crate::store::inbound::queue::{self, Limits, Put};
use delivery::Fate;

/// How long the adapter has while a sender waits: senders want their answer within a second, and the rest of it is for
/// making durable what the answer promises.
const ANSWER_WITHIN: Duration = Duration::from_millis(700);

/// How much is kept for one connection, because anybody may send: as much as an hour of a busy shop, and little enough
/// that a thousand connections under attack fill no disk. No network takes more than a quarter.
const LIMITS: Limits = Limits {
    requests_max: 1_000,
    bytes_max: 16 << 20,
    sender_share: 4,
};

/// What became of a request, for its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The adapter's own answer.
    Answered(InboundReply),
    /// It is durable, and is worked later.
    Kept,
    /// There is no room to keep it; it is to be sent again later.
    NoRoom,
    /// This sender's network sends faster than anything is taken from it.
    TooFast,
    /// Only the adapter has an answer, and it has none now.
    Busy,
}

impl Connections {
    /// Whether requests to this connection's address are taken: it runs, and its adapter says so.
    #[must_use]
    pub fn takes_requests(&self, id: ConnectionId) -> bool {
        let adapter = self.adapter(id);
        adapter.is_some_and(|adapter| takes_requests(adapter.manifest()))
    }

    /// Hands a request of `sender`, a network, to the connection's adapter and does what it meant, or keeps it for
    /// later. Answers within a second, as far as the database does. `None` when requests are not taken here.
    pub async fn receive(
        &self,
        id: ConnectionId,
        sender: Option<&str>,
        request: InboundRequest,
    ) -> Option<Received> {
        if !self.takes_requests(id) {
            return None;
        }
        let (account, inbox) = self.inbox(id)?;
        if !inbox.pace.admits(sender) {
            return Some(counted("too_fast", Received::TooFast));
        }
        let asked = self.ask(id, &inbox, &request);
        let Ok(Some((session, answer))) = tokio::time::timeout(ANSWER_WITHIN, asked).await else {
            return self.keep(account, id, &inbox, sender, request).await;
        };
        match answer {
            Ok(outcome) => Some(self.answer(&session, &request, outcome).await),
            Err(error) => match refusal(&error) {
                Some(status) => {
                    let refused = Received::Answered(InboundReply::status(status));
                    Some(counted(Fate::Refused.word(), refused))
                }
                None => self.keep(account, id, &inbox, sender, request).await,
            },
        }
    }

    fn inbox(&self, id: ConnectionId) -> Option<(AccountId, Arc<Inbox>)> {
        let live = self.lock();
        let live = live.get(&id)?;
        Some((live.record.account_id, Arc::clone(&live.lasting.inbox)))
    }

    /// What the adapter makes of it; `None` while it cannot be asked.
    async fn ask(
        &self,
        id: ConnectionId,
        inbox: &Inbox,
        request: &InboundRequest,
    ) -> Option<(Arc<Session>, Result<InboundOutcome, AdapterError>)> {
        let _turn = inbox.turns.acquire().await.ok()?;
        let session = self.session(id)?;
        let answer = session.call_within::<Receive>(Priority::Order, request, ANSWER_WITHIN);
        let answer = answer.await;
        Some((session, answer))
    }

    async fn answer(
        &self,
        session: &Session,
        request: &InboundRequest,
        outcome: InboundOutcome,
    ) -> Received {
        match self.deliver(session, request.received_at, outcome).await {
            Ok((fate, reply)) => counted(fate.word(), Received::Answered(reply)),
            Err(error) => {
                let connection = &session.context().name;
                tracing::error!(connection, %error, "what a system sent cannot be stored");
                // Not acknowledged, so the system sends it again.
                Received::Answered(InboundReply::status(503))
            }
        }
    }

    /// Keeps a request whose sender needs no more than that.
    async fn keep(
        &self,
        account: AccountId,
        id: ConnectionId,
        inbox: &Inbox,
        sender: Option<&str>,
        request: InboundRequest,
    ) -> Option<Received> {
        // A challenge, as some systems send when they are given the address: only the adapter can pass it.
        if request.method != "POST" {
            return Some(counted("busy", Received::Busy));
        }
        let db = &self.shared.surroundings.db;
        match queue::put(db, account, id, sender, &request, LIMITS).await {
            Ok(Put::Kept) => {
                inbox.kept();
                Some(counted("kept", Received::Kept))
            }
            Ok(Put::Full) => Some(counted("queue_full", Received::NoRoom)),
            Ok(Put::SenderFull) => Some(counted("sender_full", Received::NoRoom)),
            Err(error) => {
                tracing::error!(connection = %id, %error, "a request for later cannot be kept");
                Some(Received::Busy)
            }
        }
    }
}

fn counted(result: &'static str, received: Received) -> Received {
    counter!("bestand_hooks_total", "result" => result).increment(1);
    received
}

fn takes_requests(manifest: &Manifest) -> bool {
    manifest.capabilities.contains(&Capability::Inbound)
}

/// What a sender is told whose request can never be taken; nothing for one that may be taken later.
fn refusal(error: &AdapterError) -> Option<u16> {
    match error.kind {
        ErrorKind::Auth => Some(401),
        ErrorKind::Protocol => Some(400),
        _ => None,
    }
}

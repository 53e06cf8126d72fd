//! Doing what a request meant: once, and durably before anybody is told.

use bestand_plugin_api::{InboundEvent, InboundOutcome, InboundReply, StockLevel, Timestamp};

use super::age::is_replay;
use crate::connection::Connections;
use crate::plugin::Session;
use crate::stock::{Cause, CauseKind};
use crate::store::inbound::event::{self, EventHash};
use crate::store::inbound::owed::{Extent, Owed};
use crate::store::{self, inbound};
use crate::sync::places::Places;

/// What is answered to a delivery that is too old: nothing that would make its sender try again.
const REPLAYED: u16 = 400;

/// What became of a delivery that its adapter has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was done.
    Done,
    /// It was done before.
    Duplicate,
    /// It is too old to be told from a replay.
    Replayed,
    /// The adapter refused it.
    Refused,
}

impl Connections {
    /// Does what a delivery means, unless that was done before.
    ///
    /// It is remembered only once it is done: one that failed, or whose sender went away, does it anew when it is sent
    /// again, and one that comes twice at once does no harm, because the newer level wins.
    pub(super) async fn deliver(
        &self,
        session: &Session,
        received_at: Timestamp,
        outcome: InboundOutcome,
    ) -> Result<(Fate, InboundReply), store::Error> {
        if !outcome.reply.is_success() {
            return Ok((Fate::Refused, outcome.reply));
        }
        if is_replay(received_at, &outcome) {
            return Ok((Fate::Replayed, InboundReply::status(REPLAYED)));
        }
        let event = outcome.event_id.as_deref().map(EventHash::of);
        if let Some(event) = &event
            && self.is_done(session, event).await?
        {
            return Ok((Fate::Duplicate, outcome.reply));
        }
        let owed = self.follow(session, outcome.event).await?;
        let done = inbound::Done {
            account: session.context().account,
            connection: session.context().connection,
            event,
            owed,
        };
        let surroundings = &self.shared.surroundings;
        inbound::done(&surroundings.db, &done, surroundings.clock.now()).await?;
        Ok((Fate::Done, outcome.reply))
    }

    async fn is_done(&self, session: &Session, event: &EventHash) -> Result<bool, store::Error> {
        let (account, connection) = (session.context().account, session.context().connection);
        event::is_done(&self.shared.surroundings.db, account, connection, event).await
    }

    /// Does what can be done at once, and answers what is left to do.
    async fn follow(
        &self,
        session: &Session,
        event: InboundEvent,
    ) -> Result<Option<Owed>, store::Error> {
        let id = session.context().connection;
        Ok(match event {
            InboundEvent::Ignored => None,
            InboundEvent::Hint { skus, locations } => {
                self.want(id, |wanted| wanted.hint(skus, locations))
            }
            InboundEvent::Levels(levels) => {
                self.store(session, levels).await?;
                None
            }
            // Something changed, and nothing of it may be lost.
            _ => self.want(id, |wanted| wanted.sync(Extent::Full)),
        })
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

// === impl Fate ===

impl Fate {
    /// As it is counted.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Duplicate => "duplicate",
            Self::Replayed => "replayed",
            Self::Refused => "refused",
        }
    }
}

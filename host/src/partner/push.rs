//! One push, from its first level to its last.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use bestand_plugin_api::{LocationId, StockLevel, Timestamp};

use super::{Held, Partners, PushError, Shared};
use crate::connection::{Connection, Door};
use crate::id::AccountId;
use crate::stock::{Cause, CauseKind, Outcome, Update};
use crate::store;

/// A push under way.
pub struct Push {
    pub(super) shared: Arc<Shared>,
    pub(super) account: AccountId,
    pub(super) partner: Arc<str>,
    pub(super) held: Arc<Held>,
    /// The connection, when this push has made it.
    made: Option<Connection>,
    cause: Cause,
}

// === impl Partners ===

impl Partners {
    /// Begins a push of this partner with the key of this name.
    ///
    /// # Errors
    /// See [`PushError`].
    pub async fn begin(
        &self,
        account: AccountId,
        partner: &Arc<str>,
        key_name: &str,
    ) -> Result<Push, PushError> {
        let known = self
            .shared
            .held()
            .get(&(account, Arc::clone(partner)))
            .cloned();
        let running =
            known.filter(|held| self.shared.connections.door(held.connection) == Door::Open);
        let (held, made) = match running {
            Some(held) => (held, None),
            None => self.shared.find(account, partner).await?,
        };
        let actor = Some(key_name.to_owned());
        Ok(Push {
            shared: Arc::clone(&self.shared),
            account,
            partner: Arc::clone(partner),
            held,
            made,
            cause: Cause {
                actor,
                ..Cause::of(CauseKind::Push)
            },
        })
    }
}

// === impl Shared ===

impl Shared {
    async fn find(
        &self,
        account: AccountId,
        partner: &Arc<str>,
    ) -> Result<(Arc<Held>, Option<Connection>), PushError> {
        let (connection, is_new) = self.connections.of_partner(account, partner).await?;
        if connection.paused {
            return Err(PushError::Paused(Arc::clone(partner)));
        }
        let sources = store::source::list_of_connection(&self.db, account, connection.id).await?;
        let sources = sources
            .into_iter()
            .map(|source| (source.location_id, source.id));
        let found = Held {
            connection: connection.id,
            sources: sources.collect(),
        };
        Ok((
            self.hold(account, partner, found),
            is_new.then_some(connection),
        ))
    }
}

// === impl Push ===

impl Push {
    /// The time from which levels without their own count.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The connection, when this push has made it; once.
    pub fn take_made(&mut self) -> Option<Connection> {
        self.made.take()
    }

    /// Takes levels: when it returns they are durable and readable. Answers what became of each.
    ///
    /// # Errors
    /// See [`PushError`]; none of these levels is taken then.
    pub async fn levels(&mut self, levels: Vec<StockLevel>) -> Result<Vec<Outcome>, PushError> {
        let unmet: BTreeSet<LocationId> = levels
            .iter()
            .map(|level| &level.location)
            .filter(|place| !self.held.sources.contains_key(*place))
            .cloned()
            .collect();
        self.meet(unmet.into_iter()).await?;
        let updates = updates(&self.held.sources, levels);
        let (book, cause) = (&self.shared.book, self.cause.clone());
        let outcomes = book.apply_each(self.account, cause, updates).await?;
        let (connection, now) = (self.held.connection, self.now());
        self.shared
            .connections
            .heard(self.account, connection, now)
            .await?;
        Ok(outcomes)
    }
}

/// Levels under their sources, in their order.
fn updates(
    sources: &HashMap<LocationId, crate::id::SourceId>,
    levels: Vec<StockLevel>,
) -> Vec<Update> {
    let update = |level: StockLevel| Update {
        source_id: sources[&level.location],
        level,
    };
    levels.into_iter().map(update).collect()
}

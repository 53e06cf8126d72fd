//! A part of a connection's levels is read again because somebody asks for it, and what is found is compared with what is
//! held.
//!
//! `scope → reading → what it came to`: the [`scope`] says which levels, one of three ways brings them page by page, and
//! each page is compared and, unless it is a trial, stored. What the system does not name is left as it is held: only a
//! sync of the whole connection makes anything absent.

mod changes;
mod error;
mod everything;
mod reading;
mod scope;

use std::time::Duration;

use bestand_plugin_api::SkuError;

use super::{Connection, Connections};
use crate::id::SourceId;
use crate::source::InventorySource;
use crate::stock::drift::Difference;
use reading::Reading;

pub use error::RereadError;
pub use scope::Scope;

/// How long reading again may take as a whole: what takes longer is a sync of the whole connection, which goes on after a
/// restart.
const TAKES_MAX: Duration = Duration::from_secs(600);
/// Differences and errors that are kept one by one, so that no system can fill the memory; all are counted.
pub const ITEMS_MAX: usize = 1_000;

/// What reading again came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// Levels that the system told.
    pub compared: u64,
    /// Those of them that are not as held.
    pub differing: u64,
    /// The first of these.
    pub differences: Vec<(SourceId, Difference)>,
    /// SKUs of which it told nothing.
    pub untold: u64,
    /// Why, of the first of them.
    pub errors: Vec<SkuError>,
}

// === impl Connections ===

impl Connections {
    /// Compares what a connection's system says of what `scope` names, at these of its sources, with what is held. Nothing
    /// is stored.
    ///
    /// # Errors
    /// Why it cannot be read again, what the adapter answers, and what the store answers.
    pub async fn compare(
        &self,
        connection: &Connection,
        scope: &Scope,
        sources: Vec<InventorySource>,
    ) -> Result<Reread, RereadError> {
        self.read_scope(connection, None, scope, sources).await
    }

    /// The same, and stores what the system says, as asked for by `actor`.
    ///
    /// # Errors
    /// As for [`compare`](Self::compare); what was read before that is stored.
    pub async fn reread(
        &self,
        connection: &Connection,
        actor: &str,
        scope: &Scope,
        sources: Vec<InventorySource>,
    ) -> Result<Reread, RereadError> {
        let actor = Some(actor);
        self.read_scope(connection, actor, scope, sources).await
    }

    async fn read_scope(
        &self,
        connection: &Connection,
        actor: Option<&str>,
        scope: &Scope,
        sources: Vec<InventorySource>,
    ) -> Result<Reread, RereadError> {
        let session = self.session_of(connection.account_id, connection.id)?;
        let surroundings = &self.shared.surroundings;
        let mut reading = Reading::new(surroundings, session, actor, sources)?;
        let turn = self.turn(connection.id);
        let _turn = match scope {
            Scope::Skus(_) => None,
            Scope::Everything | Scope::ChangedSince(_) => {
                Some(turn.try_lock().map_err(|_| RereadError::Busy)?)
            }
        };
        let read = async {
            match scope {
                Scope::Skus(skus) => reading.skus(skus).await,
                Scope::Everything => reading.everything().await,
                Scope::ChangedSince(since) => reading.changed_since(*since).await,
            }
        };
        match tokio::time::timeout(TAKES_MAX, read).await {
            Ok(read) => read.map(|()| reading.reread),
            Err(_) => Err(RereadError::TookTooLong),
        }
    }
}

// === impl Reread ===

impl Reread {
    fn differ(&mut self, found: Vec<(SourceId, Difference)>) {
        self.differing += found.len() as u64;
        let room = ITEMS_MAX.saturating_sub(self.differences.len());
        self.differences.extend(found.into_iter().take(room));
    }

    fn miss(&mut self, errors: Vec<SkuError>) {
        self.untold += errors.len() as u64;
        let room = ITEMS_MAX.saturating_sub(self.errors.len());
        self.errors.extend(errors.into_iter().take(room));
    }
}

//! Connections that a partner pushes to: made with its first push, and heard of with each.

use std::collections::BTreeMap;
use std::sync::Arc;

use bestand_plugin_api::Timestamp;
use serde_json::json;

use super::Connections;
use super::connections::Live;
use super::edit::{EditError, NewConnection};
use super::heard::Heard;
use super::reason::Reason;
use super::record::Connection;
use super::state::ConnectionState;
use crate::id::{AccountId, ConnectionId};
use crate::store::inbound::owed::Extent;
use crate::store::{self, Error};

/// Whether a partner's push can be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// It can.
    Open,
    /// The operator has paused the connection.
    Paused,
    /// The connection does not run: it is gone, or not there yet.
    Closed,
}

impl Connections {
    /// The connection that this partner pushes to, made now if there is none. Answers whether it is new, too.
    ///
    /// # Errors
    /// When no adapter that takes pushes is enabled, or the store is out of reach.
    pub async fn of_partner(
        &self,
        account: AccountId,
        partner: &str,
    ) -> Result<(Connection, bool), EditError> {
        let db = &self.shared.surroundings.db;
        if let Some(known) = store::connection::partner::find(db, account, partner).await? {
            return Ok((known, false));
        }
        let made = self.make_for(account, partner, partner.into()).await;
        let Err(EditError::Store(Error::Conflict { .. })) = made else {
            return Ok((made?, true));
        };
        // Another push was first, or a connection of an operator has the name.
        if let Some(known) = store::connection::partner::find(db, account, partner).await? {
            return Ok((known, false));
        }
        let made = self.make_for(account, partner, format!("{partner} (push)"));
        Ok((made.await?, true))
    }

    async fn make_for(
        &self,
        account: AccountId,
        partner: &str,
        name: String,
    ) -> Result<Connection, EditError> {
        let directory = self.directory();
        let takers = directory.adapters().map(|adapter| adapter.manifest());
        let taker = takers
            .filter(|manifest| manifest.takes_pushes())
            .min_by_key(|manifest| &manifest.id);
        let adapter = taker.ok_or(EditError::NoTakerOfPushes)?.id.clone();
        let new = NewConnection {
            name,
            adapter,
            settings: json!({}),
            secrets: BTreeMap::new(),
            allow_private_network: false,
            paused: false,
            sync_interval_secs: None,
            reconcile_secs: None,
        };
        self.add_for(Some(partner), account, new).await
    }

    /// Whether pushes to this connection are taken.
    #[must_use]
    pub fn door(&self, id: ConnectionId) -> Door {
        match self.lock().get(&id) {
            Some(live) if live.record.paused => Door::Paused,
            Some(_) => Door::Open,
            None => Door::Closed,
        }
    }

    /// Notes that something was pushed to this connection: it is silent no more.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn heard(
        &self,
        account: AccountId,
        id: ConnectionId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(heard) = self.lock().get(&id).map(Live::listen) else {
            return Ok(());
        };
        if heard.note(now) {
            let db = &self.shared.surroundings.db;
            store::connection::partner::keep_pushed_at(db, account, id, now).await?;
        }
        Ok(())
    }
}

// === impl Live ===

impl Live {
    /// Where pushes are noted; the worker is told to look when it takes the partner for silent.
    fn listen(&self) -> Arc<Heard> {
        // In other trouble a push is no reason to try again: they may come by the thousand.
        let is_silent = match &self.status.borrow().state {
            ConnectionState::Degraded { reason, .. } => matches!(reason, Reason::Silent { .. }),
            _ => false,
        };
        if is_silent {
            self.lasting.wanted.sync(Extent::Quickest);
        }
        Arc::clone(&self.lasting.heard)
    }
}

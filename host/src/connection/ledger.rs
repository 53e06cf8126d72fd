//! The ledger of a connection's system: why its numbers are what they are.

use std::sync::Arc;

use bestand_plugin_api::call::adapter::{ListLedger, Since, VerifyLedger};
use bestand_plugin_api::{
    AdapterError, Capability, Cursor, LedgerCheck, LedgerEntry, LedgerQuery, Listing, Sku,
};

use super::Connections;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;

impl Connections {
    /// One page of the changes at a source: newest first of an article, else by article.
    ///
    /// # Errors
    /// When its connection is not open, its system keeps no ledger, and what the adapter says.
    pub async fn ledger(
        &self,
        source: &InventorySource,
        sku: Option<Sku>,
        cursor: Option<Cursor>,
    ) -> Result<Listing<LedgerEntry>, AdapterError> {
        let session = self.keeper(source.account_id, source.connection_id)?;
        let query = match sku {
            Some(sku) => LedgerQuery::of(sku),
            None => LedgerQuery::default(),
        };
        let query = query.at(source.location_id.clone()).after(cursor);
        session.call::<ListLedger>(Priority::Order, &query).await
    }

    /// The next step of a check whether the ledger of a connection adds up to what is held.
    ///
    /// # Errors
    /// When the connection is not open, its system keeps no ledger, and what the adapter says.
    pub async fn verify_ledger(
        &self,
        account: AccountId,
        connection: ConnectionId,
        cursor: Option<Cursor>,
    ) -> Result<LedgerCheck, AdapterError> {
        let session = self.keeper(account, connection)?;
        let since = Since {
            checkpoint: None,
            cursor,
        };
        session.call::<VerifyLedger>(Priority::Sync, &since).await
    }

    /// Whether a connection's system keeps a ledger that can be read.
    #[must_use]
    pub fn keeps_ledger(&self, connection: ConnectionId) -> bool {
        self.session(connection)
            .is_some_and(|session| keeps(&session))
    }

    fn keeper(
        &self,
        account: AccountId,
        connection: ConnectionId,
    ) -> Result<Arc<Session>, AdapterError> {
        let session = self.session_of(account, connection)?;
        match keeps(&session) {
            true => Ok(session),
            false => Err(AdapterError::unsupported(
                "its system tells no ledger; look at the history of the source instead",
            )),
        }
    }
}

fn keeps(session: &Session) -> bool {
    let manifest = session.adapter().manifest();
    manifest.capabilities.contains(&Capability::StockLedger)
}

//! The ledger of a connection's system: why its numbers are what they are.

use std::sync::Arc;

use bestand_plugin_api::call::adapter::{ListLedger, Since, VerifyLedger};
use bestand_plugin_api::{
    AdapterError, Capability, Cursor, LedgerCheck, LedgerEntry, LedgerQuery, Listing, Manifest, Sku,
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

    /// Whether the system of a connection tells its ledger.
    #[must_use]
    pub fn tells_ledger(&self, id: ConnectionId) -> bool {
        self.manifest_says(id, tells)
    }

    /// Whether an adapter tells the ledger of its system; one that is not loaded is not known not to.
    #[must_use]
    pub fn may_tell_ledger(&self, adapter: &str) -> bool {
        let directory = self.directory();
        directory
            .adapter(adapter)
            .is_none_or(|adapter| tells(adapter.manifest()))
    }

    fn keeper(
        &self,
        account: AccountId,
        connection: ConnectionId,
    ) -> Result<Arc<Session>, AdapterError> {
        let session = self.session_of(account, connection)?;
        match tells(session.adapter().manifest()) {
            true => Ok(session),
            false => Err(AdapterError::unsupported(
                "its system tells no ledger; look at the history of the source instead",
            )),
        }
    }
}

/// What a step brought, and where to go on: the same whether there is more or the system still works on it.
pub(crate) fn taken<T>(step: Listing<T>) -> (Vec<T>, Option<Cursor>) {
    match step {
        Listing::Page { items, next, .. } => (items, Some(next)),
        Listing::Done { items, .. } => (items, None),
        Listing::Pending { cursor, .. } => (Vec::new(), Some(cursor)),
        _ => (Vec::new(), None),
    }
}

fn tells(manifest: &Manifest) -> bool {
    manifest.capabilities.contains(&Capability::StockLedger)
}

//! Stock written through a connection's adapter, and read back at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use bestand_plugin_api::call::adapter::WriteStock;
use bestand_plugin_api::{
    AdapterError, Capability, ErrorKind, LocationId, Sku, StockOperation, WriteOutcome,
};

use super::Connections;
use crate::id::AccountId;
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::stock::{Cause, CauseKind};
use crate::sync::Work;
use crate::sync::places::Places;

impl Connections {
    /// Sends operations of `actor` to the system of `source`, all of which must be at its location, and brings the book
    /// up to date with what became of them. One outcome per operation, in order.
    ///
    /// They go in batches of the adapter's size. After one that fails, no further one is sent, and what was done
    /// before is told all the same.
    ///
    /// # Errors
    /// When the connection is not open or does not write; then nothing was done.
    pub async fn write_stock(
        &self,
        account: AccountId,
        actor: &str,
        source: &InventorySource,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>, AdapterError> {
        let session = self.session_of(account, source.connection_id)?;
        let batch = write_batch(&session)?;
        let mut outcomes = Vec::with_capacity(operations.len());
        for operations in operations.chunks(batch) {
            match write(&session, operations).await {
                Ok(told) => outcomes.extend(told),
                Err(error) => {
                    outcomes.extend(vec![of_failed(&error); operations.len()]);
                    break;
                }
            }
        }
        let not_sent = "it was not sent, because one before it failed";
        outcomes.resize(operations.len(), WriteOutcome::rejected(not_sent));
        let skus: BTreeSet<Sku> = operations
            .into_iter()
            .map(|operation| operation.sku)
            .collect();
        self.read_back(&session, actor, source, skus.into_iter().collect())
            .await;
        Ok(outcomes)
    }

    /// Reads SKUs of a source again, as after a write of `actor` that concerned it without being sent to it.
    pub async fn read_again(
        &self,
        account: AccountId,
        actor: &str,
        source: &InventorySource,
        skus: Vec<Sku>,
    ) {
        if let Ok(session) = self.session_of(account, source.connection_id) {
            self.read_back(&session, actor, source, skus).await;
        }
    }

    /// What was written is done; a read that fails only delays when it is seen.
    async fn read_back(
        &self,
        session: &Arc<Session>,
        actor: &str,
        source: &InventorySource,
        skus: Vec<Sku>,
    ) {
        if session.adapter().manifest().by_sku_batch().is_none() {
            let _ = self.sync_now(session.context().account, source.connection_id, false);
            return;
        }
        let surroundings = &self.shared.surroundings;
        let location: LocationId = source.location_id.clone();
        let work = Work {
            db: &surroundings.db,
            book: &surroundings.book,
            clock: &surroundings.clock,
            session: Arc::clone(session),
            places: Places::new(vec![source.clone()]),
            progress: &|_| {},
        };
        let cause = Cause {
            actor: Some(actor.to_owned()),
            ..Cause::of(CauseKind::Write)
        };
        if let Err(error) = work
            .by_sku(&cause, Priority::Order, &skus, &[location])
            .await
        {
            tracing::warn!(connection = %session.context().name, %error, "what was written could not be read back yet");
        }
    }
}

async fn write(
    session: &Session,
    operations: &[StockOperation],
) -> Result<Vec<WriteOutcome>, AdapterError> {
    let told = session
        .call::<WriteStock>(Priority::Order, &operations.to_vec())
        .await?;
    match told.len() == operations.len() {
        true => Ok(told),
        false => Err(AdapterError::bug(
            "the adapter did not answer every operation",
        )),
    }
}

/// What became of operations whose call failed. An adapter fails only when it did nothing, but a call that is given
/// up, or an adapter at fault, may have done something.
fn of_failed(error: &AdapterError) -> WriteOutcome {
    match error.kind {
        ErrorKind::Transient | ErrorKind::Bug | ErrorKind::Protocol => {
            WriteOutcome::unknown(error.message.clone())
        }
        _ => WriteOutcome::rejected(error.message.clone()),
    }
}

fn write_batch(session: &Session) -> Result<usize, AdapterError> {
    let manifest = session.adapter().manifest();
    let batch = manifest
        .capabilities
        .iter()
        .find_map(|capability| match capability {
            Capability::StockWrites { max_batch, .. } => Some((*max_batch).max(1)),
            _ => None,
        });
    batch.ok_or_else(|| {
        AdapterError::unsupported(format!("adapter `{}` does not write stock", manifest.id))
    })
}

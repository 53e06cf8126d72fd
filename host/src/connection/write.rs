//! Stock written through a connection's adapter, and read back at once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use bestand_plugin_api::{
    AdapterError, Condition, LocationId, Manifest, Sku, StockChange, StockOperation, WriteOutcome,
};

use super::Connections;
use super::desk::Desk;
use crate::id::AccountId;
use crate::plugin::{Priority, Session};
use crate::source::InventorySource;
use crate::stock::{Cause, CauseKind};
use crate::store;
use crate::sync::Work;
use crate::sync::places::Places;

impl Connections {
    /// Whether operations may be sent to `source`: its adapter writes, and its direction lets it.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub fn may_write(&self, source: &InventorySource) -> Result<(), AdapterError> {
        let name = &source.name;
        if !self.writes_stock(source.connection_id) {
            let message = format!("stock of `{name}` is changed in its own system, not here");
            return Err(AdapterError::unsupported(message));
        }
        let direction = source.direction(self.is_built_in(source.connection_id));
        if direction.writes() {
            return Ok(());
        }
        Err(AdapterError::unsupported(format!(
            "nothing is written to `{name}`, whose direction is `{direction}`; set it to `write` or `both` first"
        )))
    }

    /// The same, and its connection is open.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub fn can_write_now(&self, source: &InventorySource) -> Result<(), AdapterError> {
        self.may_write(source)?;
        self.session_of(source.account_id, source.connection_id)?;
        Ok(())
    }

    /// Sends operations of `actor` to the system of `source`, all of which must be at its location, and brings the book
    /// up to date with what became of them. One outcome per operation, in order.
    ///
    /// They go in batches of the adapter's size, each written down before it is sent. After one that fails, no further
    /// one is sent, and what was done before is told all the same. An operation that was sent before is not sent again:
    /// what became of it is told, or asked where that is safe.
    ///
    /// # Errors
    /// When the connection is not open, the source is not written to, or an operation is about goods in a condition that
    /// the adapter does not keep apart; then nothing was done.
    pub async fn write_stock(
        &self,
        account: AccountId,
        actor: &str,
        source: &InventorySource,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>, AdapterError> {
        self.may_write(source)?;
        let session = self.session_of(account, source.connection_id)?;
        keeps_conditions(session.adapter().manifest(), &operations)?;
        let desk = Desk::of(self, &session, source, actor);
        let outcomes = desk.send_all(&operations).await?;
        for (source, skus) in self.touched(source, operations).await {
            let skus = skus.into_iter().collect();
            self.read_back(&session, actor, &source, skus).await;
        }
        Ok(outcomes)
    }

    /// The sources that operations have changed: the one they were sent to, and those that stock was moved to.
    async fn touched(
        &self,
        source: &InventorySource,
        operations: Vec<StockOperation>,
    ) -> Vec<(InventorySource, BTreeSet<Sku>)> {
        let (mut here, mut moved) = (BTreeSet::new(), HashMap::<_, BTreeSet<Sku>>::new());
        for operation in operations {
            if let StockChange::Move { to, .. } = operation.change {
                moved.entry(to).or_default().insert(operation.sku.clone());
            }
            here.insert(operation.sku);
        }
        let mut touched = vec![(source.clone(), here)];
        if !moved.is_empty() {
            let (account, id) = (source.account_id, source.connection_id);
            let db = &self.shared.surroundings.db;
            let others = store::source::list_of_connection(db, account, id).await;
            let others = others.unwrap_or_default().into_iter();
            let others = others.filter(|other| other.id != source.id);
            touched.extend(
                others
                    .filter_map(|other| Some((moved.remove(&other.location_id)?, other)))
                    .map(|(skus, other)| (other, skus)),
            );
        }
        touched
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
    pub(super) async fn read_back(
        &self,
        session: &Arc<Session>,
        actor: &str,
        source: &InventorySource,
        skus: Vec<Sku>,
    ) {
        if !source.reads() {
            return;
        }
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

/// An adapter that does not keep a condition apart might take an operation about it for one about good goods.
fn keeps_conditions(
    manifest: &Manifest,
    operations: &[StockOperation],
) -> Result<(), AdapterError> {
    let named = operations
        .iter()
        .filter_map(|operation| operation.condition);
    let unkept = |condition: &Condition| {
        !condition.is_sellable() && !manifest.conditions.contains(condition)
    };
    match named.into_iter().find(unkept) {
        Some(condition) => Err(AdapterError::unsupported(format!(
            "adapter `{}` does not keep goods in condition `{condition}` apart; leave the condition out",
            manifest.id
        ))),
        None => Ok(()),
    }
}

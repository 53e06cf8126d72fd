//! The places of a connection's system, down to the last bin: listed as the adapter names them, and shaped where it can.

use std::sync::Arc;

use bestand_plugin_api::call::adapter::{ChangeLocation, StockBySku};
use bestand_plugin_api::{
    AdapterError, Capability, Location, LocationChange, LocationId, Manifest, Sku, SkuAnswers,
    SkuQuery,
};

use super::Connections;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::{Priority, Session};
use crate::sync::SyncError;
use crate::sync::places::{Places, locations};

impl Connections {
    /// Whether places of this connection can be made, renamed and removed from here. Such a connection also answers for
    /// single bins, as what lies in them is kept here.
    #[must_use]
    pub fn shapes_places(&self, id: ConnectionId) -> bool {
        let can = |manifest: &Manifest| manifest.capabilities.contains(&Capability::LocationWrites);
        self.manifest_says(id, can)
    }

    /// Whether its levels are put together from other sources of the account.
    #[must_use]
    pub fn puts_together(&self, id: ConnectionId) -> bool {
        self.manifest_says(id, Manifest::reads_sources)
    }

    /// Whether it keeps goods in other conditions than sellable, or of lots, apart.
    #[must_use]
    pub fn keeps_conditions(&self, id: ConnectionId) -> bool {
        self.manifest_says(id, |manifest| !manifest.conditions.is_empty())
    }

    /// Whether it answers for single articles.
    #[must_use]
    pub fn answers_by_sku(&self, id: ConnectionId) -> bool {
        self.manifest_says(id, |manifest| manifest.by_sku_batch().is_some())
    }

    /// Whether stock of this connection can be changed from here.
    #[must_use]
    pub fn writes_stock(&self, id: ConnectionId) -> bool {
        self.manifest_says(id, |manifest| manifest.write_batch().is_some())
    }

    /// Whether it is the installation's own, built-in warehouse.
    #[must_use]
    pub fn is_built_in(&self, id: ConnectionId) -> bool {
        self.manifest_says(id, |manifest| manifest.built_in)
    }

    /// All places, as the adapter names them now.
    ///
    /// # Errors
    /// What the adapter answers, and `Transient` when the connection is not open.
    pub async fn locations(
        &self,
        account: AccountId,
        id: ConnectionId,
    ) -> Result<Vec<Location>, AdapterError> {
        locations(&*self.session_of(account, id)?).await
    }

    /// What the adapter says of these SKUs at these places now. Nothing of it is stored: the stock book knows
    /// buildings, not bins.
    ///
    /// # Errors
    /// What the adapter answers, and `Transient` when the connection is not open.
    pub async fn ask_places(
        &self,
        account: AccountId,
        id: ConnectionId,
        skus: &[Sku],
        places: &[LocationId],
    ) -> Result<SkuAnswers, AdapterError> {
        let session = self.session_of(account, id)?;
        let batch = session.adapter().manifest().by_sku_batch();
        let unable = || AdapterError::unsupported("the adapter cannot look up single SKUs");
        let mut told = SkuAnswers::default();
        for skus in skus.chunks(batch.ok_or_else(unable)?.max(1)) {
            let query = SkuQuery::of(skus.to_vec()).at(places.to_vec());
            let answers = session.call::<StockBySku>(Priority::Order, &query).await?;
            told.levels.extend(answers.levels);
            told.errors.extend(answers.errors);
        }
        Ok(told)
    }

    /// Changes the places of a connection; its inventory sources follow before this returns.
    ///
    /// # Errors
    /// What the adapter answers, `Unsupported` when it cannot, and `Transient` when the connection is not open.
    pub async fn change_location(
        &self,
        account: AccountId,
        id: ConnectionId,
        change: LocationChange,
    ) -> Result<Location, AdapterError> {
        if !self.shapes_places(id) {
            let message =
                "the places of this connection are made and changed in its own system, not here";
            return Err(AdapterError::unsupported(message));
        }
        let session = self.session_of(account, id)?;
        let removes = matches!(change, LocationChange::Remove { .. });
        let changed = session
            .call::<ChangeLocation>(Priority::Order, &change)
            .await?;
        let surroundings = &self.shared.surroundings;
        let followed = Places::follow(&session, &surroundings.db, &surroundings.clock).await;
        followed.map_err(|error| match error {
            SyncError::Adapter(error) => error,
            SyncError::Store(error) => AdapterError::transient(format!(
                "it is done, and is shown once it can be stored: {error}"
            )),
        })?;
        if removes {
            // What lay there is gone with it, so the counts of the building around it are others.
            let _ = self.sync_now(account, id, true);
        }
        Ok(changed)
    }

    /// Also of a connection that is paused; not of one whose adapter does not run.
    pub(super) fn manifest_says(
        &self,
        id: ConnectionId,
        says: impl FnOnce(&Manifest) -> bool,
    ) -> bool {
        let adapter = self.lock().get(&id).map(|live| live.record.adapter.clone());
        let directory = self.directory();
        let adapter = adapter.and_then(|adapter| directory.adapter(&adapter).cloned());
        adapter.is_some_and(|adapter| says(adapter.manifest()))
    }

    pub(super) fn session_of(
        &self,
        account: AccountId,
        id: ConnectionId,
    ) -> Result<Arc<Session>, AdapterError> {
        let session = self
            .session(id)
            .filter(|session| session.context().account == account);
        session
            .ok_or_else(|| AdapterError::transient("the connection is not open; look at its state"))
    }
}

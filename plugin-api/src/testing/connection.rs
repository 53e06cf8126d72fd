//! One connection of the adapter under test.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::FakeHost;
use crate::call::adapter::{
    ChangeLocation, Check, Describe, ListStock, Locations, Open, Receive, Register, Settings,
    Since, StockBySku, StockChanges, Unregister, WriteStock,
};
use crate::call::{self, Method, Port};
use crate::export::Wiring;
use crate::{
    Account, Adapter, AdapterError, Changes, Checkpoint, Cursor, InboundOutcome, InboundRequest,
    Listing, Location, LocationChange, Manifest, Result, SkuAnswers, SkuQuery, StockLevel,
    StockOperation, WriteOutcome,
};

/// More steps than this in one listing are taken for a listing that never ends.
const STEPS_MAX: usize = 10_000;

/// A connection of the adapter under test, over the true encoding, with a [`FakeHost`] behind it.
pub struct Connection {
    port: Arc<dyn Port>,
    host: FakeHost,
}

// === impl Connection ===

impl Connection {
    /// Opens a connection with these settings; pass the `wiring` function of your plugin's crate.
    ///
    /// # Errors
    /// What the adapter says of the settings.
    ///
    /// # Panics
    /// When the settings are no JSON.
    pub async fn open<A: Adapter>(
        wiring: impl FnOnce() -> Wiring<A>,
        settings: &impl Serialize,
        host: &FakeHost,
    ) -> Result<Self> {
        let port: Arc<dyn Port> = Arc::new(wiring().serve(Arc::new(host.clone())));
        let connection = Self {
            port,
            host: host.clone(),
        };
        let json = serde_json::to_string(settings).expect("settings can be encoded");
        connection.ask::<Open>(&Settings { json }).await?;
        Ok(connection)
    }

    /// The description of the adapter.
    ///
    /// # Errors
    /// What the adapter answers; so with all that follow.
    pub async fn describe(&self) -> Result<Manifest> {
        self.ask::<Describe>(&()).await
    }

    /// [`Adapter::check`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn check(&self) -> Result<Account> {
        self.ask::<Check>(&()).await
    }

    /// All locations, following the cursors and moving the clock while the system is busy.
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn locations(&self) -> Result<Vec<Location>> {
        self.gather::<Locations, Location>(None).await
    }

    /// All levels, following the cursors from `cursor` on and moving the clock while the system is busy.
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn list_stock(&self, cursor: Option<Cursor>) -> Result<Vec<StockLevel>> {
        self.gather::<ListStock, StockLevel>(cursor).await
    }

    /// One step of [`crate::StockListing::list_stock`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn list_stock_step(&self, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        self.ask::<ListStock>(&cursor).await
    }

    /// [`crate::StockBySku::stock_by_sku`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn stock_by_sku(&self, query: &SkuQuery) -> Result<SkuAnswers> {
        self.ask::<StockBySku>(query).await
    }

    /// [`crate::StockChanges::stock_changes`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn stock_changes(
        &self,
        checkpoint: Option<Checkpoint>,
        cursor: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        self.ask::<StockChanges>(&Since { checkpoint, cursor })
            .await
    }

    /// [`crate::StockWrites::write_stock`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn write_stock(&self, operations: &Vec<StockOperation>) -> Result<Vec<WriteOutcome>> {
        self.ask::<WriteStock>(operations).await
    }

    /// [`crate::LocationWrites::change_location`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn change_location(&self, change: &LocationChange) -> Result<Location> {
        self.ask::<ChangeLocation>(change).await
    }

    /// [`crate::Inbound::receive`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn receive(&self, request: &InboundRequest) -> Result<InboundOutcome> {
        self.ask::<Receive>(request).await
    }

    /// [`crate::Inbound::register`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn register(&self, public_url: &str) -> Result<()> {
        self.ask::<Register>(&public_url.into()).await
    }

    /// [`crate::Inbound::unregister`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn unregister(&self, public_url: &str) -> Result<()> {
        self.ask::<Unregister>(&public_url.into()).await
    }

    async fn gather<M, T>(&self, mut cursor: Option<Cursor>) -> Result<Vec<T>>
    where
        M: Method<Params = Option<Cursor>, Reply = Listing<T>>,
    {
        let mut gathered = Vec::new();
        for _ in 0..STEPS_MAX {
            match self.ask::<M>(&cursor).await? {
                Listing::Page { items, next } => {
                    gathered.extend(items);
                    cursor = Some(next);
                }
                Listing::Pending {
                    poll_after_ms,
                    cursor: next,
                } => {
                    self.host.advance(Duration::from_millis(poll_after_ms));
                    cursor = Some(next);
                }
                Listing::Done { items } => {
                    gathered.extend(items);
                    return Ok(gathered);
                }
            }
        }
        Err(AdapterError::bug(format!(
            "the listing did not end within {STEPS_MAX} steps"
        )))
    }

    async fn ask<M: Method>(&self, params: &M::Params) -> Result<M::Reply> {
        call::ask::<M>(&*self.port, 1, "test", params).await
    }
}

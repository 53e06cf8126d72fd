//! One connection of the adapter under test.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::{FakeHost, promise, settings};
use crate::call::adapter::{
    ChangeLocation, Check, Describe, ListStock, Locations, Open, PushRhythm, Receive, Register,
    Settings, Since, StockBySku, StockChanges, Unregister, WriteStock,
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
///
/// Answers that break a promise of the contract are a [`Bug`](crate::ErrorKind::Bug) that says which: a counted level
/// without a count, a SKU that is neither found nor missing, a listing that does not move on, and so on.
pub struct Connection {
    port: Arc<dyn Port>,
    name: String,
    host: FakeHost,
    manifest: Manifest,
}

// === impl Connection ===

impl Connection {
    /// Opens a connection with these settings; pass the `wiring` function of your plugin's crate.
    ///
    /// # Errors
    /// Why the daemon would refuse the manifest or the settings, and what the adapter says of the settings.
    ///
    /// # Panics
    /// When the settings are no JSON.
    pub async fn open<A: Adapter>(
        wiring: impl FnOnce() -> Wiring<A>,
        settings: &impl Serialize,
        host: &FakeHost,
    ) -> Result<Self> {
        let wiring = wiring();
        let manifest = wiring.manifest().clone();
        let settings = serde_json::to_value(settings).expect("settings can be encoded");
        let port: Arc<dyn Port> = Arc::new(wiring.serve(Arc::new(host.clone())));
        Self::attach(&port, "test", &manifest, &settings, host).await
    }

    /// Opens a connection called `name` of an adapter that runs elsewhere, such as in a library, and whose requests
    /// reach `host`.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn attach(
        port: &Arc<dyn Port>,
        name: &str,
        manifest: &Manifest,
        settings: &Value,
        host: &FakeHost,
    ) -> Result<Self> {
        settings::check(manifest, settings)?;
        host.restrict(manifest, settings);
        let connection = Self {
            port: Arc::clone(port),
            name: name.into(),
            host: host.clone(),
            manifest: manifest.clone(),
        };
        let json = settings.to_string();
        connection.ask::<Open>(&Settings { json }).await?;
        Ok(connection)
    }

    /// A connection called `name` of an adapter that was started elsewhere; not opened yet.
    #[cfg(feature = "conformance")]
    pub(crate) fn over(
        port: &Arc<dyn Port>,
        name: &str,
        manifest: &Manifest,
        host: &FakeHost,
    ) -> Self {
        Self {
            port: Arc::clone(port),
            name: name.into(),
            host: host.clone(),
            manifest: manifest.clone(),
        }
    }

    /// Makes the instance, with settings as they are.
    #[cfg(feature = "conformance")]
    pub(crate) async fn open_with(&self, json: &str) -> Result<()> {
        self.ask::<Open>(&Settings { json: json.into() }).await
    }

    /// Drops the instance.
    #[cfg(feature = "conformance")]
    pub(crate) async fn close(&self) -> Result<()> {
        self.ask::<crate::call::adapter::Close>(&()).await
    }

    /// What the adapter said of itself.
    #[cfg(feature = "conformance")]
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
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
        let locations = self.gather::<Locations, Location>(None).await?;
        promise::locations(&locations)?;
        Ok(locations)
    }

    /// All levels, following the cursors from `cursor` on and moving the clock while the system is busy.
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn list_stock(&self, cursor: Option<Cursor>) -> Result<Vec<StockLevel>> {
        let levels = self.gather::<ListStock, StockLevel>(cursor).await?;
        promise::levels(&levels, self.host.now())?;
        Ok(levels)
    }

    /// One step of [`crate::StockListing::list_stock`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn list_stock_step(&self, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let step = self.ask::<ListStock>(&cursor).await?;
        promise::step(cursor.as_ref(), &step)?;
        Ok(step)
    }

    /// [`crate::StockBySku::stock_by_sku`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn stock_by_sku(&self, query: &SkuQuery) -> Result<SkuAnswers> {
        self.at_most(self.manifest.by_sku_batch(), query.skus.len())?;
        let answers = self.ask::<StockBySku>(query).await?;
        promise::answers(query, &answers, self.host.now())?;
        Ok(answers)
    }

    /// [`crate::StockChanges::stock_changes`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn stock_changes(
        &self,
        checkpoint: Option<Checkpoint>,
        cursor: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        let since = Since { checkpoint, cursor };
        let changes = self.ask::<StockChanges>(&since).await?;
        promise::changes(&changes, self.host.now())?;
        Ok(changes)
    }

    /// [`crate::StockWrites::write_stock`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn write_stock(&self, operations: &[StockOperation]) -> Result<Vec<WriteOutcome>> {
        self.at_most(self.manifest.write_batch(), operations.len())?;
        let outcomes = self.ask::<WriteStock>(&operations.to_vec()).await?;
        promise::outcomes(operations, &outcomes)?;
        Ok(outcomes)
    }

    /// [`crate::StockLedger::list_ledger`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn list_ledger(
        &self,
        query: &crate::LedgerQuery,
    ) -> Result<crate::Listing<crate::LedgerEntry>> {
        self.ask::<crate::call::adapter::ListLedger>(query).await
    }

    /// [`crate::StockLedger::verify_ledger`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn verify_ledger(&self, cursor: Option<Cursor>) -> Result<crate::LedgerCheck> {
        let since = Since {
            checkpoint: None,
            cursor,
        };
        self.ask::<crate::call::adapter::VerifyLedger>(&since).await
    }

    /// [`crate::LocationWrites::change_location`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn change_location(&self, change: &LocationChange) -> Result<Location> {
        self.ask::<ChangeLocation>(change).await
    }

    /// [`crate::StockPushes::push_rhythm`].
    #[expect(clippy::missing_errors_doc, reason = "said once above")]
    pub async fn push_rhythm(&self) -> Result<crate::PushRhythm> {
        self.ask::<PushRhythm>(&()).await
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
            let step = self.ask::<M>(&cursor).await?;
            promise::step(cursor.as_ref(), &step)?;
            match step {
                Listing::Page { items, next } => {
                    gathered.extend(items);
                    cursor = Some(next);
                }
                Listing::Pending {
                    poll_after_ms,
                    cursor: next,
                } => {
                    self.host
                        .pass_time(Duration::from_millis(poll_after_ms))
                        .await;
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

    /// The daemon never asks for more than a capability declares.
    fn at_most(&self, batch: Option<usize>, count: usize) -> Result<()> {
        match batch {
            Some(batch) if count > batch => Err(AdapterError::bug(format!(
                "the daemon asks for at most {batch} at once (`MAX_BATCH`), not {count}"
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) async fn ask<M: Method>(&self, params: &M::Params) -> Result<M::Reply> {
        let serving = self.host.begin();
        call::ask::<M>(&*self.port, serving.call, &self.name, params).await
    }
}

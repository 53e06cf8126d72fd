//! An adapter with every capability, which answers at once.

use bestand_plugin_api::export::Wiring;
use bestand_plugin_api::{
    Account, Adapter, Changes, Checkpoint, Ctx, Cursor, Idempotency, Inbound, InboundOutcome,
    InboundReply, InboundRequest, LedgerCheck, LedgerEntry, LedgerQuery, Listing, Location,
    LocationChange, LocationWrites, Manifest, Result, SkuAnswers, SkuError, SkuQuery, StockBySku,
    StockChanges, StockLedger, StockLevel, StockListing, StockOperation, StockWrites, WriteOutcome,
    export,
};

#[derive(serde::Deserialize, schemars::JsonSchema)]
pub(crate) struct Settings {
    #[serde(default)]
    #[expect(dead_code, reason = "only its schema and its reading matter")]
    depth: Option<u64>,
}

pub(crate) struct Everything;

/// What `export_adapter!` would write.
pub(crate) fn wiring() -> Wiring<Everything> {
    Wiring::new()
        .with(export::capability::StockListing)
        .with(export::capability::StockBySku)
        .with(export::capability::StockChanges)
        .with(export::capability::Inbound)
        .with(export::capability::StockWrites)
        .with(export::capability::LocationWrites)
        .with(export::capability::StockLedger)
}

impl Adapter for Everything {
    type Settings = Settings;

    fn manifest() -> Manifest {
        Manifest::new("everything", "Everything", "1.0.0")
    }

    fn open(_: Settings) -> Result<Self> {
        Ok(Self)
    }

    async fn check(&self, ctx: &Ctx) -> Result<Account> {
        Ok(Account::named(ctx.now().await?.to_string()))
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(Vec::new()))
    }
}

impl StockListing for Everything {
    async fn list_stock(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<StockLevel>> {
        Ok(Listing::done(Vec::new()))
    }
}

impl StockBySku for Everything {
    const MAX_BATCH: usize = 10;

    async fn stock_by_sku(&self, _: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let missing = query.skus.into_iter();
        let errors = missing.map(|sku| SkuError::not_found(sku, "it is not here"));
        Ok(SkuAnswers::default().with_errors(errors.collect()))
    }
}

impl StockChanges for Everything {
    const MISSES: &'static str = "";

    async fn stock_changes(
        &self,
        _: &Ctx,
        since: Option<Checkpoint>,
        _: Option<Cursor>,
    ) -> Result<Changes<StockLevel>> {
        let checkpoint = since.unwrap_or_else(|| "start".into());
        Ok(Changes::last(Vec::new(), checkpoint))
    }
}

impl Inbound for Everything {
    async fn receive(&self, _: &Ctx, _: InboundRequest) -> Result<InboundOutcome> {
        Ok(InboundReply::status(204).into())
    }

    async fn register(&self, _: &Ctx, _: &str) -> Result<()> {
        Ok(())
    }

    async fn unregister(&self, _: &Ctx, _: &str) -> Result<()> {
        Ok(())
    }
}

impl StockWrites for Everything {
    const MAX_BATCH: usize = 10;
    const IDEMPOTENCY: Idempotency = Idempotency::Native;

    async fn write_stock(
        &self,
        _: &Ctx,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>> {
        let outcome = |operation: StockOperation| WriteOutcome::rejected(operation.op_id);
        Ok(operations.into_iter().map(outcome).collect())
    }
}

impl LocationWrites for Everything {
    async fn change_location(&self, _: &Ctx, change: LocationChange) -> Result<Location> {
        match change {
            LocationChange::Create { name, .. } => Ok(Location::site("1", name)),
            _ => Err(bestand_plugin_api::AdapterError::unsupported(
                "only new places",
            )),
        }
    }
}

impl StockLedger for Everything {
    async fn list_ledger(&self, _: &Ctx, _: LedgerQuery) -> Result<Listing<LedgerEntry>> {
        Ok(Listing::done(Vec::new()))
    }

    async fn verify_ledger(&self, _: &Ctx, _: Option<Cursor>) -> Result<LedgerCheck> {
        Ok(LedgerCheck::new(0, 0, Listing::done(Vec::new())))
    }
}

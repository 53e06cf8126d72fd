//! What an author implements: [`Adapter`], and a trait for every capability the system can serve.
//!
//! All methods run on the adapter's own thread, never on the daemon's; many may be under way at once, on one
//! instance. A method must not block: what waits goes through [`Ctx`]. Every call has a deadline (2 s for an order's
//! query, 30 s for anything else unless said otherwise); when it passes, the future is dropped where it stands.

use std::future::Future;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{
    Changes, Checkpoint, Ctx, Cursor, Idempotency, InboundOutcome, InboundRequest, Listing,
    Location, LocationChange, LocationId, Manifest, Result, Sku, StockLevel, StockOperation,
    WriteOutcome,
};

/// The code that speaks to one kind of system. An instance is one connection: one account, one set of settings.
pub trait Adapter: Sized + Send + Sync + 'static {
    /// The settings a connection needs. Secrets are not among them: they are named in the manifest.
    type Settings: DeserializeOwned + JsonSchema;

    /// Who this is. Called when the plugin is loaded; does no work.
    fn manifest() -> Manifest;

    /// Makes an instance. Called when a connection starts or its settings change; does no I/O.
    ///
    /// # Errors
    /// `Config` with the field that cannot be right.
    fn open(settings: Self::Settings) -> Result<Self>;

    /// Proves that credentials and settings work, as cheaply as possible and without side effects. Called at the
    /// start of a connection, by "Test connection", and after a failure.
    ///
    /// # Errors
    /// `Auth` when the credentials are refused, `Config` when a setting is wrong, else what happened.
    fn check(&self, ctx: &Ctx) -> impl Future<Output = Result<Account>> + Send;

    /// The places that hold stock. Called before each full listing.
    ///
    /// # Errors
    /// What happened; nothing is changed then.
    fn locations(
        &self,
        ctx: &Ctx,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Listing<Location>>> + Send;
}

/// What [`Adapter::check`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What the system calls the account.
    pub name: String,
    /// What works less well than it could, and what to do, one sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// Brings in every level of the connection, page by page.
pub trait StockListing: Adapter {
    /// One page. Called with `None` first, then with the cursor of the page before, also after a restart of the
    /// daemon. Deadline 5 min a page.
    ///
    /// # Errors
    /// What happened; the run goes on later from the same cursor. `NotFound` when the cursor has died: the run
    /// starts over.
    fn list_stock(
        &self,
        ctx: &Ctx,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Listing<StockLevel>>> + Send;
}

/// Answers for some SKUs at once: what an order's query uses.
pub trait StockBySku: Adapter {
    /// How many SKUs one call may name.
    const MAX_BATCH: usize;

    /// The levels of these SKUs at these locations (all, when empty). A SKU the system does not know goes into
    /// [`SkuAnswers::errors`]; it is never a level of zero. Deadline 2 s.
    ///
    /// # Errors
    /// Only what keeps the whole call from being answered.
    fn stock_by_sku(
        &self,
        ctx: &Ctx,
        query: SkuQuery,
    ) -> impl Future<Output = Result<SkuAnswers>> + Send;
}

/// Which SKUs, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkuQuery {
    /// At most [`StockBySku::MAX_BATCH`], without duplicates.
    pub skus: Vec<Sku>,
    /// Empty means all.
    #[serde(default)]
    pub locations: Vec<LocationId>,
}

/// What is known of the SKUs asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkuAnswers {
    /// What was found.
    pub levels: Vec<StockLevel>,
    /// What was not, SKU by SKU.
    #[serde(default)]
    pub errors: Vec<SkuError>,
}

/// Why there is no level for a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkuError {
    /// The SKU as it was asked for.
    pub sku: Sku,
    /// Why.
    pub kind: SkuErrorKind,
    /// For people.
    #[serde(default)]
    pub message: String,
}

/// Why there is no level for a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkuErrorKind {
    /// The system does not know it.
    NotFound,
    /// It could not be read this time.
    Failed,
}

/// Brings in what changed, between full listings.
pub trait StockChanges: Adapter {
    /// What the changes miss, for the operator; empty when they are complete. Full listings go on in any case.
    const MISSES: &'static str;

    /// What changed since `since`; with `None`, nothing but a first checkpoint. Inclusive bounds, clock skew and
    /// windows are the adapter's business: an item may come twice, but none may be left out. Deadline 2 min a page.
    ///
    /// # Errors
    /// What happened; asked again from the same checkpoint. `NotFound` when it is too old: a full listing follows.
    fn stock_changes(
        &self,
        ctx: &Ctx,
        since: Option<Checkpoint>,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Changes<StockLevel>>> + Send;
}

/// Understands what the system sends by itself.
pub trait Inbound: Adapter {
    /// Verifies and reads one request. The host drops duplicates by event id. Deadline 1 s.
    ///
    /// # Errors
    /// `Auth` when the signature is wrong (answered 401, nothing else happens), `Protocol` when it makes no sense.
    fn receive(
        &self,
        ctx: &Ctx,
        request: InboundRequest,
    ) -> impl Future<Output = Result<InboundOutcome>> + Send;

    /// Sees to it that the system sends to `public_url`, and to nowhere else of ours: makes what is missing, mends
    /// what is wrong. Called at start and every hour, so it must change nothing when all is well.
    ///
    /// # Errors
    /// What happened; asked again later.
    fn register(&self, ctx: &Ctx, public_url: &str) -> impl Future<Output = Result<()>> + Send;

    /// Takes back what [`register`](Self::register) made. Called when a connection is removed.
    ///
    /// # Errors
    /// What happened; the operator is told what to remove by hand.
    fn unregister(&self, ctx: &Ctx, public_url: &str) -> impl Future<Output = Result<()>> + Send;
}

/// Sends changes to the system.
pub trait StockWrites: Adapter {
    /// How many operations one call may carry.
    const MAX_BATCH: usize;
    /// What keeps a repeat from counting twice.
    const IDEMPOTENCY: Idempotency;

    /// Does the operations and tells what became of each, in order. One that is refused leaves the others alone.
    /// An answer that was lost is [`WriteOutcome::Unknown`], and the host asks again with the same operation id.
    ///
    /// # Errors
    /// Only when certainly nothing was done.
    fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> impl Future<Output = Result<Vec<WriteOutcome>>> + Send;
}

/// Shapes the places of a system that are ours to shape.
pub trait LocationWrites: Adapter {
    /// Makes one change and answers with the place as it is now (as it was, when removed).
    ///
    /// # Errors
    /// `Config` with `name` or `parent` when it is refused, `NotFound` for a place that is not there.
    fn change_location(
        &self,
        ctx: &Ctx,
        change: LocationChange,
    ) -> impl Future<Output = Result<Location>> + Send;
}

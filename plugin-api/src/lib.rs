#![doc = include_str!("../README.md")]

pub mod abi;
pub mod call;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod export;
pub mod http;
pub mod sources;
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;

mod adapter;
mod by_sku;
mod changes;
mod context;
mod currency;
mod error;
mod forward;
mod inbound;
mod ledger;
mod level;
mod listing;
mod location;
mod manifest;
mod pushes;
mod quantity;
mod sku;
mod timestamp;
mod write;

pub use adapter::{Account, Adapter};
pub use by_sku::{SkuAnswers, SkuError, SkuErrorKind, SkuQuery, StockBySku};
pub use changes::{Changes, Checkpoint, StockChanges};
pub use context::Ctx;
pub use currency::{Currency, InvalidCurrency};
pub use error::{AdapterError, ErrorKind, Result, Retry};
pub use inbound::{Inbound, InboundEvent, InboundOutcome, InboundReply, InboundRequest};
pub use ledger::{
    LedgerCheck, LedgerEntry, LedgerFinding, LedgerKind, LedgerLine, LedgerQuery, StockLedger,
};
pub use level::{LevelPart, Lot, PartReason, Quantities, StockLevel, Tracking};
pub use listing::{CURSOR_BYTES_MAX, Cursor, Listing, StockListing};
pub use location::{Location, LocationChange, LocationId, LocationKind, LocationWrites};
pub use manifest::{
    Absent, Capability, Manifest, RateBucket, Registration, SecretSpec, Semantics, Support,
};
pub use pushes::{PushRhythm, StockPushes};
pub use quantity::{Quantity, QuantityError};
pub use sku::{ItemRef, SKU_BYTES_MAX, Sku, SkuError as InvalidSku};
pub use sources::{SourceId, SourceInfo, SourceQuery, SourceReads, SourceState};
pub use timestamp::Timestamp;
pub use write::{
    Basis, Condition, Idempotency, StockChange, StockOperation, StockWrites, WriteOutcome,
};

/// The version of this contract, `major.minor.patch`.
pub const CONTRACT: &str = env!("CARGO_PKG_VERSION");

#![doc = include_str!("../README.md")]

pub mod abi;
pub mod call;
pub mod export;
pub mod http;
pub mod state;
#[cfg(feature = "testing")]
pub mod testing;

mod adapter;
mod context;
mod error;
mod forward;
mod inbound;
mod level;
mod listing;
mod location;
mod manifest;
mod quantity;
mod sku;
mod timestamp;
mod write;

pub use adapter::{
    Account, Adapter, Inbound, LocationWrites, SkuAnswers, SkuError, SkuErrorKind, SkuQuery,
    StockBySku, StockChanges, StockListing, StockWrites,
};
pub use context::Ctx;
pub use error::{AdapterError, ErrorKind, Result, Retry};
pub use inbound::{InboundEvent, InboundOutcome, InboundReply, InboundRequest};
pub use level::{Lot, Quantities, StockLevel, Tracking};
pub use listing::{Changes, Checkpoint, Cursor, Listing};
pub use location::{Location, LocationId, LocationKind};
pub use manifest::{Absent, Capability, Manifest, RateBucket, SecretSpec, Semantics, Support};
pub use quantity::{Quantity, QuantityError};
pub use sku::{ItemRef, SKU_BYTES_MAX, Sku, SkuError as InvalidSku};
pub use timestamp::Timestamp;
pub use write::{Basis, Idempotency, LocationChange, StockChange, StockOperation, WriteOutcome};

/// The version of this contract, `major.minor.patch`.
pub const CONTRACT: &str = env!("CARGO_PKG_VERSION");

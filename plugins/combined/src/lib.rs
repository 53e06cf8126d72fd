//! Several inventory sources of an account as one: added up, or each standing in for the one before it.
//!
//! A ship-from location has one source, and this is how one source can be several. The numbers come from the daemon,
//! which keeps them for the sources themselves; [`reading`] gathers them, [`sum`] and [`fallback`] decide, with no I/O,
//! and every level says which source gave what.

mod adapter;
mod by_sku;
mod fallback;
mod listing;
mod outcome;
mod part;
mod reading;
mod settings;
mod sum;

pub use adapter::Combined;
pub use settings::{Mode, Settings};

use bestand_plugin_api::export_adapter;

export_adapter!(Combined: StockListing + StockBySku + SourceReads);

//! A plugin that lists as many levels as it is told to, as fast as it can.
//!
//! It speaks to nothing: what a benchmark measures through it is the way from an adapter into the daemon. [`article`]
//! says what every level is, so that the other end knows the right answer; [`Flood`] lists them.

mod adapter;
pub mod article;

pub use adapter::{Flood, LOCATION, Settings};

bestand_plugin_api::export_adapter!(Flood: StockListing + StockBySku);

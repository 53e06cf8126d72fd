//! The built-in warehouse: inventory warehouses, the locations in them, and what lies there.
//!
//! An adapter like any other, whose system is the host's own `state`. One entry holds all of one article (its
//! shelf), so an order's query reads one key per SKU and a listing is one walk over the keys. Every change is
//! worked out on that entry, and committed only if nobody has changed it since: no lock, no lost update.
//!
//! What lies in a warehouse is what lies at its bins and, unsorted, at the warehouse itself. An operation that names
//! the warehouse is about the sum: it promises without saying from which bin, and takes what is unsorted before it
//! takes from bins.
//!
//! In reading order: `settings` and `adapter`; `places` with `names`; `shelf` (the arithmetic, without I/O) with
//! `batch` and `cost`, and [`ledger`]; `keys`, under which all that is kept; then the capabilities: `listing`, `by_sku`, `writes` (with
//! `draft`), `location_writes` (with `removal`) and `stock_ledger`.

pub mod ledger;
pub mod settings;

mod adapter;
mod batch;
mod by_sku;
mod cost;
mod draft;
mod keys;
mod listing;
mod location_writes;
mod names;
mod places;
mod removal;
mod shelf;
mod stock_ledger;
mod walk;
mod writes;

pub use adapter::Warehouse;

use bestand_plugin_api::export_adapter;

export_adapter!(Warehouse: StockListing + StockBySku + StockWrites + LocationWrites + StockLedger);

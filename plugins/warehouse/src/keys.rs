//! The keys under which the warehouse keeps what it knows.
//!
//! | key | value |
//! |---|---|
//! | `founding` | how many ids were given away; its presence says that the first warehouse was made |
//! | `place/ID` | a [`Place`](crate::places::Place) |
//! | `name/SITE/NAME` | the id of the place so called, so that no name is given twice |
//! | `stock/SKU` | a [`Shelf`](crate::shelf::Shelf): all of one article |
//! | `ledger/SKU⇥NUMBER` | an [`Entry`](crate::ledger::Entry): one change of that article |
//! | `done/OPERATION` | a [`Done`](crate::ledger::Done): what was done under this operation id |

use bestand_plugin_api::{LocationId, Sku};

pub(crate) const FOUNDING: &str = "founding";
pub(crate) const PLACES: &str = "place/";
pub(crate) const STOCK: &str = "stock/";
pub(crate) const LEDGER: &str = "ledger/";

/// Longest SKU kept, in bytes: what fits into a ledger key of 1 KiB. Labels end far below.
pub(crate) const SKU_BYTES_MAX: usize = 900;
/// Longest operation id in bytes; a UUID has 36.
pub(crate) const OPERATION_BYTES_MAX: usize = 200;
/// Longest id of a place in bytes; ours are far shorter, so a longer one names nothing.
pub(crate) const PLACE_BYTES_MAX: usize = 100;

pub(crate) fn place(id: &LocationId) -> String {
    format!("{PLACES}{id}")
}

/// Names that differ only in case are the same to a person.
pub(crate) fn name(site: Option<&LocationId>, name: &str) -> String {
    let site = site.map_or("", |site| site.0.as_str());
    format!("name/{site}/{}", name.to_lowercase())
}

pub(crate) fn stock(sku: &Sku) -> String {
    format!("{STOCK}{sku}")
}

/// The tab, which no SKU holds, keeps the entries of `A` apart from those of `A/1`.
pub(crate) fn ledger(sku: &Sku, number: u64) -> String {
    format!("{LEDGER}{sku}\t{number:020}")
}

pub(crate) fn done(operation: &str) -> String {
    format!("done/{operation}")
}

//! Finale Inventory.
//!
//! In goes an account's path, an API key and its secret; out come the quantities of every product at every location.
//! In reading order:
//!
//! - `settings`: what the operator fills in, and `adapter`: who this is, check and locations;
//! - `client`: requests, rate buckets, and what Finale's answers mean when they are not what was asked for;
//! - `columns`, `number`, `filter`: how Finale writes collections, quantities and filters;
//! - `facilities`: which sublocation belongs to which location, and which may not be sold from;
//! - `products`, `inventory_items`, `snapshot` and `listing`: the rows of stock summed and paged, with GraphQL behind
//!   Finale's cut;
//! - `graphql`, `layout`, `kept` and `by_sku`: the live answer to an order;
//! - `writes`: inventory variances, each carrying our operation id, and the look before a repeat.
//!
//! Assumed, because Finale does not document it: a transit sublocation has the word "transit" in its name; a
//! quantity with a packing counts units, unless the settings say packs; GraphQL does not count in the hourly limit.

mod adapter;
mod by_sku;
mod client;
mod columns;
mod facilities;
mod filter;
mod graphql;
mod inventory_items;
mod kept;
mod layout;
mod listing;
mod number;
mod products;
mod settings;
mod snapshot;
mod writes;

pub use adapter::Finale;
pub use settings::{Available, PackedQuantities, Settings};

bestand_plugin_api::export_adapter!(Finale: StockListing + StockBySku + StockWrites);

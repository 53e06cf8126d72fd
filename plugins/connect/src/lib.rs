//! Any HTTP module that speaks the inventory part of ShipEngine Connect's order-source contract (2.5.0).
//!
//! In goes the address of a module, the code of its order source and the credentials of the system behind it; out
//! come the quantities of every article in every warehouse that the module names. In reading order:
//!
//! - `settings`: what the operator fills in, and `adapter`: who this is and whether a connection works;
//! - `contract` and `answer`: what is asked and answered, and `level`: what an item is to Bestand;
//! - `client`: requests, credentials in their bodies, and whose fault it is when there is no answer;
//! - `places`: the warehouses, learned by walking through all items, because the contract has no list of them;
//! - `listing`, `changes`, `by_sku`: the three ways in which `/inventory_fetch` is asked;
//! - `writes`: counts that are set through `/inventory_push`.
//!
//! Liberal where the contract contradicts itself: an item's id is read under both of its names and sent under both,
//! `fetched_at` may be missing, and decimals are read although the contract has whole numbers. An item that cannot
//! be read is left out, which for the host means that nothing is known of it; a page of nothing else is refused.
//!
//! Unproven, because no public module was there to be asked: that modules keep to `criteria.skus` (what else they
//! send is dropped), that a cursor lives as long as a listing, and that a refused one is answered with 400. Two items
//! of one SKU in one warehouse are told to be ambiguous where they come on one page, and not across pages.

mod adapter;
mod answer;
mod by_sku;
mod changes;
mod client;
mod contract;
mod level;
mod listing;
mod places;
mod settings;
mod writes;

pub use adapter::Connect;
pub use settings::{Settings, SignIn};

bestand_plugin_api::export_adapter!(Connect: StockListing + StockBySku + StockChanges + StockWrites);

//! The Shopify adapter: reads and writes the stock of one shop through the Admin GraphQL API, version 2026-10.
//!
//! What goes in: settings and named secrets ([`settings`]). What comes out: the shop's locations, and levels with
//! every quantity Shopify keeps. In reading order: `adapter` (who this is), `client` (one request, with `throttle`
//! for its turn), `graph` and `operations` (what is asked and answered), `level` (what an answer means), then the
//! capabilities: `listing` (with `items` for pages and `bulk` for large shops), `by_sku` (with `search` and
//! `catalog`), `changes`, `inbound` (with `subscriptions`), and `writes`.
//!
//! **Invariants:** an item is known by its id, a SKU is only how people ask for it. A number is never made up: what
//! Shopify does not track, does not stock, or cannot tell apart says so. A webhook is a hint to read again.

pub mod operations;
pub mod settings;

mod adapter;
mod bulk;
mod by_sku;
mod catalog;
mod changes;
mod client;
mod graph;
mod inbound;
mod items;
mod level;
mod listing;
mod search;
mod subscriptions;
mod throttle;
mod writes;

use bestand_plugin_api::export_adapter;

use bulk::OpenFile;
use catalog::Catalog;
use client::Client;
use settings::Settings;

pub use client::API_VERSION;

/// One connected shop.
#[derive(Debug)]
pub struct Shopify {
    settings: Settings,
    client: Client,
    catalog: Catalog,
    open_file: OpenFile,
}

export_adapter!(Shopify: StockListing + StockBySku + StockChanges + Inbound + StockWrites);

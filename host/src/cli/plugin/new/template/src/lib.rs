//! Acme Stock, as Bestand sees it: in go an address and an API key, out come the counts of every article at every
//! warehouse.
//!
//! In reading order: `settings` is what the operator fills in; `adapter` who this is, whether a connection works, and
//! its warehouses; `client` the requests, and what refusals mean; `api` what the system sends; `listing` all stock,
//! page by page; `by_sku` the answer to an order.

mod adapter;
mod api;
mod by_sku;
mod client;
mod listing;
mod settings;

pub use adapter::AcmeStock;
pub use settings::Settings;

bestand_plugin_api::export_adapter!(AcmeStock: StockListing + StockBySku);

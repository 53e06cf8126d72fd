//! Ecomdash.
//!
//! In go two keys, the merchant's account integration key and the API portal's subscription key; out comes what is on
//! hand of every active product in every warehouse. In reading order:
//!
//! - `settings`: what the operator fills in, and `adapter`: who this is, check and warehouses;
//! - `client`: requests, both keys, the published limit, and what Ecomdash's refusals mean;
//! - `answer` and `product`: the shapes of its answers, and what a product is to Bestand;
//! - `kits`: how many of a kit can be made of its components;
//! - `listing`, `changes`, `by_sku`: all products page by page, those whose quantity changed, and those of an order;
//! - `writes`: counts on hand that are set.
//!
//! Ecomdash tells what is on hand and not what is promised to orders, so nothing here is called available.
//!
//! Documented by Ecomdash: the two keys in two headers, pages of at most 200, `Get Products by SKU or UPC`, warehouses
//! per product through `include`, decimals, kits, the answers of a write, 403 for a wrong account key, and 120 calls a
//! minute for each account, three at once for each operation. Assumed, because its pages name it without telling how
//! it is written, and because there was no account to try it with:
//!
//! - the name of the parameter for "the last time the quantity changed", which is a setting, and which `check` tries
//!   with a moment that lies ahead: a system that does not know it answers with everything;
//! - a kit's component as `{"Product": {"Sku": …}, "Quantity": …}`, and that `Get Products` brings components and the
//!   type of a product as the list does;
//! - a message about one product of a write quotes its SKU, and a look-up that finds nothing is a `Failure` whose
//!   messages say so;
//! - a SKU names one product, because Ecomdash looks up and writes by it;
//! - a hundred SKUs are not too many for one look-up.
//!
//! What changes while a listing turns its pages may come twice or not at all; the next one, or a change, mends that.

mod adapter;
mod answer;
mod by_sku;
mod changes;
mod client;
mod kits;
mod listing;
mod product;
mod settings;
mod writes;

pub use adapter::Ecomdash;
pub use settings::{Kits, Settings};

bestand_plugin_api::export_adapter!(Ecomdash: StockListing + StockBySku + StockChanges + StockWrites);

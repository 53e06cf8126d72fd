//! What tests start: a [`Site`] that lasts, [`Life`] after life of a daemon's parts in it, and systems to speak to.

mod built;
mod database;
mod door;
pub(crate) mod finale;
mod life;
pub(crate) mod logs;
pub(crate) mod plugin_dir;
#[path = "../../../../host/src/store/testing/postgres.rs"]
mod postgres;
mod secrets;
mod shopify;
mod site;

pub(crate) use database::{Database, on_both_engines};
pub(crate) use finale::FinaleSystem;
pub(crate) use life::{Life, find, sku};
pub(crate) use shopify::ShopifySystem;
pub(crate) use site::{Site, enabled};

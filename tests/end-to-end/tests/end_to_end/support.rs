//! What tests start: the parts of a daemon or the real program, and systems to speak to.
//!
//! A [`Site`] lasts while [`Life`] after life of a daemon's parts is lived in it; an [`Install`] lasts while one
//! [`Daemon`] after the other runs in it.

mod api;
pub(crate) mod browser;
pub(crate) mod built;
mod daemon;
mod database;
mod door;
pub(crate) mod finale;
pub(crate) mod install;
mod life;
pub(crate) mod logs;
#[path = "../../../../host/tests/http/support/messages.rs"]
mod messages;
pub(crate) mod misbehaving;
pub(crate) mod neighbour;
pub(crate) mod plugin_dir;
#[path = "../../../../host/src/store/testing/postgres.rs"]
mod postgres;
pub(crate) mod processes;
pub(crate) mod publisher;
mod ran;
mod secrets;
mod shopify;
mod site;
pub(crate) mod stand;

pub(crate) use api::{Answer, Api, Key, errors};
pub(crate) use daemon::Daemon;
pub(crate) use database::{Database, on_both_engines};
pub(crate) use finale::FinaleSystem;
pub(crate) use install::Install;
pub(crate) use life::{Life, find, sku};
pub(crate) use publisher::Publisher;
pub(crate) use ran::{Ran, processes_in};
pub(crate) use shopify::ShopifySystem;
pub(crate) use site::{Site, enabled, in_both_places};
pub(crate) use stand::Stand;

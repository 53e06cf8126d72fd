//! The real thing from end to end: plugin libraries loaded, simulated systems asked, databases written.
//!
//! One file per behaviour. `support` starts what a test needs and sees to it that nothing of it is left running, and
//! that no secret of it was ever shown.

#![expect(clippy::unwrap_used, reason = "all of this crate is tests")]

mod support;

mod absence;
mod allocation;
mod articles;
mod at_once;

mod bad_imports;
mod bad_orders;
mod browser;
mod combined;
mod conformance;
mod connections;
mod console;
mod crashes;
mod credentials;
mod demo;
mod duplicates;
mod escapes;
mod events;
mod full_sync;
mod hooks;
mod hot_upgrade;
mod killed;
mod killed_counting;
mod killed_import;
mod killed_often;
mod ledger;
mod live_query;
mod low_stock;
mod misbehaving;
mod new_adapter;
mod order;
mod packages;
mod partner_push;
mod partner_systems;
mod places;
mod priority;
mod program;
mod quarantine;
mod reconcile;
mod refused_libraries;
mod reload;
mod resume;
mod roles;
mod scoped_sync;
mod secrets;
mod shipstation;
mod slow_clients;
mod stale;
mod stock_files;
mod stock_take;
mod stopped;
mod told;
mod upgrade;
mod upstream_faults;
mod warehouse;
mod webhooks;
mod write_back;

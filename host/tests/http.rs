//! The HTTP API, asked as a client asks it, over a real database on both engines.
//!
//! Every answer of every test is checked against the API's own description: its status must be documented there, and
//! its body must be what the schema says.
#![cfg(test)]

#[path = "http/access.rs"]
mod access;
#[path = "http/activity.rs"]
mod activity;
#[path = "http/articles.rs"]
mod articles;
#[path = "http/availability.rs"]
mod availability;
#[path = "http/changes.rs"]
mod changes;
#[path = "http/connections.rs"]
mod connections;
#[path = "http/console.rs"]
mod console;
#[path = "http/document.rs"]
mod document;
#[path = "http/drift.rs"]
mod drift;
#[path = "http/health.rs"]
mod health;
#[path = "http/idempotency.rs"]
mod idempotency;
#[path = "http/import.rs"]
mod import;
#[path = "http/keys.rs"]
mod keys;
#[path = "http/limits.rs"]
mod limits;
#[path = "http/low_stock.rs"]
mod low_stock;
#[path = "http/orders.rs"]
mod orders;
#[path = "http/paging.rs"]
mod paging;
#[path = "http/problems.rs"]
mod problems;
#[path = "http/products.rs"]
mod products;
#[path = "http/ship_from.rs"]
mod ship_from;
#[path = "http/shipstation.rs"]
mod shipstation;
#[path = "http/sources.rs"]
mod sources;
#[path = "http/support.rs"]
mod support;
#[path = "http/webhooks.rs"]
mod webhooks;
#[path = "http/wire.rs"]
mod wire;

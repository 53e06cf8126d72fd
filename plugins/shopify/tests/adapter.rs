//! The adapter over the true encoding, against scripted answers of Shopify.
#![cfg(test)]

#[path = "adapter/bulk.rs"]
mod bulk;
#[path = "adapter/by_sku.rs"]
mod by_sku;
#[path = "adapter/changes.rs"]
mod changes;
#[path = "adapter/connecting.rs"]
mod connecting;
#[path = "adapter/inbound.rs"]
mod inbound;
#[path = "adapter/listing.rs"]
mod listing;
#[path = "adapter/support.rs"]
mod support;
#[path = "adapter/writes.rs"]
mod writes;

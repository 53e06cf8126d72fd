//! The Shopify adapter and the simulated Shopify agree, over real HTTP and the true encoding.
#![cfg(test)]

#[path = "shopify_adapter/faults.rs"]
mod faults;
#[path = "shopify_adapter/reading.rs"]
mod reading;
#[path = "shopify_adapter/webhooks.rs"]
mod webhooks;
#[path = "shopify_adapter/wire.rs"]
mod wire;
#[path = "shopify_adapter/writing.rs"]
mod writing;

//! The simulated Shopify refuses what the real one refuses, and answers what the real one answers.
#![cfg(test)]

#[path = "shopify/bulk.rs"]
mod bulk;
#[path = "shopify/client.rs"]
mod client;
#[path = "shopify/faults.rs"]
mod faults;
#[path = "shopify/limits.rs"]
mod limits;
#[path = "shopify/reads.rs"]
mod reads;
#[path = "shopify/webhooks.rs"]
mod webhooks;
#[path = "shopify/writes.rs"]
mod writes;

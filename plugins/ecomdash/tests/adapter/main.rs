//! The adapter against scripted answers, through the true encoding of the plugin boundary.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod changes;
mod connecting;
mod failures;
mod listing;
mod live_query;
mod support;
mod writes;

//! The adapter against recorded answers, through the true encoding of the plugin boundary.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod connecting;
mod failures;
mod listing;
mod live_query;
mod repeated_writes;
mod support;
mod writes;

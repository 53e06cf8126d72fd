//! The built-in warehouse as a daemon sees it, over the true encoding.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod audit;
mod concurrency;
mod conditions;
mod import;
mod ledger;
mod levels;
mod operations;
mod places;
mod repeats;
mod support;

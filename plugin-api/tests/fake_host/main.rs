//! The fake host refuses what the daemon would refuse, and says so in sentences that a partner can act on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cassettes;
mod manifests;
mod probe;
mod promises;
mod services;

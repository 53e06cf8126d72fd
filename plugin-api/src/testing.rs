//! A fake host for an adapter's own tests: scripted HTTP answers, state in memory, a clock that is set.
//!
//! Everything goes through the true encoding, and within the daemon's limits, so a test sees what the daemon would
//! see, and an adapter that breaks a promise of the contract fails here first. [`FakeHost`] is the script,
//! [`Connection`] the calls, [`check_manifest`] the test that every adapter wants.

mod connection;
mod host;
mod manifest;
mod promise;
mod script;
mod settings;

pub use connection::Connection;
pub use host::FakeHost;
pub use manifest::check_manifest;
pub use script::{Answer, Sent};

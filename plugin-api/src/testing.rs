//! A fake host for an adapter's own tests: scripted HTTP answers, state in memory, a clock that is set.
//!
//! Everything goes through the true encoding, so a test sees exactly what the daemon would see. See
//! [`FakeHost`] for the script and [`Connection`] for the calls.

mod connection;
mod host;
mod script;

pub use connection::Connection;
pub use host::FakeHost;
pub use script::{Answer, Sent};

//! A fake host for an adapter's own tests: scripted HTTP answers, state in memory, a clock that is set.
//!
//! Everything goes through the true encoding, and within the daemon's limits, so a test sees what the daemon would
//! see, and an adapter that breaks a promise of the contract fails here first. [`FakeHost`] is the script,
//! [`Connection`] the calls, [`check_manifest`] the test that every adapter wants. A whole system is better played
//! than scripted: [`Cassette`] is a file of what it answers, [`Recorder`] makes one of live traffic, and any
//! [`Upstream`] stands behind a host.

mod cassette;
mod connection;
mod host;
mod manifest;
mod player;
mod promise;
mod recorder;
mod redaction;
mod script;
mod settings;
mod source;
mod upstream;

pub use cassette::{
    Cassette, CassetteError, Exchange, JsonText, NamedAuth, Parameter, RecordedAnswer,
    RequestPattern,
};
pub use connection::Connection;
pub use host::FakeHost;
pub use manifest::check_manifest;
#[cfg(feature = "conformance")]
pub(crate) use manifest::regrets;
pub use player::Player;
pub use recorder::Recorder;
pub use redaction::Redaction;
pub use script::{Answer, Sent};
pub use source::{FakeSource, LevelSample, SourceSample};
pub use upstream::{Credentials, Upstream, UpstreamFuture};

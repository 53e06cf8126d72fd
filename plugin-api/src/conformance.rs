//! The conformance kit: what every adapter must do, as named tests.
//!
//! A test is a small function over a [`Bench`]: a [`Subject`] (the adapter, wherever it runs), its [`Profile`]
//! (settings, secrets, samples), and a system behind it: a cassette or a live one. So the same tests run natively
//! under `cargo test` ([`suite!`](crate::suite)), on a built library, and on a library in the sandbox. Because HTTP
//! goes through the host, the kit breaks the adapter's own traffic with no help from its author.
//!
//! In reading order: `subject`, `profile`, `bench` with `rehearsal`, and `rig` (an adapter at work); `finding` and `report` (what comes
//! out); `fault`, `gate`, `edit` (what is done to an adapter); `tests`, one file per promise.
//!
//! **Invariant:** nothing here waits by itself or knows a runtime: time is the fake host's, or the live system's.

mod bench;
mod block_on;
mod catalog;
mod deed;
mod edit;
mod fault;
mod finding;
mod gate;
mod hub;
mod memory;
mod profile;
mod rehearsal;
mod report;
mod rig;
mod subject;
mod tests;

pub use bench::{Behind, Bench};
pub use block_on::{block_on, run_native};
pub use catalog::{Test, tests};
pub use finding::{Finding, Gravity};
pub use profile::{
    Encoding, Profile, ProfileError, Sample, Secret, SecretSource, Signature, Signed, Skip,
};
pub use rehearsal::rehearse;
pub use report::{Outcome, Report, TestReport};
pub use subject::{Native, Subject};

/// Runs the conformance kit on an adapter under `cargo test`, one test each.
///
/// ```text
/// // tests/conformance.rs, with the feature `conformance` of `bestand-plugin-api` among the dev-dependencies
/// bestand_plugin_api::suite!(acme_shelf::Shelf);
/// ```
///
/// Beside it lies `tests/conformance.toml`, a [`Profile`]: the settings, the cassette,
/// and what is skipped for which reason. Another file is named with `suite!(Shelf, "tests/other.toml")`.
#[macro_export]
macro_rules! suite {
    ($adapter:ty) => {
        $crate::suite!($adapter, "tests/conformance.toml");
    };
    ($adapter:ty, $profile:literal) => {
        $crate::__conformance_tests!(__conformance_suite $adapter, $profile);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_suite {
    ({ $adapter:ty, $profile:literal } $($area:ident: $($name:ident)+;)+) => {
        $($(
            #[test]
            fn $name() {
                $crate::conformance::run_native::<$adapter>(
                    ::core::stringify!($name),
                    ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", $profile),
                );
            }
        )+)+
    };
}

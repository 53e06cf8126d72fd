//! The messages on the wire: they come back as they went, an older and a newer side understand each other, and
//! whatever the bytes, nothing breaks.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod everything;
mod hostile;
mod older_and_newer;
mod round_trips;
mod values;

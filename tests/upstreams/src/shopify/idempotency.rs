//! What `@idempotent(key:)` remembers: a day long, per key and parameters.

use jiff::Timestamp;
use serde_json::Value;

/// The first answer to a key.
#[derive(Clone, Debug)]
pub(crate) struct Remembered {
    /// The field and its arguments, as text.
    pub(crate) fingerprint: String,
    /// The payload answered, for a repeated request.
    pub(crate) payload: Value,
    pub(crate) failed: bool,
    pub(crate) at: Timestamp,
}

/// What a key says about a new request.
#[derive(Debug)]
pub(crate) enum Repeat {
    /// Never seen.
    New,
    /// The same request: answer this, and change nothing.
    Same(Value),
    /// Refuse with this code and message.
    Refused(&'static str, &'static str),
}

impl Repeat {
    pub(crate) fn of(remembered: Option<&Remembered>, fingerprint: &str) -> Self {
        match remembered {
            None => Repeat::New,
            Some(known) if known.fingerprint != fingerprint => Repeat::Refused(
                "IDEMPOTENCY_KEY_PARAMETER_MISMATCH",
                "The idempotency key was already used with different parameters.",
            ),
            Some(known) if known.failed => Repeat::Refused(
                "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED",
                "A previous attempt with this idempotency key failed. Use a new key.",
            ),
            Some(known) => Repeat::Same(known.payload.clone()),
        }
    }
}

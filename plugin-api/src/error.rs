//! What can go wrong in an adapter, as a closed set: the kind decides what the host does, never the text.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

mod wire;

/// The result of everything an adapter does.
pub type Result<T, E = AdapterError> = std::result::Result<T, E>;

/// A failure, told so that staff and operator know what to do.
///
/// ```
/// use bestand_plugin_api::{AdapterError, ErrorKind, Retry};
///
/// let error = AdapterError::upstream(503, "Acme is down for maintenance");
/// assert_eq!(error.kind, ErrorKind::Upstream { status: 503 });
/// assert_eq!(error.retry(), Retry::Backoff);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(from = "wire::Failure", into = "wire::Failure")]
#[error("{message}")]
#[non_exhaustive]
pub struct AdapterError {
    /// What the host does about it.
    pub kind: ErrorKind,
    /// Lower case, no final dot, names the thing. No secrets, no personal data: staff and logs see it.
    pub message: String,
}

/// The kinds of failure. One that a newer contract knows and this one does not is read as [`Protocol`](Self::Protocol).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The system refuses the credentials. Never retried; the connection needs attention.
    Auth,
    /// A setting cannot be right. Never retried; the connection needs attention.
    Config {
        /// The settings field (or secret) at fault.
        field: String,
    },
    /// The system asks to come back later.
    RateLimited {
        /// When; without it the host backs off by itself.
        retry_at: Option<Timestamp>,
    },
    /// Network trouble, time-outs and 5xx that usually pass. Retried with backoff.
    Transient,
    /// The system answered with an error of its own. Retried for 5xx only.
    Upstream {
        /// The HTTP status.
        status: u16,
    },
    /// The thing asked for does not exist there.
    NotFound,
    /// This adapter cannot do that.
    Unsupported,
    /// The answer made no sense: truncated, HTML for JSON, a 200 that carries an error. Retried with backoff.
    Protocol,
    /// A fault in the adapter itself. Never retried by itself; the partner's support is named.
    Bug,
}

/// What the host does after a failure. Closed: there is nothing else it could do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Try again with backoff: after about 2 s, then doubling up to 5 min.
    Backoff,
    /// Try again at this time, not earlier, but within an hour.
    At(Timestamp),
    /// Only a person can mend it: the connection needs attention. It is looked at again every 15 min, or when told to.
    Never,
}

// === impl AdapterError ===

impl AdapterError {
    /// A failure of this kind. There is a shorter constructor for each kind below.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The system refuses the credentials.
    pub fn auth(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Auth, message)
    }

    /// The setting `field` cannot be right.
    pub fn config(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(
            ErrorKind::Config {
                field: field.into(),
            },
            message,
        )
    }

    /// The system asks to come back later.
    pub fn rate_limited(retry_at: Option<Timestamp>, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::RateLimited { retry_at }, message)
    }

    /// Trouble that usually passes.
    pub fn transient(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Transient, message)
    }

    /// The system answered `status`.
    pub fn upstream(status: u16, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Upstream { status }, message)
    }

    /// There is no such thing there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// This adapter cannot do that.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// The answer made no sense.
    pub fn protocol(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Protocol, message)
    }

    /// A fault in the adapter.
    pub fn bug(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Bug, message)
    }

    /// What is to be done.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match &self.kind {
            ErrorKind::RateLimited { retry_at: Some(at) } => Retry::At(*at),
            ErrorKind::RateLimited { retry_at: None }
            | ErrorKind::Transient
            | ErrorKind::Protocol => Retry::Backoff,
            ErrorKind::Upstream { status } if *status >= 500 => Retry::Backoff,
            _ => Retry::Never,
        }
    }
}

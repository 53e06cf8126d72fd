//! What can go wrong in an adapter, as a closed set: the kind decides what the host does, never the text.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The result of everything an adapter does.
pub type Result<T, E = AdapterError> = std::result::Result<T, E>;

/// A failure, told so that staff and operator know what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct AdapterError {
    /// What the host does about it.
    pub kind: ErrorKind,
    /// Lower case, no final dot, names the thing. No secrets, no personal data.
    pub message: String,
}

/// The kinds of failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The system refuses the credentials. Never retried; the connection needs attention.
    Auth,
    /// A setting cannot be right. Never retried; the connection needs attention.
    Config {
        /// The settings field at fault.
        field: String,
    },
    /// The system asks to come back later.
    RateLimited {
        /// When; without it the host backs off by itself.
        #[serde(default)]
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

/// What the host does after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Try again with backoff.
    Backoff,
    /// Try again at this time, not earlier.
    At(Timestamp),
    /// Only a person can mend it.
    Never,
}

// === impl AdapterError ===

impl AdapterError {
    /// A failure of this kind.
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

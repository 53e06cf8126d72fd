//! An error on the wire: flat, so that a reader which does not know a kind still reads the message.

use serde::{Deserialize, Serialize};

use super::{AdapterError, ErrorKind};
use crate::Timestamp;

/// All that any kind carries; what a kind lacks is left out.
#[derive(Serialize, Deserialize)]
pub(super) struct Failure {
    kind: Kind,
    #[serde(default)]
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Auth,
    Config,
    RateLimited,
    Transient,
    Upstream,
    NotFound,
    Unsupported,
    Bug,
    /// Also what a newer contract adds: nobody here can make sense of it.
    #[serde(other)]
    Protocol,
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        let kind = match failure.kind {
            Kind::Auth => ErrorKind::Auth,
            Kind::Config => ErrorKind::Config {
                field: failure.field.unwrap_or_default(),
            },
            Kind::RateLimited => ErrorKind::RateLimited {
                retry_at: failure.retry_at,
            },
            Kind::Transient => ErrorKind::Transient,
            Kind::Upstream => ErrorKind::Upstream {
                status: failure.status.unwrap_or_default(),
            },
            Kind::NotFound => ErrorKind::NotFound,
            Kind::Unsupported => ErrorKind::Unsupported,
            Kind::Protocol => ErrorKind::Protocol,
            Kind::Bug => ErrorKind::Bug,
        };
        Self::new(kind, failure.message)
    }
}

impl From<AdapterError> for Failure {
    fn from(error: AdapterError) -> Self {
        let mut failure = Self {
            kind: Kind::Protocol,
            message: error.message,
            field: None,
            retry_at: None,
            status: None,
        };
        failure.kind = match error.kind {
            ErrorKind::Auth => Kind::Auth,
            ErrorKind::Config { field } => {
                failure.field = Some(field);
                Kind::Config
            }
            ErrorKind::RateLimited { retry_at } => {
                failure.retry_at = retry_at;
                Kind::RateLimited
            }
            ErrorKind::Transient => Kind::Transient,
            ErrorKind::Upstream { status } => {
                failure.status = Some(status);
                Kind::Upstream
            }
            ErrorKind::NotFound => Kind::NotFound,
            ErrorKind::Unsupported => Kind::Unsupported,
            ErrorKind::Protocol => Kind::Protocol,
            ErrorKind::Bug => Kind::Bug,
        };
        failure
    }
}

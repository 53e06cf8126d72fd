//! What Ecomdash's answers mean when they are not what was asked for.
//!
//! The gateway in front refuses the portal's key with 401; Ecomdash behind it the account's with 403. Neither body is
//! quoted: it may repeat the key.

use bestand_plugin_api::http::HttpResponse;
use bestand_plugin_api::{AdapterError, ErrorKind};

/// Why there is no answer to work with.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing came, or nothing that can be read; the request may have been worked on all the same.
    NoAnswer(AdapterError),
    /// A status other than 2xx.
    Status { status: u16, error: AdapterError },
}

/// What a status other than 2xx means.
pub(super) fn of_status(response: &HttpResponse) -> Option<Failure> {
    let status = response.status();
    let error = match status {
        200..=299 => return None,
        401 => AdapterError::auth(
            "Ecomdash's gateway refuses the API subscription key (status 401): check it under Profile in the API portal",
        ),
        403 => AdapterError::auth(
            "Ecomdash refuses the account integration key (status 403): check the key, the application id, and that the \
             account's Ecomdash subscription is current",
        ),
        404 => AdapterError::not_found("Ecomdash knows no such address (status 404)"),
        408 => AdapterError::transient("Ecomdash gave up waiting for the request (status 408)"),
        429 => AdapterError::rate_limited(
            response.retry_at(),
            "Ecomdash's limit of 120 calls a minute, or of three at once, is used up",
        ),
        _ => AdapterError::upstream(status, format!("Ecomdash answered with status {status}")),
    };
    Some(Failure::Status { status, error })
}

// === impl Failure ===

impl Failure {
    /// Whether the request was certainly not worked on.
    pub(crate) fn is_certain(&self) -> bool {
        match self {
            Self::NoAnswer(error) => !matches!(
                error.kind,
                ErrorKind::Transient | ErrorKind::Protocol | ErrorKind::Upstream { .. }
            ),
            Self::Status { status, .. } => (400..500).contains(status) && *status != 408,
        }
    }
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoAnswer(error) | Failure::Status { error, .. } => error,
        }
    }
}

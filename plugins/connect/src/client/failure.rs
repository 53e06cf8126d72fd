//! What a module's answers mean when they are not what was asked for, and whose fault that is.

use std::time::Duration;

use bestand_plugin_api::http::HttpResponse;
use bestand_plugin_api::{AdapterError, ErrorKind, Timestamp};
use serde::Deserialize;
use serde_json::Value;

/// How much of a module's own words goes into a message.
const EXCERPT_CHARS_MAX: usize = 200;

/// Why there is no answer to work with.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing came, or nothing that can be read; the request may have been worked on all the same.
    NoAnswer(AdapterError),
    /// A status other than 2xx.
    Status { status: u16, error: AdapterError },
}

/// The body of an error, as far as it is told. Every member may be missing or of another type.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    detailed_errors: Value,
    retry_after_seconds: Value,
    retry_after_time: Value,
}

/// What a status other than 2xx means.
pub(super) fn of_status(response: &HttpResponse, method: &str, body: &[u8]) -> Option<Failure> {
    let status = response.status();
    let body: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
    let said = body.said();
    let error = match status {
        200..=299 => return None,
        400 => AdapterError::upstream(
            status,
            format!("the module refuses what Bestand asks (status 400){said}"),
        ),
        401 | 403 => AdapterError::auth(format!(
            "the system behind the module refuses the credentials (status {status}){said}"
        )),
        404 => AdapterError::unsupported(format!(
            "the module does not implement `/{method}` (status 404): check its address, or ask its maker"
        )),
        408 => AdapterError::transient("the module gave up waiting for the request (status 408)"),
        429 => AdapterError::rate_limited(
            body.retry_at(response),
            format!("the system behind the module asks to come back later (status 429){said}"),
        ),
        500 => AdapterError::upstream(
            status,
            format!("the module itself failed (status 500), which is for its maker to mend{said}"),
        ),
        520 => AdapterError::upstream(
            status,
            format!("the system behind the module failed (status 520), not the module{said}"),
        ),
        _ => AdapterError::upstream(
            status,
            format!("the module answered with status {status}{said}"),
        ),
    };
    Some(Failure::Status { status, error })
}

/// A good connection is told by the status; a body is not needed, but one that says otherwise is heard.
pub(super) fn of_validation(body: &[u8]) -> Result<(), Failure> {
    let body = body.trim_ascii();
    let value = match body {
        b"" => return Ok(()),
        body => serde_json::from_slice::<Value>(body),
    };
    let is_error = |value: &Value| {
        let errors = ["error", "errors", "detailed_errors"].map(|name| value.get(name));
        let told = errors.into_iter().flatten().any(|error| match error {
            Value::Array(list) => !list.is_empty(),
            error => !error.is_null(),
        });
        told || value["success"] == false
    };
    let message = match value {
        Ok(value) if !is_error(&value) => return Ok(()),
        Ok(_) => "the module answers a check of the connection with an error and status 200",
        Err(_) => "the module answers a check of the connection with something that is no JSON",
    };
    Err(Failure::NoAnswer(AdapterError::protocol(message)))
}

// === impl ErrorBody ===

impl ErrorBody {
    /// The first error's own words, which the contract keeps free of personal data. Nothing else of a body is quoted:
    /// some systems repeat the key that they refuse.
    fn said(&self) -> String {
        let message = self.detailed_errors[0]["message"].as_str();
        let excerpt = |text: &str| {
            text.trim()
                .chars()
                .take(EXCERPT_CHARS_MAX)
                .collect::<String>()
        };
        message.map_or_else(String::new, |text| format!(": {}", excerpt(text)))
    }

    fn retry_at(&self, response: &HttpResponse) -> Option<Timestamp> {
        let seconds = self.retry_after_seconds.as_f64();
        let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let time = self.retry_after_time.as_str();
        wait.map(|wait| response.sent_at().after(wait))
            .or_else(|| time.and_then(|time| time.parse().ok()))
            .or_else(|| response.retry_at())
    }
}

// === impl Failure ===

impl Failure {
    /// Whether the module has no such method.
    pub(crate) fn is_not_implemented(&self) -> bool {
        matches!(self, Self::Status { status: 404, .. })
    }

    /// Whether the request was refused as it stands.
    pub(crate) fn is_bad_request(&self) -> bool {
        matches!(self, Self::Status { status: 400, .. })
    }

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

//! What Finale's answers mean when they are not what was asked for. Its error shapes are not consistent: a status, a
//! 200 with an error in the body, a 200 with the login page, or text that only begins like JSON.

use std::time::Duration;

use bestand_plugin_api::http::HttpResponse;
use bestand_plugin_api::{AdapterError, ErrorKind, Timestamp};
use serde::Deserialize;
use serde_json::Value;

/// The longest window Finale counts in; a reset further ahead is not believed.
const RESET_MAX: Duration = Duration::from_secs(3600);
/// How much of a foreign text goes into a message.
const EXCERPT_CHARS_MAX: usize = 200;

/// Why there is no answer to work with.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing came, or it broke off; the request may have been worked on all the same.
    NoAnswer(AdapterError),
    /// A status other than 2xx.
    Status { status: u16, error: AdapterError },
    /// A 200 with an error in its body.
    Refused(String),
    /// A 200 with the login page.
    LoginPage,
    /// A 200 with something that is no JSON.
    Garbled(String),
    /// The errors of a GraphQL query.
    GraphQl(String),
}

/// The shapes in which a body carries an error.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ErrorBody {
    success: Option<bool>,
    error: Option<Value>,
    error_message: Option<Value>,
    error_message_list: Option<Value>,
    errors: Option<Value>,
}

/// What a status other than 2xx means.
pub(super) fn of_status(response: &HttpResponse, body: &[u8]) -> Option<Failure> {
    let status = response.status();
    let error = match status {
        200..=299 => return None,
        401 | 403 => AdapterError::auth(format!(
            "Finale refuses the API key (status {status}): check key and secret under Application settings › Users › API keys"
        )),
        404 => AdapterError::not_found("Finale knows no such address: check the account"),
        408 => AdapterError::transient("Finale gave up waiting for the request (status 408)"),
        429 => AdapterError::rate_limited(retry_at(response), "Finale's rate limit is used up"),
        _ => AdapterError::upstream(status, format!("Finale answered {status}: {}", said(body))),
    };
    Some(Failure::Status { status, error })
}

/// What a body of status 2xx is, if not an answer.
pub(super) fn of_body(body: &[u8]) -> Option<Failure> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {}
        Some(b'<') if is_login_page(body) => return Some(Failure::LoginPage),
        _ => return Some(Failure::Garbled(excerpt(body))),
    }
    // What cannot be read here cannot be read by the caller either, who says what was expected.
    let error_body: ErrorBody = serde_json::from_slice(body).ok()?;
    error_body.message().map(Failure::Refused)
}

/// The `data` of a GraphQL answer; with errors beside it, it is not complete and not used.
pub(super) fn graphql_data(body: &[u8]) -> Result<Value, Failure> {
    let answer: Value =
        serde_json::from_slice(body).map_err(|_| Failure::Garbled(excerpt(body)))?;
    let errors = answer["errors"].as_array().map_or(&[][..], Vec::as_slice);
    if let Some(first) = errors.first() {
        return Err(Failure::GraphQl(text_of(first)));
    }
    match answer.get("data") {
        Some(data @ Value::Object(_)) => Ok(data.clone()),
        _ => Err(Failure::Garbled(excerpt(body))),
    }
}

/// When Finale may be asked again, but within its longest window.
fn retry_at(response: &HttpResponse) -> Option<Timestamp> {
    let latest = response.sent_at().after(RESET_MAX);
    response.retry_at().map(|reset| reset.min(latest))
}

fn is_login_page(body: &[u8]) -> bool {
    let page = String::from_utf8_lossy(body).to_lowercase();
    page.contains("login") || page.contains("type=\"password\"")
}

fn said(body: &[u8]) -> String {
    let error_body: ErrorBody = serde_json::from_slice(body).unwrap_or_default();
    error_body.message().unwrap_or_else(|| excerpt(body))
}

fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body)
        .trim()
        .chars()
        .take(EXCERPT_CHARS_MAX)
        .collect()
}

/// The text of an error, which may be a string or an object with a message.
fn text_of(error: &Value) -> String {
    let text = error.as_str().or_else(|| error["message"].as_str());
    text.map_or_else(
        || excerpt(error.to_string().as_bytes()),
        |text| excerpt(text.as_bytes()),
    )
}

// === impl ErrorBody ===

impl ErrorBody {
    fn message(&self) -> Option<String> {
        let plain = [&self.error_message, &self.error_message_list, &self.error];
        // GraphQL has `errors` as well, without `success`; they are left to `graphql_data`.
        let errors = self.errors.as_ref().filter(|_| self.success == Some(false));
        let told = plain
            .into_iter()
            .flatten()
            .chain(errors)
            .find_map(first_error);
        match (told, self.success) {
            (Some(told), _) => Some(told),
            (None, Some(false)) => Some("no reason given".into()),
            (None, _) => None,
        }
    }
}

fn first_error(errors: &Value) -> Option<String> {
    match errors {
        Value::Array(list) => list.first().map(text_of),
        Value::String(text) => (!text.is_empty()).then(|| text_of(errors)),
        Value::Object(_) => Some(text_of(errors)),
        _ => None,
    }
}

// === impl Failure ===

impl Failure {
    /// Whether the request was certainly not worked on.
    pub(crate) fn is_certain(&self) -> bool {
        match self {
            Failure::NoAnswer(error) => !matches!(
                error.kind,
                ErrorKind::Transient | ErrorKind::Protocol | ErrorKind::Upstream { .. }
            ),
            Failure::Status { status, .. } => (400..500).contains(status) && *status != 408,
            Failure::Refused(_)
            | Failure::LoginPage
            | Failure::Garbled(_)
            | Failure::GraphQl(_) => false,
        }
    }
}

impl From<Failure> for AdapterError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoAnswer(error) | Failure::Status { error, .. } => error,
            Failure::Refused(why) => {
                Self::protocol(format!("Finale answered with an error: {why}"))
            }
            Failure::LoginPage => Self::protocol("Finale answered with its login page"),
            Failure::Garbled(start) => Self::protocol(format!(
                "Finale's answer is not the JSON expected; it starts with: {start:?}"
            )),
            Failure::GraphQl(why) => Self::protocol(format!("Finale refuses the query: {why}")),
        }
    }
}

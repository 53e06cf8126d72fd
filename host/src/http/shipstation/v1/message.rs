//! What went wrong, as the older API tells it: a message; and on every answer, how much a key may still ask for.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;

use super::super::pace::Left;
use super::REQUESTS_PER_MINUTE;
use crate::http::problem::Problem;

/// What went wrong. Both names are looked at by tools.
#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
    #[serde(rename = "ExceptionMessage")]
    exception_message: &'a str,
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// Tells a problem in their words.
pub(super) async fn speak(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        tell(&mut response, &problem);
    }
    let left = response.extensions().get::<Left>().copied();
    let left = left.unwrap_or(Left::all(REQUESTS_PER_MINUTE));
    let headers = response.headers_mut();
    headers.insert(LIMIT, left.limit.into());
    headers.insert(REMAINING, left.remaining.into());
    headers.insert(RESET, left.reset_secs.into());
    response
}

fn tell(response: &mut Response, problem: &Problem) {
    let detail = problem.detail();
    let message = Message {
        message: detail,
        exception_message: detail,
    };
    // With a space behind each colon: tools look for `"message": "Too Many Requests"` in the text.
    let json = serde_json::to_vec_pretty(&message).expect("texts are JSON");
    if matches!(
        response.status(),
        StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY
    ) {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(json);
}

//! What every answer of the console wears: a policy that keeps other hosts and inline scripts out, and, where it is an
//! error, a page that people can read.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::explain::problem::whole;
use super::page::Page;
use super::visitor::Reader;
use crate::http::problem::Problem;

/// Everything comes from this daemon, nothing runs inline, nobody frames us.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    page: Page,
    status: u16,
    /// In words, where there are any for this status.
    headline: String,
    detail: String,
    request_id: String,
    is_part: bool,
}

/// Dresses what is answered where there is nothing, when a browser asks and not a program.
pub(in crate::http) async fn for_people(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT);
    let accepted = accepted.and_then(|accepted| accepted.to_str().ok());
    match accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        true => answer(request, next).await,
        false => next.run(request).await,
    }
}

/// Dresses an answer.
pub(super) async fn answer(request: Request, next: Next) -> Response {
    let reader = Reader::of(request.headers());
    let is_part = request.headers().contains_key("hx-request");
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        explain(&mut response, &problem, &reader, is_part);
    }
    response.headers_mut().extend(HEADERS);
    response
}

fn explain(response: &mut Response, problem: &Problem, reader: &Reader, is_part: bool) {
    let id = response.headers().get("x-request-id");
    let request_id = id
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let status = problem.status();
    let headline = reader.text.say(headline(status));
    let shown = ProblemPage {
        page: Page::of_stranger(reader, headline.clone()),
        status: status.as_u16(),
        headline,
        detail: whole(problem, reader.text),
        request_id,
        is_part,
    };
    let Ok(html) = shown.render() else { return };
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.remove(header::CONTENT_LENGTH);
    *response.body_mut() = Body::from(html);
}

fn headline(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "problem-not-found",
        StatusCode::FORBIDDEN => "problem-forbidden",
        StatusCode::PRECONDITION_FAILED | StatusCode::CONFLICT => "problem-changed",
        status if status.is_client_error() => "problem-input",
        _ => "problem-ours",
    }
}

//! What a visitor prefers: the language. The browser keeps it.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::cookie::Cookie;
use super::entrance::safe_next;
use super::form::Form;
use super::language::{self, Language};

/// A year, in seconds.
const KEEP_SECS: u64 = 365 * 86_400;

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    language: String,
}

/// Keeps the language and shows the page anew that it was chosen on.
pub(super) async fn language(headers: HeaderMap, Form(choice): Form<Choice>) -> Response {
    let chosen = Language::find(&choice.language).unwrap_or_default();
    let cookie = Cookie {
        name: language::COOKIE,
        value: chosen.tag(),
        keep_secs: KEEP_SECS,
        is_secret: false,
        over_tls: false,
    };
    let back = headers
        .get(header::REFERER)
        .and_then(|page| page.to_str().ok());
    let path = back.and_then(|page| page.parse::<axum::http::Uri>().ok());
    let path = path.as_ref().and_then(|page| page.path_and_query());
    let next = safe_next(path.map(|path| path.as_str()));
    ([(header::SET_COOKIE, cookie.header())], Redirect::to(next)).into_response()
}

//! JSON in and out: a body that is not what is asked for is refused with the field that is wrong.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, OptionalFromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::body::WholeBody;
use super::problem::{Kind, Problem};
use crate::daemon::Parts;

/// A JSON body: taken as a `T`, or answered from one.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// Room made for an answer before it is written: most fit, and those that do not grow.
const ANSWER_BYTES: usize = 2048;

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/json");

impl<T: DeserializeOwned> FromRequest<Arc<Parts>> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, parts: &Arc<Parts>) -> Result<Self, Problem> {
        check_media_type(request.headers())?;
        let WholeBody(bytes) = WholeBody::from_request(request, parts).await?;
        // Read without keeping track of the path, which costs; what is wrong is read once more, with it.
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Self(value)),
            Err(_) => Err(explain::<T>(&bytes)),
        }
    }
}

/// A body that may be left out altogether.
impl<T: DeserializeOwned> OptionalFromRequest<Arc<Parts>> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, parts: &Arc<Parts>) -> Result<Option<Self>, Problem> {
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head.clone(), body);
        let WholeBody(bytes) = WholeBody::from_request(request, parts).await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let whole = Request::from_parts(head, Body::from(bytes));
        let json = <Self as FromRequest<Arc<Parts>>>::from_request(whole, parts);
        json.await.map(Some)
    }
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(header::CONTENT_TYPE) {
        Some(value) if is_json(value) => Ok(()),
        Some(value) => Err(unsupported(&format!("{value:?}"))),
        None => Err(unsupported("none")),
    }
}

/// `application/json` or `application/…+json`, with whatever parameters.
pub(super) fn is_json(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else {
        return false;
    };
    let essence = text.split(';').next().unwrap_or_default().trim();
    let Some(subtype) = essence.strip_prefix("application/") else {
        return false;
    };
    subtype.eq_ignore_ascii_case("json") || subtype.to_ascii_lowercase().ends_with("+json")
}

fn unsupported(found: &str) -> Problem {
    let detail = format!("send `Content-Type: application/json`; this request has {found}");
    Problem::new(Kind::UnsupportedMediaType, detail)
}

fn explain<T: DeserializeOwned>(bytes: &[u8]) -> Problem {
    match misfit::<T>(bytes) {
        Misfit::Field { path, reason } => Problem::field(name_of(&path), reason),
        Misfit::NoJson(_) if bytes.is_empty() => {
            malformed("the body is empty where JSON is expected")
        }
        Misfit::NoJson(reason) => malformed(&format!("the body is no JSON: {reason}")),
    }
}

/// Why some bytes are not what is asked for.
pub(super) enum Misfit {
    /// They are no JSON, or more than one value.
    NoJson(String),
    /// The value at this path is another one than is asked for; `.` is all of it.
    Field { path: String, reason: String },
}

/// Why `bytes` are no `T`, with the path to what is wrong.
pub(super) fn misfit<T: DeserializeOwned>(bytes: &[u8]) -> Misfit {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut json) else {
        return Misfit::NoJson("there is something after the JSON value".into());
    };
    let path = error.path().to_string();
    let inner = error.into_inner();
    let reason = without_position(&inner);
    match inner.is_data() {
        true => Misfit::Field { path, reason },
        false => Misfit::NoJson(inner.to_string()),
    }
}

fn malformed(detail: &str) -> Problem {
    Problem::new(Kind::Malformed, detail)
}

fn name_of(path: &str) -> &str {
    match path {
        "." => "body",
        path => path,
    }
}

/// The message without "at line 1 column 7", which says less than the path does.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut bytes = Vec::with_capacity(ANSWER_BYTES);
        if let Err(error) = serde_json::to_writer(&mut bytes, &self.0) {
            return Problem::internal(&error).into_response();
        }
        let mut response = Response::new(Body::from(bytes));
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, MEDIA_TYPE);
        response
    }
}

/// Reads a field that may be absent (as it is), `null` (none) or a value.
pub(super) fn present<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Reads a moment as RFC 3339, with any offset.
pub(in crate::http) fn moment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parse = |text: String| text.parse().map_err(serde::de::Error::custom);
    text.map(parse).transpose()
}

//! An answer before it is sent, and the ways in which sending it can go wrong.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::bomb::bomb;
use super::fault::Fault;
use super::limits::Standing;

const PIECES: usize = 8;
const LOGIN_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Finale Inventory - Login</title></head><body>\
    <form method=\"post\" action=\"/app/login\"><input name=\"username\"><input name=\"password\" type=\"password\">\
    </form></body></html>\n";

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
    standing: Option<Standing>,
}

impl Reply {
    pub(crate) fn json(body: &Value) -> Self {
        Self::new(
            StatusCode::OK,
            "application/json;charset=utf-8",
            body.to_string(),
        )
    }

    /// An error with a body of Finale's kind.
    pub(crate) fn refusal(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            ..Self::json(&error_body(message))
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "text/html",
            "<html><body>404 Not Found</body></html>",
        )
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "text/html",
            "<html><body>401 Unauthorized</body></html>",
        )
    }

    pub(crate) fn rate_limited(standing: Standing) -> Self {
        let reply = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "text/plain",
            "Too Many Requests",
        );
        reply.with_standing(standing)
    }

    fn new(status: StatusCode, content_type: &'static str, body: impl Into<String>) -> Self {
        Self {
            status,
            content_type,
            body: body.into().into_bytes(),
            standing: None,
        }
    }

    pub(crate) fn with_standing(self, standing: Standing) -> Self {
        Self {
            standing: Some(standing),
            ..self
        }
    }

    /// The answer a fault gives in place of the right one, for the faults that do not look at the request.
    pub(crate) fn in_place(fault: &Fault, now: Timestamp) -> Option<Self> {
        match fault {
            Fault::Unauthorized => Some(Self::unauthorized()),
            Fault::RateLimited { retry_after_secs } => {
                let reset = now + jiff::SignedDuration::from_secs(i64::from(*retry_after_secs));
                Some(Self::rate_limited(Standing {
                    limit: 120,
                    remaining: 0,
                    reset,
                }))
            }
            Fault::Status { code } => {
                let status =
                    StatusCode::from_u16(*code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Some(Self::new(
                    status,
                    "text/html",
                    format!("<html><body>{status}</body></html>"),
                ))
            }
            Fault::ErrorBody => Some(Self::json(&error_body("Unexpected error"))),
            Fault::LoginPage => Some(Self::new(StatusCode::OK, "text/html", LOGIN_PAGE)),
            Fault::Reset => Some(Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "text/plain",
                "",
            )),
            _ => None,
        }
    }

    /// Sends the answer as it is, or as the fault spoils it.
    pub(crate) fn send(self, fault: Option<&Fault>, now: Timestamp) -> Response {
        let body = Bytes::from(self.body);
        let mut response = match fault {
            Some(Fault::Truncated) => Body::from(body.slice(..body.len() / 2)).into_response(),
            Some(Fault::SlowBody { pause_ms }) => {
                slow(body, Duration::from_millis(*pause_ms)).into_response()
            }
            Some(Fault::StalledBody) => stalled(body).into_response(),
            Some(Fault::Reset | Fault::DroppedAfterCommit) => dropped().into_response(),
            Some(Fault::GzipBomb { inflated_mib }) => {
                Body::from(bomb(*inflated_mib)).into_response()
            }
            _ => Body::from(body).into_response(),
        };
        *response.status_mut() = self.status;
        let mut put = |name: HeaderName, value: String| {
            response
                .headers_mut()
                .insert(name, value.parse().expect("the value is plain text"));
        };
        put(header::CONTENT_TYPE, self.content_type.to_owned());
        put(
            header::DATE,
            now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        );
        if let Some(standing) = self.standing {
            put(
                HeaderName::from_static("x-ratelimit-limit"),
                standing.limit.to_string(),
            );
            put(
                HeaderName::from_static("x-ratelimit-remaining"),
                standing.remaining.to_string(),
            );
            put(
                HeaderName::from_static("x-ratelimit-reset"),
                standing.reset.as_second().to_string(),
            );
        }
        if matches!(fault, Some(Fault::GzipBomb { .. })) {
            put(header::CONTENT_ENCODING, "gzip".to_owned());
        }
        response
    }
}

fn error_body(message: &str) -> Value {
    json!({ "success": false, "errorMessage": message, "errors": [{ "message": message }] })
}

fn slow(body: Bytes, pause: Duration) -> Body {
    let piece = body.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Bytes> = body.chunks(piece).map(Bytes::copy_from_slice).collect();
    Body::from_stream(futures::stream::unfold(
        pieces.into_iter(),
        move |mut pieces| async move {
            let piece = pieces.next()?;
            tokio::time::sleep(pause).await;
            Some((Ok::<_, Infallible>(piece), pieces))
        },
    ))
}

fn stalled(body: Bytes) -> Body {
    use futures::StreamExt as _;
    let half = body.slice(..body.len() / 2);
    let first = futures::stream::once(async { Ok::<_, Infallible>(half) });
    Body::from_stream(first.chain(futures::stream::pending()))
}

/// A body that fails before its first byte: the server closes the connection without having sent anything.
fn dropped() -> Body {
    let error = io::Error::from(io::ErrorKind::ConnectionReset);
    Body::from_stream(futures::stream::once(async { Err::<Bytes, _>(error) }))
}

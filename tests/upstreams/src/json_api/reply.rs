//! An answer before it is sent, and the ways in which sending it can go wrong.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use jiff::Timestamp;
use serde_json::Value;

use super::Fault;

/// Into how many pieces a slow body is cut.
const PIECES: usize = 8;

/// A whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    content_type: &'static str,
    body: Vec<u8>,
    retry_after_secs: Option<u32>,
}

// === impl Reply ===

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self::new(status, "text/plain", "")
    }

    /// A 200 with a page where JSON should be.
    pub(crate) fn page() -> Self {
        let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form></form></body></html>";
        Self::new(200, "text/html", page)
    }

    fn new(status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            content_type,
            body: body.into().into_bytes(),
            retry_after_secs: None,
        }
    }

    pub(crate) fn with_retry_after(self, secs: u32) -> Self {
        Self {
            retry_after_secs: Some(secs),
            ..self
        }
    }

    /// Its status as the client sees it; none when the connection is dropped.
    pub(crate) fn status(&self, fault: Option<&Fault>) -> Option<u16> {
        let is_dropped = matches!(fault, Some(Fault::Reset | Fault::DroppedAfterCommit));
        (!is_dropped).then_some(self.status.as_u16())
    }

    /// Sends the answer as it is, or as the fault spoils it.
    pub(crate) fn send(self, fault: Option<&Fault>, now: Timestamp) -> Response {
        let body = Bytes::from(self.body);
        let mut response = match fault {
            Some(Fault::Truncated) => Body::from(body.slice(..body.len() / 2)),
            Some(Fault::SlowBody { pause_ms }) => slow(&body, Duration::from_millis(*pause_ms)),
            Some(Fault::StalledBody) => stalled(&body),
            Some(Fault::Reset | Fault::DroppedAfterCommit) => dropped(),
            _ => Body::from(body),
        }
        .into_response();
        *response.status_mut() = self.status;
        let mut put = |name: HeaderName, value: String| {
            let value = value.parse().expect("the value is plain text");
            response.headers_mut().insert(name, value);
        };
        put(header::CONTENT_TYPE, self.content_type.to_owned());
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT");
        put(header::DATE, date.to_string());
        if let Some(secs) = self.retry_after_secs {
            put(header::RETRY_AFTER, secs.to_string());
        }
        response
    }
}

fn slow(body: &Bytes, pause: Duration) -> Body {
    let length = body.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Bytes> = body.chunks(length).map(Bytes::copy_from_slice).collect();
    let pieces = futures::stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(piece)
    });
    Body::from_stream(pieces)
}

fn stalled(body: &Bytes) -> Body {
    let half = body.slice(..body.len() / 2);
    let first = futures::stream::once(async { Ok::<_, Infallible>(half) });
    Body::from_stream(first.chain(futures::stream::pending()))
}

/// A body that fails before its first byte: the server closes the connection without having sent anything.
fn dropped() -> Body {
    let error = io::Error::from(io::ErrorKind::ConnectionReset);
    Body::from_stream(futures::stream::once(async { Err::<Bytes, _>(error) }))
}

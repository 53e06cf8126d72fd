//! Request bodies: read within the limits of size and time, or a problem.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError};

use super::problem::{Kind, Problem};
use crate::daemon::Parts;
use crate::order::import::Format;

/// The whole body of a request, within the limits of the configuration.
#[derive(Debug)]
pub(super) struct WholeBody(pub(super) Bytes);

/// A body taken piece by piece, each of which may take as long as a whole request may elsewhere.
#[derive(Debug)]
pub(super) struct Pieces {
    body: Body,
    patience: Duration,
}

/// Part of the time for a request that its body may take, so that a slow sender is told what is slow.
pub(super) const BODY_SHARE: u32 = 2;

impl FromRequest<Arc<Parts>> for WholeBody {
    type Rejection = Problem;

    async fn from_request(request: Request, parts: &Arc<Parts>) -> Result<Self, Problem> {
        let server = &parts.config.server;
        let patience = server.request_timeout / BODY_SHARE;
        let bytes = read(request.into_body(), server.body_bytes_max, patience).await?;
        Ok(Self(bytes))
    }
}

// === impl Pieces ===

impl Pieces {
    /// The pieces of `body`, each waited for as long as `patience`.
    pub(super) fn of(body: Body, patience: Duration) -> Self {
        Self { body, patience }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When it does not come in time, or the body breaks off.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        loop {
            let frame = tokio::time::timeout(self.patience, self.body.frame()).await;
            match frame.map_err(|_| too_slow(self.patience))? {
                None => return Ok(None),
                Some(Err(error)) => return Err(broken_off(&error)),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => return Ok(Some(bytes)),
                    // Trailers say nothing of what was sent.
                    Err(_) => continue,
                },
            }
        }
    }
}

/// What a body that can be stored while it arrives is said to be.
pub(super) fn format_of(headers: &HeaderMap) -> Option<Format> {
    let media_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Format::find_by_media_type(media_type)
}

/// Reads a body of at most `bytes_max` that arrives within `patience`.
pub(super) async fn read(
    body: Body,
    bytes_max: usize,
    patience: Duration,
) -> Result<Bytes, Problem> {
    let announced = body.size_hint().lower();
    if usize::try_from(announced).is_ok_and(|bytes| bytes > bytes_max) {
        return Err(too_large(bytes_max));
    }
    match tokio::time::timeout(patience, axum::body::to_bytes(body, bytes_max)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(unreadable(&error, bytes_max)),
        Err(_) => Err(too_slow(patience)),
    }
}

/// The body did not arrive in time.
pub(super) fn too_slow(patience: Duration) -> Problem {
    let detail = format!(
        "the body did not arrive within {} s",
        patience.as_secs_f32()
    );
    Problem::new(Kind::BodyTooSlow, detail).with_header(
        header::CONNECTION,
        header::HeaderValue::from_static("close"),
    )
}

/// The body is larger than `bytes_max`.
pub(super) fn too_large(bytes_max: usize) -> Problem {
    let detail = format!(
        "a body may have {bytes_max} bytes; send it in parts, or raise `server.body_bytes_max` in the config file"
    );
    Problem::new(Kind::TooLarge, detail)
}

/// Why a body could not be read.
fn unreadable(error: &axum::Error, bytes_max: usize) -> Problem {
    let is_too_large = error
        .source()
        .is_some_and(|source| source.is::<LengthLimitError>());
    if is_too_large {
        return too_large(bytes_max);
    }
    broken_off(error)
}

fn broken_off(error: &axum::Error) -> Problem {
    Problem::new(Kind::Malformed, format!("the body broke off: {error}"))
}

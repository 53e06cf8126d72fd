//! An answer, whole or piece by piece.

use serde::de::DeserializeOwned;

use super::retry;
use crate::call::host::{HttpHead, HttpRead};
use crate::{AdapterError, Ctx, Result, Timestamp};

/// About how many bytes the host gathers into one chunk of a body: few crossings, little memory.
pub const BODY_CHUNK_BYTES: usize = 128 * 1024;
/// Bodies of one call that may be open, that is, not read to their ends.
pub const OPEN_BODIES_MAX: usize = 16;
/// Largest body that is gathered into one piece; a larger one is streamed with [`HttpResponse::chunk`].
pub const GATHERED_BODY_BYTES_MAX: usize = 256 * 1024 * 1024;

/// An answer, its body still flowing.
#[derive(Debug)]
pub struct HttpResponse {
    ctx: Ctx,
    head: HttpHead,
    rest: Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    First,
    More,
    Ended,
}

// === impl HttpResponse ===

impl HttpResponse {
    pub(super) fn new(ctx: Ctx, head: HttpHead) -> Self {
        Self {
            ctx,
            head,
            rest: Rest::First,
        }
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.head.status)
    }

    /// The first header of this name, whatever the case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// When the request went out: the `fetched_at` of what it brought.
    #[must_use]
    pub fn sent_at(&self) -> Timestamp {
        self.head.sent_at
    }

    /// When a system that asks to come back later (429, 503) may be asked again, on the host's clock: from
    /// `Retry-After` or a rate limit's reset, each as seconds, as a moment or as a date, and measured on the system's
    /// own clock where it sends its `Date`. It goes into [`AdapterError::rate_limited`].
    #[must_use]
    pub fn retry_at(&self) -> Option<Timestamp> {
        retry::at(self.head.sent_at, |name| self.header(name))
    }

    /// The next part of the body, about [`BODY_CHUNK_BYTES`]; `None` at its end. What is not read is closed with the
    /// call, so a body cannot be kept for the next one.
    ///
    /// # Errors
    /// `Transient` when the body breaks off, or nothing of it comes for 30 s.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let chunk = match self.rest {
            Rest::Ended => return Ok(None),
            Rest::First => std::mem::take(&mut self.head.first),
            Rest::More => self.ctx.ask::<HttpRead>(&self.head.body).await?,
        };
        self.rest = if chunk.last { Rest::Ended } else { Rest::More };
        Ok(Some(chunk.bytes))
    }

    /// The whole body.
    ///
    /// # Errors
    /// `Transient` when it breaks off, `Protocol` above [`GATHERED_BODY_BYTES_MAX`].
    pub async fn bytes(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > GATHERED_BODY_BYTES_MAX {
                return Err(AdapterError::protocol(format!(
                    "a body of more than {GATHERED_BODY_BYTES_MAX} bytes"
                )));
            }
        }
        Ok(body)
    }

    /// The whole body as text; what is no UTF-8 is replaced.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes).
    pub async fn text(&mut self) -> Result<String> {
        self.bytes()
            .await
            .map(|body| String::from_utf8_lossy(&body).into_owned())
    }

    /// The whole body as JSON.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and `Protocol` when it is something else, such as a login page.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T> {
        let body = self.bytes().await?;
        serde_json::from_slice(&body).map_err(|error| {
            let start: String = String::from_utf8_lossy(&body).chars().take(60).collect();
            AdapterError::protocol(format!(
                "the answer is not the JSON expected ({error}); it starts with: {start:?}"
            ))
        })
    }
}

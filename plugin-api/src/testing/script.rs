//! What the fake upstream answers, and what it was asked.

use serde::Serialize;

use crate::http::{HttpBody, HttpRequest};
use crate::{AdapterError, ErrorKind, Timestamp};

/// One scripted HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) outcome: Result<Head, AdapterError>,
    pub(super) body: Vec<Vec<u8>>,
    pub(super) ending: Ending,
}

/// How a body ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ending {
    /// As it should.
    #[default]
    Whole,
    /// The connection breaks.
    BreaksOff,
    /// Nothing more comes.
    Stalls,
    /// It begins anew, again and again.
    Never,
}

#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
}

/// A request the adapter made, as the host got it.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The request; credentials are names, as always.
    pub request: HttpRequest,
    /// When, on the host's clock.
    pub at: Timestamp,
}

// === impl Answer ===

impl Answer {
    /// A status with a body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let head = Head {
            status,
            headers: Vec::new(),
        };
        Self {
            outcome: Ok(head),
            body: vec![body.into()],
            ending: Ending::Whole,
        }
    }

    /// A 200 with this JSON.
    ///
    /// # Panics
    /// When the value is no JSON.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        let body = serde_json::to_vec(value).expect("a scripted answer can be encoded");
        Self::new(200, body).header("content-type", "application/json")
    }

    /// A 200 with this JSON text, such as a fixture.
    pub fn json_text(text: impl Into<Vec<u8>>) -> Self {
        Self::new(200, text).header("content-type", "application/json")
    }

    /// No answer at all: the connection fails.
    #[must_use]
    pub fn unreachable() -> Self {
        Self::failing(AdapterError::new(
            ErrorKind::Transient,
            "connection refused",
        ))
    }

    /// No answer at all, for this reason.
    #[must_use]
    pub fn failing(error: AdapterError) -> Self {
        Self {
            outcome: Err(error),
            body: Vec::new(),
            ending: Ending::Whole,
        }
    }

    /// The same with another status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        if let Ok(head) = &mut self.outcome {
            head.status = status;
        }
        self
    }

    /// The same with a header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok(head) = &mut self.outcome {
            head.headers.push((name.to_ascii_lowercase(), value.into()));
        }
        self
    }

    /// The same body in chunks of at most this many bytes.
    #[must_use]
    pub fn chunked(mut self, bytes: usize) -> Self {
        self.body = self
            .body
            .concat()
            .chunks(bytes.max(1))
            .map(<[u8]>::to_vec)
            .collect();
        self
    }

    /// The same body, but the connection breaks off behind it.
    #[must_use]
    pub fn breaking_off(mut self) -> Self {
        self.ending = Ending::BreaksOff;
        self
    }

    /// The same body, but nothing comes behind it: the host gives up after 30 s.
    #[must_use]
    pub fn stalling(mut self) -> Self {
        self.ending = Ending::Stalls;
        self
    }

    /// The same body again and again, as a compressed bomb unpacks: the host breaks it off far beyond
    /// [`GATHERED_BODY_BYTES_MAX`](crate::http::GATHERED_BODY_BYTES_MAX).
    #[must_use]
    pub fn endless(mut self) -> Self {
        self.ending = Ending::Never;
        self
    }

    /// The same head with another body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = vec![body.into()];
        self
    }

    /// Its status; `None` when there is no answer at all.
    #[must_use]
    pub fn status_code(&self) -> Option<u16> {
        self.outcome.as_ref().ok().map(|head| head.status)
    }

    /// Its headers, names in lower case.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        self.outcome
            .as_ref()
            .map_or(&[], |head| head.headers.as_slice())
    }

    /// Its body in one piece.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.body.concat()
    }
}

// === impl Sent ===

impl Sent {
    /// The body as text.
    #[must_use]
    pub fn body(&self) -> String {
        match &self.request.body {
            HttpBody::Empty => String::new(),
            HttpBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body()).expect("the adapter sent JSON")
    }

    /// `METHOD URL`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.request.method, self.request.url)
    }
}

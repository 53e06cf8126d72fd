//! What goes wrong between an adapter and its system.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::http::HttpRequest;
use crate::testing::{Answer, Credentials, Upstream, UpstreamFuture};

/// A page as a proxy or a login shows it.
const PAGE: &str = "<!DOCTYPE html><html><head><title>Just a moment</title></head><body><h1>We will be back</h1></body></html>";
/// What an endless body repeats: blanks are no fault of JSON.
const FILLER_BYTES: usize = 64 * 1024;

/// What goes wrong with one answer.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// This answer instead.
    Instead(Answer),
    /// The connection breaks in the middle of the body.
    BreaksOff,
    /// Nothing comes behind the middle of the body.
    Stalls,
    /// The body ends in its middle, as if that were its end.
    Truncated,
    /// The body begins as it should, and never ends.
    Endless,
    /// An answer that holds the credentials.
    Echo(u16),
    /// The system does what it is asked, and its answer is lost.
    Lost,
}

/// A system of which one answer goes wrong.
pub(super) struct Faulty {
    inner: Arc<dyn Upstream>,
    at: usize,
    fault: Fault,
    asked: AtomicUsize,
}

// === impl Fault ===

impl Fault {
    /// A status with JSON that explains it.
    pub(super) fn status(status: u16) -> Self {
        let answer = Answer::json(&json!({ "error": "the system has trouble of its own" }));
        Self::Instead(answer.status(status))
    }

    /// A page instead of an answer.
    pub(super) fn page() -> Self {
        Self::Instead(Answer::new(200, PAGE).header("content-type", "text/html; charset=utf-8"))
    }

    /// A 200 that carries an error.
    pub(super) fn error_inside() -> Self {
        let errors = json!([{ "message": "internal error" }]);
        let body = json!({ "success": false, "error": "internal error", "errors": errors });
        Self::Instead(Answer::json(&body))
    }

    fn of(&self, answer: Answer, credentials: &Credentials) -> Answer {
        let half = || {
            let bytes = answer.bytes();
            bytes[..bytes.len() / 2].to_vec()
        };
        match self {
            Self::Instead(instead) => instead.clone(),
            Self::BreaksOff => answer.clone().with_body(half()).breaking_off(),
            Self::Stalls => answer.clone().with_body(half()).stalling(),
            Self::Truncated => answer.clone().with_body(half()),
            Self::Endless => answer.clone().with_body(vec![b' '; FILLER_BYTES]).endless(),
            Self::Echo(status) => echo(*status, credentials),
            Self::Lost => Answer::unreachable(),
        }
    }

    /// Whether the system must be asked for it.
    fn needs_answer(&self) -> bool {
        !matches!(self, Self::Instead(_) | Self::Echo(_))
    }
}

/// Some systems quote what they refuse.
fn echo(status: u16, credentials: &Credentials) -> Answer {
    let said: Vec<String> = credentials
        .values()
        .map(|(_, value)| format!("invalid key {value}"))
        .collect();
    let said = said.join("; ");
    let body = json!({ "error": said, "message": said, "errors": [{ "message": said }] });
    Answer::json(&body).status(status).header("x-key", &said)
}

// === impl Faulty ===

impl Faulty {
    /// `inner`, of which the answer to request number `at` goes wrong, counted from zero.
    pub(super) fn new(inner: Arc<dyn Upstream>, at: usize, fault: Fault) -> Self {
        Self {
            inner,
            at,
            fault,
            asked: AtomicUsize::new(0),
        }
    }
}

impl Upstream for Faulty {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        Box::pin(async move {
            if self.asked.fetch_add(1, Ordering::Relaxed) != self.at {
                return self.inner.send(request, credentials).await;
            }
            let answer = match self.fault.needs_answer() {
                true => self.inner.send(request, credentials).await,
                false => Answer::new(200, ""),
            };
            self.fault.of(answer, credentials)
        })
    }
}

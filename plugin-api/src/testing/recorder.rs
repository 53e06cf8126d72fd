//! Records what a live system answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::cassette::{Cassette, Exchange, RecordedAnswer, RequestPattern};
use super::{Answer, Credentials, Redaction, Upstream, UpstreamFuture};
use crate::Timestamp;
use crate::http::HttpRequest;

/// Headers that carry credentials, or mean nothing when they are played.
const LEFT_OUT: [&str; 12] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "cookie",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "server",
    "set-cookie",
    "transfer-encoding",
    "www-authenticate",
];

/// Asks another upstream, and keeps what it answers as a [`Cassette`].
///
/// An adapter only names its secrets, so requests hold none; answers are [redacted](Redaction) of every value. What
/// is answered to wrong credentials becomes the cassette's `[refused]`. What a system hands out in an answer, such as
/// a token of its own making, is kept: look through a recording before you share it.
pub struct Recorder {
    upstream: Arc<dyn Upstream>,
    cassette: Mutex<Cassette>,
}

// === impl Recorder ===

impl Recorder {
    /// Records what `upstream` answers from `now` on.
    #[must_use]
    pub fn new(upstream: Arc<dyn Upstream>, now: Timestamp) -> Self {
        let cassette = Cassette {
            recorded_at: Some(now),
            ..Cassette::default()
        };
        Self {
            upstream,
            cassette: Mutex::new(cassette),
        }
    }

    /// What was recorded so far.
    #[must_use]
    pub fn cassette(&self) -> Cassette {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Cassette> {
        self.cassette.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, request: &HttpRequest, credentials: &Credentials, answer: &Answer) {
        let Some(recorded) = RecordedAnswer::of(answer, &Redaction::of(credentials)) else {
            return;
        };
        let Ok(pattern) = RequestPattern::of(request) else {
            return;
        };
        let mut cassette = self.lock();
        if credentials.are_wrong() {
            if (400..500).contains(&recorded.status) {
                cassette.refused = recorded;
            }
            return;
        }
        cassette.add(pattern, recorded);
    }
}

impl Upstream for Recorder {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        Box::pin(async move {
            let answer = self.upstream.send(request, credentials).await;
            self.keep(request, credentials, &answer);
            answer
        })
    }

    fn wait(&self, duration: Duration) -> UpstreamFuture<'_, ()> {
        self.upstream.wait(duration)
    }
}

// === impl Cassette ===

impl Cassette {
    /// Adds an exchange, or another answer to a request that is known. An answer that is given again is kept once.
    pub fn add(&mut self, pattern: RequestPattern, answer: RecordedAnswer) {
        let known = self
            .exchanges
            .iter_mut()
            .find(|exchange| exchange.request == pattern);
        match known {
            None => self.exchanges.push(Exchange::new(pattern, answer)),
            Some(exchange) if exchange.then.last().unwrap_or(&exchange.answer) == &answer => {}
            Some(exchange) => exchange.then.push(answer),
        }
    }
}

impl Cassette {
    /// Adds what `other` knows and this one does not.
    pub fn complete_with(&mut self, other: Self) {
        let untold = Self::default().refused;
        if self.refused == untold {
            self.refused = other.refused;
        }
        for exchange in other.exchanges {
            if !self
                .exchanges
                .iter()
                .any(|known| known.request == exchange.request)
            {
                self.exchanges.push(exchange);
            }
        }
    }
}

// === impl RecordedAnswer ===

impl RecordedAnswer {
    /// The answer without what must not be kept; `None` when there was none.
    #[must_use]
    pub fn of(answer: &Answer, redaction: &Redaction) -> Option<Self> {
        let mut recorded = Self::status(answer.status_code()?);
        for (name, value) in answer.headers() {
            let is_implied = name == "content-type" && value == "application/json";
            if !LEFT_OUT.contains(&name.as_str()) && !is_implied {
                recorded = recorded.with_header(name, &redaction.redacted(value));
            }
        }
        let bytes = answer.bytes();
        Some(match std::str::from_utf8(&bytes) {
            Ok(text) => recorded.with_body(redaction.redacted(text).as_bytes()),
            Err(_) => recorded.with_body(&bytes),
        })
    }
}

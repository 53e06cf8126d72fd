//! Plays a cassette.

use std::sync::{Arc, Mutex, PoisonError};

use super::cassette::{Cassette, Exchange};
use super::{Answer, Credentials, Upstream, UpstreamFuture};
use crate::AdapterError;
use crate::http::{Auth, HttpRequest};
use crate::testing::cassette::Asked;

/// Answers from a cassette. Each player begins anew with the first answer of every exchange.
#[derive(Debug)]
pub struct Player {
    /// Shared: a recording of a large system is large.
    cassette: Arc<Cassette>,
    /// How often each exchange was asked for.
    times: Mutex<Vec<usize>>,
}

// === impl Player ===

impl Player {
    /// Plays `cassette` from its beginning.
    #[must_use]
    pub fn new(cassette: Cassette) -> Self {
        Self::sharing(Arc::new(cassette))
    }

    /// Plays a cassette that others play too, each from its beginning.
    #[must_use]
    pub fn sharing(cassette: Arc<Cassette>) -> Self {
        Self {
            times: Mutex::new(vec![0; cassette.exchanges.len()]),
            cassette,
        }
    }

    /// The answer to `request`, or `None` when no exchange knows it.
    pub fn play(&self, request: &HttpRequest, credentials: &Credentials) -> Option<Answer> {
        let (number, exchange) = self.find(request)?;
        let is_refused = credentials.are_wrong() && request.auth != Auth::None;
        if is_refused || !exchange.request.signs_in(request) {
            return Some(self.cassette.refused.played());
        }
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = exchange.answer_to(times[number]).played();
        times[number] += 1;
        Some(answer)
    }

    fn find(&self, request: &HttpRequest) -> Option<(usize, &Exchange)> {
        let asked = Asked::of(request).ok()?;
        let mut best: Option<(usize, usize, &Exchange)> = None;
        for (number, exchange) in self.cassette.exchanges.iter().enumerate() {
            let Some(fit) = exchange.request.fit(&asked) else {
                continue;
            };
            if best.is_none_or(|(known, ..)| fit > known) {
                best = Some((fit, number, exchange));
            }
        }
        best.map(|(_, number, exchange)| (number, exchange))
    }

    fn unknown(&self, request: &HttpRequest) -> Answer {
        if let Some(otherwise) = &self.cassette.otherwise {
            return otherwise.played();
        }
        let line = format!("{} {}", request.method, request.url);
        let known: Vec<String> = self
            .cassette
            .exchanges
            .iter()
            .map(|exchange| format!("`{}`", exchange.request))
            .collect();
        Answer::failing(AdapterError::bug(format!(
            "the cassette has no answer to `{line}`; it knows {}",
            known.join(", ")
        )))
    }
}

impl Upstream for Player {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        let answer = self
            .play(request, credentials)
            .unwrap_or_else(|| self.unknown(request));
        Box::pin(std::future::ready(answer))
    }
}

impl From<Cassette> for Player {
    fn from(cassette: Cassette) -> Self {
        Self::new(cassette)
    }
}

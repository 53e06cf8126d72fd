//! The gate before every route: one layer that does for a request all that is not the handler's own work.
//!
//! One layer and not six, because the way to a verdict is short and each layer costs. In this order: id and span,
//! who may call, how often, the handler within its time, a panic caught, a problem written out, the time measured.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tracing::Instrument;

use super::auth::{Access, Caller, Sender};
use super::limit::{Allowance, Limiter};
use super::problem::{Kind, Problem};
use super::trace::Route;
use crate::daemon::Parts;

/// The gate before one route.
pub(super) struct Gate {
    pub(super) parts: Arc<Parts>,
    /// Shared by all routes; none when the configuration sets no limit.
    pub(super) limiter: Option<Arc<Limiter>>,
    pub(super) route: Route,
    pub(super) access: Access,
    /// How long the handler may take; none for streams, which have a limit for each of their parts.
    pub(super) patience: Option<Duration>,
}

/// Lets a request through the gate to `next`.
pub(super) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let trace = gate.route.begin(&request);
    let span = trace.span();
    let response = gate.answer(request, next).instrument(span).await;
    trace.end(&gate.route, response)
}

// === impl Gate ===

impl Gate {
    async fn answer(&self, mut request: Request, next: Next) -> Response {
        let allowance = match self.admit(&mut request).await {
            Ok(allowance) => allowance,
            Err(problem) => return problem.into_response(),
        };
        let mut response = self.run(next.run(request)).await;
        if let Some(allowance) = allowance {
            allowance.tell(response.headers_mut());
        }
        response
    }

    /// Who calls and how often; the caller goes into the request.
    async fn admit(&self, request: &mut Request) -> Result<Option<Allowance>, Problem> {
        let Parts { keyring, clock, .. } = &*self.parts;
        let Some(caller) = self
            .access
            .admit(Sender::of(request), keyring, clock)
            .await?
        else {
            return Ok(None);
        };
        let allowance = match &self.limiter {
            Some(limiter) => Some(limiter.count(caller.key_id)?),
            None => None,
        };
        request.extensions_mut().insert(Caller(caller));
        Ok(allowance)
    }

    async fn run(&self, handler: impl Future<Output = Response>) -> Response {
        let handler = AssertUnwindSafe(handler).catch_unwind();
        let answer = match self.patience {
            Some(patience) => tokio::time::timeout(patience, handler).await,
            None => Ok(handler.await),
        };
        match answer {
            Ok(Ok(response)) => response,
            Ok(Err(panic)) => panicked(&*panic).into_response(),
            Err(_) => took_too_long(self.patience.unwrap_or_default()).into_response(),
        }
    }
}

fn took_too_long(patience: Duration) -> Problem {
    let secs = patience.as_secs_f32();
    let detail = format!("this took longer than {secs} s; what was begun may still be done");
    Problem::new(Kind::Unavailable, detail)
}

/// A fault of ours; the panic's own message stays inside.
fn panicked(panic: &(dyn Any + Send)) -> Problem {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    Problem::internal(&*Box::<dyn std::error::Error>::from(format!(
        "a handler panicked: {text}"
    )))
}

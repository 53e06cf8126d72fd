//! Writes that are done once, however often they are sent: `Idempotency-Key`, and work that outlives its client.
//!
//! A write runs as a task of its own, so that a client that hangs up does not leave it half done. With a key, its
//! answer is kept for a day and given again to whoever repeats the request. Only answers that say "done" are kept:
//! after any other the request may be corrected and sent again under the same key.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use sha2::{Digest, Sha256};
use tracing::Instrument;
use uuid::Uuid;

use super::auth::Caller;
use super::body;
use super::problem::{Kind, Problem};
use crate::daemon::Parts;
use crate::store::idempotency::{self, Answer, Claim, Turn};

/// Longest key taken, in bytes; a UUID has 36.
const KEY_BYTES_MAX: usize = 255;
/// Largest answer kept; a larger one is given once, and the request is done anew when it is repeated.
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// How long an attempt has at least before it is taken to have died.
const LEASE_MIN: Duration = Duration::from_secs(60);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The headers of an answer that are given again; all others are made anew for each request.
const HEADERS_KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

/// Does a write, once per key.
pub(super) async fn once(
    State(parts): State<Arc<Parts>>,
    request: Request,
    next: Next,
) -> Response {
    let caller = request.extensions().get::<Caller>().cloned();
    let (Some(caller), true) = (caller, request.headers().contains_key(IDEMPOTENCY_KEY)) else {
        return to_its_end(next.run(request)).await;
    };
    match claim(&parts, &caller, request).await {
        Ok((claim, Turn::Yours, request)) => to_its_end(run(parts, claim, next.run(request))).await,
        Ok((_, turn, _)) => not_yours(turn),
        Err(problem) => problem.into_response(),
    }
}

/// Runs `work` also when the client does not wait for it.
async fn to_its_end(work: impl Future<Output = Response> + Send + 'static) -> Response {
    match tokio::spawn(work.in_current_span()).await {
        Ok(response) => response,
        Err(error) => resume_unwind(error.into_panic()),
    }
}

/// Asks for the turn of a request that carries a key. Its body is read for that, and put back.
async fn claim(
    parts: &Parts,
    Caller(caller): &Caller,
    request: Request,
) -> Result<(Claim, Turn, Request), Problem> {
    let server = &parts.config.server;
    let (head, body) = request.into_parts();
    let bytes = body::read(body, server.body_bytes_max, server.request_timeout).await?;
    let claim = Claim {
        account_id: caller.account_id,
        api_key_id: caller.key_id,
        idempotency_key: key(&head.headers)?,
        request_hash: hash(&head.method, &head.uri, &head.headers, &bytes),
        run_id: Uuid::now_v7(),
    };
    let lease = (server.request_timeout * 2).max(LEASE_MIN);
    let turn = idempotency::claim(&parts.db, &claim, lease, parts.clock.now()).await?;
    Ok((claim, turn, Request::from_parts(head, Body::from(bytes))))
}

fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let text = headers
        .get(IDEMPOTENCY_KEY)
        .and_then(|key| key.to_str().ok());
    match text {
        Some(key) if (1..=KEY_BYTES_MAX).contains(&key.len()) => Ok(key.to_owned()),
        _ => {
            let reason = format!("it must have 1 to {KEY_BYTES_MAX} visible ASCII characters");
            Err(Problem::field("Idempotency-Key", reason))
        }
    }
}

/// What tells one request from another. Each part is preceded by its length, so that none can pass for two.
fn hash(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Vec<u8> {
    let content_type = headers.get(header::CONTENT_TYPE);
    let address = uri.path_and_query().map_or("/", |path| path.as_str());
    let parts = [
        method.as_str().as_bytes(),
        address.as_bytes(),
        content_type.map_or(b"", |value| value.as_bytes()),
        body,
    ];
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_vec()
}

/// Does the work and keeps its answer, or gives the claim up.
async fn run(parts: Arc<Parts>, claim: Claim, work: impl Future<Output = Response>) -> Response {
    let response = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            release(&parts, &claim).await;
            resume_unwind(panic)
        }
    };
    if !response.status().is_success() {
        release(&parts, &claim).await;
        return response;
    }
    keep(&parts, &claim, response).await
}

async fn keep(parts: &Parts, claim: &Claim, response: Response) -> Response {
    let (head, body) = response.into_parts();
    let bytes = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return Problem::internal(&error).into_response(),
    };
    if bytes.len() > ANSWER_BYTES_MAX {
        release(parts, claim).await;
    } else {
        let answer = answer(head.status, &head.headers, &bytes);
        if let Err(error) = idempotency::keep(&parts.db, claim, &answer).await {
            tracing::warn!(%error, "the answer to a write was not kept; a repeat has to wait or is done anew");
        }
    }
    Response::from_parts(head, Body::from(bytes))
}

async fn release(parts: &Parts, claim: &Claim) {
    if let Err(error) = idempotency::release(&parts.db, claim).await {
        tracing::warn!(%error, "an idempotency key stays taken until its lease ends");
    }
}

/// What is kept of an answer. One that must not be stored by anybody is not stored by us either.
fn answer(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Answer {
    let kept = HEADERS_KEPT.iter().filter_map(|name| {
        let value = headers.get(name)?.to_str().ok()?;
        Some((name.as_str(), value))
    });
    let kept: Vec<(&str, &str)> = kept.collect();
    let secret = headers
        .get(header::CACHE_CONTROL)
        .is_some_and(|value| value == "no-store");
    Answer {
        status: i16::try_from(status.as_u16()).expect("an HTTP status has three digits"),
        headers: serde_json::to_string(&kept).expect("pairs of texts are JSON"),
        body: (!secret).then(|| body.to_vec()),
    }
}

fn not_yours(turn: Turn) -> Response {
    match turn {
        Turn::Answered(answer) => replay(answer).unwrap_or_else(IntoResponse::into_response),
        Turn::OtherRequest => Problem::new(
            Kind::KeyReused,
            "this idempotency key was sent with another request before; use a new one",
        )
        .into_response(),
        Turn::Yours | Turn::Running => Problem::new(
            Kind::Conflict,
            "a request with this idempotency key is still being worked on; ask again in a moment",
        )
        .retry_after_secs(1)
        .into_response(),
    }
}

fn replay(answer: Answer) -> Result<Response, Problem> {
    let body = answer.body.ok_or_else(|| {
        Problem::new(
            Kind::Conflict,
            "this was done before, and its answer held a secret, which is shown once; make a new one if it is lost",
        )
    })?;
    let status = u16::try_from(answer.status)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    let headers: Vec<(String, String)> =
        serde_json::from_str(&answer.headers).map_err(|error| Problem::internal(&error))?;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status.unwrap_or(StatusCode::OK);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    let replayed = HeaderValue::from_static("true");
    response
        .headers_mut()
        .insert(IDEMPOTENCY_REPLAYED, replayed);
    Ok(response)
}

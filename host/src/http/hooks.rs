//! What other systems send by themselves, handed to their connection's adapter exactly as it came.

mod room;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts as Head;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{InboundReply, InboundRequest};

use super::body::BODY_SHARE;
use super::path::Named;
use super::problem::{Kind, Problem};
use super::sender;
use crate::connection::Received;
use crate::daemon::Parts;
use crate::id::ConnectionId;

/// When a sender for whose request there is no room may try again, in seconds: a queue drains in tries, not at once.
const NO_ROOM_SECS: u64 = 30;
/// When a sender that is too fast may, in seconds.
const TOO_FAST_SECS: u64 = 1;

/// Receive a webhook
///
/// Open to anybody, because the adapter proves who sends, as by a signature over the raw body. The answer is the one
/// that the sending system expects, and comes within a second: 202 says that the request is kept and worked later.
#[utoipa::path(post, path = "/hooks/{connection_id}", operation_id = "receive_hook", tag = "Connections",
    params(("connection_id" = ConnectionId, Path)),
    request_body(content = Vec<u8>, content_type = "*/*", description = "Whatever the system sends"),
    responses((status = 200, description = "What the system expects to be answered"),
        (status = 202, description = "Kept, and worked later")))]
pub(super) async fn receive(
    State(parts): State<Arc<Parts>>,
    id: Result<Named<ConnectionId>, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    hand_in(&parts, id, request).await
}

/// Pass a webhook's challenge
///
/// Asked by systems that try an address out before they send to it; the adapter knows the answer.
#[utoipa::path(get, path = "/hooks/{connection_id}", operation_id = "pass_hook_challenge", tag = "Connections",
    params(("connection_id" = ConnectionId, Path)),
    responses((status = 200, description = "What the system expects to be answered")))]
pub(super) async fn challenge(
    State(parts): State<Arc<Parts>>,
    id: Result<Named<ConnectionId>, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    hand_in(&parts, id, request).await
}

/// Whoever guesses learns nothing: a connection that does not exist, does not run or takes no requests is a path that
/// there is not, and nothing of the request is read before that is known.
async fn hand_in(
    parts: &Parts,
    id: Result<Named<ConnectionId>, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    let Named(id) = id.map_err(|_| Problem::no_such_path())?;
    if !parts.connections.takes_requests(id) {
        return Err(Problem::no_such_path());
    }
    let (head, body) = request.into_parts();
    let mut held = room::read(body, parts.config.server.request_timeout / BODY_SHARE).await?;
    let inbound = inbound(parts, &head, std::mem::take(&mut held.bytes));
    let network = network(&head);
    let received = parts.connections.receive(id, network.as_deref(), inbound);
    told(received.await.ok_or_else(Problem::no_such_path)?)
}

/// Whom to hold responsible for it; nothing where a proxy hides them.
fn network(head: &Head) -> Option<String> {
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    let from = sender::of(peer.map(|ConnectInfo(peer)| *peer), &head.headers);
    from.network().map(|network| network.to_string())
}

fn inbound(parts: &Parts, head: &Head, body: Vec<u8>) -> InboundRequest {
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", public_url(parts, &head.headers));
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), text(value)));
    let request = InboundRequest::new(head.method.as_str(), url, body, parts.clock.now());
    request.with_headers(headers)
}

fn told(received: Received) -> Result<Response, Problem> {
    let unavailable = |why: &str, secs| {
        let problem = Problem::new(Kind::Unavailable, why);
        Err(problem.retry_after_secs(secs))
    };
    match received {
        Received::Answered(reply) => Ok(answer(reply)),
        Received::Kept => Ok(StatusCode::ACCEPTED.into_response()),
        Received::NoRoom => unavailable(
            "too much waits here already; send it again later",
            NO_ROOM_SECS,
        ),
        Received::Busy => unavailable("there is no answer now; try again later", NO_ROOM_SECS),
        Received::TooFast => {
            let why = "too many requests come from your network; send it again later";
            Err(Problem::new(Kind::TooManyRequests, why).retry_after_secs(TOO_FAST_SECS))
        }
    }
}

/// The address under which the sender reached us: some sign it.
pub(super) fn public_url(parts: &Parts, headers: &HeaderMap) -> String {
    if let Some(url) = &parts.config.server.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).map(text);
    format!(
        "http://{}",
        host.unwrap_or_else(|| parts.config.server.listen.to_string())
    )
}

/// A header as text; bytes that are none are replaced, as no signature is made of them.
fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// The adapter's answer. What cannot stand in HTTP is left out.
fn answer(reply: InboundReply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let content_type = reply
        .content_type
        .and_then(|text| HeaderValue::try_from(text).ok());
    if let Some(content_type) = content_type {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
    }
    response
}

//! What other systems send by themselves, handed to their connection's adapter exactly as it came.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bestand_plugin_api::{InboundReply, InboundRequest};
use tokio::sync::Semaphore;

use super::body;
use super::path::Named;
use super::problem::Problem;
use crate::daemon::Parts;
use crate::id::ConnectionId;

/// Largest body taken from outside: no known system sends more than a few hundred KiB at once.
const HOOK_BYTES_MAX: usize = 1 << 20;

/// Requests read and worked at once, so that their bodies never take more than 64 MiB.
static ROOM: Semaphore = Semaphore::const_new(64);

/// Receive a webhook
///
/// Open to anybody, because the adapter proves who sends, as by a signature over the raw body. The answer is the one
/// that the sending system expects.
#[utoipa::path(post, path = "/hooks/{connection_id}", operation_id = "receive_hook", tag = "Connections",
    params(("connection_id" = ConnectionId, Path)),
    request_body(content = Vec<u8>, content_type = "*/*", description = "Whatever the system sends"),
    responses((status = 200, description = "What the system expects to be answered")))]
pub(super) async fn receive(
    State(parts): State<Arc<Parts>>,
    id: Result<Named<ConnectionId>, Problem>,
    request: Request,
) -> Result<Response, Problem> {
    // Whoever guesses must not learn which connections there are.
    let Named(id) = id.map_err(|_| Problem::no_such_path())?;
    if parts.connections.status(id).is_none() {
        return Err(Problem::no_such_path());
    }
    // Before anything is read: whoever sends much at once waits with it on his side.
    let _room = ROOM.acquire().await.map_err(|_| Problem::no_such_path())?;
    let inbound = read(&parts, request).await?;
    let reply = parts.connections.receive(id, inbound).await;
    reply.map(answer).ok_or_else(Problem::no_such_path)
}

async fn read(parts: &Parts, request: Request) -> Result<InboundRequest, Problem> {
    let (head, body) = request.into_parts();
    let patience = parts.config.server.request_timeout;
    let bytes = body::read(body, HOOK_BYTES_MAX, patience).await?;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", public_url(parts, &head.headers));
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), text(value)));
    let request = InboundRequest::new(head.method.as_str(), url, bytes.into(), parts.clock.now());
    Ok(request.with_headers(headers))
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

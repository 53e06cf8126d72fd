//! Where systems deliver what they send by themselves: the way from HTTP to a connection, and nothing else.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use bestand::clock::Clock;
use bestand::connection::{Connections, Received};
use bestand::id::ConnectionId;
use bestand_plugin_api::InboundRequest;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A listening address, known before any life begins; closed when dropped.
pub(crate) struct Door {
    url: String,
    behind: Behind,
    task: JoinHandle<()>,
}

/// Whoever lives behind the door now.
type Behind = Arc<Mutex<Option<(Connections, Clock)>>>;

// === impl Door ===

impl Door {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let behind = Behind::default();
        let router = Router::new()
            .route("/hooks/{id}", post(deliver))
            .with_state(Arc::clone(&behind));
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .await
                .expect("the door stays open");
        });
        Self { url, behind, task }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Whoever lives behind it now.
    pub(super) fn leads_to(&self, life: Option<(Connections, Clock)>) {
        *self.behind.lock().unwrap_or_else(PoisonError::into_inner) = life;
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn deliver(
    State(behind): State<Behind>,
    Path(id): Path<ConnectionId>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let life = behind
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let Some((connections, clock)) = life else {
        return StatusCode::BAD_GATEWAY;
    };
    let text =
        |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = headers
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)));
    let request = InboundRequest::new("POST", uri.to_string(), body.to_vec(), clock.now())
        .with_headers(headers);
    match connections.receive(id, None, request).await {
        Some(Received::Answered(reply)) => StatusCode::from_u16(reply.status).expect("a status"),
        Some(Received::Kept) => StatusCode::ACCEPTED,
        Some(_) => StatusCode::SERVICE_UNAVAILABLE,
        None => StatusCode::NOT_FOUND,
    }
}

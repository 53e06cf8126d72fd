//! A receiver on this machine: keeps what it is sent, and answers as it is told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::webhook::SigningSecret;

/// A receiver, for as long as the test's runtime lives.
pub(super) struct Receiver {
    url: String,
    shared: Arc<Shared>,
}

struct Shared {
    messages: Mutex<Vec<Message>>,
    count: watch::Sender<usize>,
    status: Mutex<u16>,
    /// Each answer takes one, and gives it back.
    leave: Semaphore,
}

/// What was sent.
#[derive(Clone, Debug)]
pub(super) struct Message {
    headers: HeaderMap,
    body: Bytes,
}

const ANSWERS_AT_ONCE: u32 = 1_000;

// === impl Receiver ===

impl Receiver {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks?token=x", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            messages: Mutex::default(),
            count: watch::Sender::new(0),
            status: Mutex::new(204),
            leave: Semaphore::new(ANSWERS_AT_ONCE as usize),
        });
        let router = Router::new()
            .route("/hooks", post(receive))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, shared }
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) fn answers(&self, status: u16) {
        *self.shared.status.lock().unwrap() = status;
    }

    /// From now on it takes messages in and answers none.
    pub(super) fn holds(&self) {
        self.shared.leave.forget_permits(ANSWERS_AT_ONCE as usize);
    }

    pub(super) fn lets_go(&self) {
        self.shared.leave.add_permits(ANSWERS_AT_ONCE as usize);
    }

    /// Waits until it was sent so many messages.
    pub(super) async fn has(&self, messages: usize) {
        let mut count = self.shared.count.subscribe();
        count.wait_for(|count| *count >= messages).await.unwrap();
    }

    pub(super) fn messages(&self) -> Vec<Message> {
        self.shared.messages.lock().unwrap().clone()
    }
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    shared
        .messages
        .lock()
        .unwrap()
        .push(Message { headers, body });
    shared.count.send_modify(|count| *count += 1);
    let _leave = shared.leave.acquire().await.unwrap();
    let status = StatusCode::from_u16(*shared.status.lock().unwrap()).unwrap();
    (status, [("location", "/elsewhere")])
}

// === impl Message ===

impl Message {
    pub(super) fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Asks another implementation of the standard.
    pub(super) fn verify(
        &self,
        secret: &SigningSecret,
    ) -> Result<(), standardwebhooks::WebhookError> {
        let verifier = standardwebhooks::Webhook::new(secret.text().reveal())?;
        verifier.verify(&self.body, &self.headers)
    }
}

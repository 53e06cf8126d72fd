//! A request to the API, and its answer.

use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bestand::api_key::Role;
use serde_json::Value;
use tower::ServiceExt;

use super::messages::Messages;
use super::{Api, contract};

/// A request to the API.
pub(crate) struct Call<'a> {
    api: &'a Api,
    request: Request<Body>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

// === impl Call ===

impl<'a> Call<'a> {
    pub(super) fn new(api: &'a Api, line: &str) -> Self {
        let (method, uri) = line.split_once(' ').unwrap();
        let request = Request::builder().method(method).uri(uri);
        let request = request.body(Body::empty()).unwrap();
        Self { api, request }
    }

    /// With a key of this role.
    pub(crate) fn by(self, role: Role) -> Self {
        let credentials = self.api.credentials(role).to_owned();
        self.with(&credentials)
    }

    /// With these credentials, `key:secret`.
    pub(crate) fn with(self, credentials: &str) -> Self {
        let encoded = STANDARD.encode(credentials);
        self.header("authorization", &format!("Basic {encoded}"))
    }

    /// From a program on the same machine.
    pub(crate) fn locally(mut self) -> Self {
        let peer = SocketAddr::from(([127, 0, 0, 1], 40_000));
        self.request.extensions_mut().insert(ConnectInfo(peer));
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let name: header::HeaderName = name.parse().unwrap();
        self.request
            .headers_mut()
            .insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self.header("content-type", content_type)
    }

    /// Sends it, and holds the answer against the API's description.
    pub(crate) async fn send(self) -> Answer {
        let (method, path) = (
            self.request.method().clone(),
            self.request.uri().path().to_owned(),
        );
        let response = self.api.router.clone().oneshot(self.request).await.unwrap();
        let (head, body) = response.into_parts();
        // It has no end; whoever wants to read it follows it.
        let media_type = head.headers.get(header::CONTENT_TYPE);
        let is_stream = media_type.is_some_and(|media_type| media_type == "text/event-stream");
        let answer = Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body: match is_stream {
                true => Bytes::new(),
                false => axum::body::to_bytes(body, usize::MAX).await.unwrap(),
            },
        };
        contract::check(self.api.document(), method.as_str(), &path, &answer);
        answer
    }

    /// Sends it, and reads the stream of events that is answered.
    pub(crate) async fn follow(self) -> Messages {
        let response = self.api.router.clone().oneshot(self.request).await.unwrap();
        assert_eq!(response.status(), 200);
        Messages::of(response.into_body().into_data_stream())
    }

    /// Sends it, and expects this status.
    pub(crate) async fn expect(self, status: u16) -> Answer {
        let answer = self.send().await;
        assert_eq!(answer.status, status, "{}", answer.text());
        answer
    }
}

// === impl Answer ===

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The last part of the problem's type, and its detail.
    pub(crate) fn problem(&self) -> (String, String) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let json = self.json();
        assert_eq!(json["status"], self.status);
        let kind = json["type"].as_str().unwrap().rsplit(':').next().unwrap();
        (kind.to_owned(), json["detail"].as_str().unwrap().to_owned())
    }

    /// The fields that a problem names, each with what is wrong.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        errors
            .iter()
            .map(|error| (text(&error["field"]), text(&error["reason"])))
            .collect()
    }
}

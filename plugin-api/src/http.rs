//! HTTP through the host: the only way out of a plugin.
//!
//! The host resolves names, speaks TLS, refuses hosts the manifest does not name and private addresses the operator
//! has not allowed, waits for the rate buckets a request names (an order's query goes first), puts the secrets in,
//! follows no redirect to another host, and limits time and size.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::call::host::HttpSend;
use crate::{AdapterError, Ctx, Result};

mod auth;
mod place;
mod response;
mod retry;

pub use auth::Auth;
pub use place::SecretPlace;
pub use response::{BODY_CHUNK_BYTES, GATHERED_BODY_BYTES_MAX, HttpResponse, OPEN_BODIES_MAX};

/// One HTTP request as the host gets it; authors make it with [`Http`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HttpRequest {
    /// `GET`, `POST`, …
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Headers without credentials.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// What the host puts in.
    #[serde(default)]
    pub auth: Auth,
    /// The body.
    #[serde(default)]
    pub body: HttpBody,
    /// Names of the rate buckets it counts against; the manifest declares them.
    #[serde(default)]
    pub buckets: Vec<String>,
    /// Milliseconds until the head of the answer must be there; at most the call's own deadline.
    #[serde(default)]
    pub timeout_ms: Option<u64>,
}

/// The body of a request. Closed: a host that does not understand a body must not send without it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpBody {
    /// None.
    #[default]
    Empty,
    /// As it is.
    Bytes(#[serde(with = "serde_bytes")] Vec<u8>),
}

/// Makes requests on behalf of one call.
#[derive(Clone, Copy, Debug)]
pub struct Http<'a> {
    pub(crate) ctx: &'a Ctx,
}

/// A request being put together.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct HttpRequestBuilder<'a> {
    ctx: &'a Ctx,
    request: HttpRequest,
}

// === impl HttpRequest ===

impl HttpRequest {
    /// A request without headers, credentials or body.
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            auth: Auth::None,
            body: HttpBody::Empty,
            buckets: Vec::new(),
            timeout_ms: None,
        }
    }
}

// === impl Http ===

impl<'a> Http<'a> {
    /// A `GET`.
    pub fn get(self, url: impl Into<String>) -> HttpRequestBuilder<'a> {
        self.request("GET", url)
    }

    /// A `POST`.
    pub fn post(self, url: impl Into<String>) -> HttpRequestBuilder<'a> {
        self.request("POST", url)
    }

    /// Any method.
    pub fn request(self, method: &str, url: impl Into<String>) -> HttpRequestBuilder<'a> {
        HttpRequestBuilder {
            ctx: self.ctx,
            request: HttpRequest::new(method, url),
        }
    }
}

// === impl HttpRequestBuilder ===

impl HttpRequestBuilder<'_> {
    /// Adds a parameter to the URL's query, encoded: a SKU may hold any character.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let url = &mut self.request.url;
        url.push(if url.contains('?') { '&' } else { '?' });
        encode_into(url, name);
        url.push('=');
        encode_into(url, value);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.request.headers.push((name.into(), value.into()));
        self
    }

    /// Says which credentials the host is to put in.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.request.auth = auth;
        self
    }

    /// HTTP Basic from two named secrets.
    pub fn basic(self, user: &str, password: &str) -> Self {
        self.auth(Auth::basic(user, password))
    }

    /// `Authorization: Bearer` with a named secret.
    pub fn bearer(self, token: &str) -> Self {
        self.auth(Auth::bearer(token))
    }

    /// Counts this request against a rate bucket of the manifest, and waits until there is room in it.
    pub fn bucket(mut self, name: &str) -> Self {
        self.request.buckets.push(name.into());
        self
    }

    /// Gives up when the head of the answer is not there in time; without it, after 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request.timeout_ms = Some(u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// A body as it is.
    pub fn body(mut self, bytes: Vec<u8>) -> Self {
        self.request.body = HttpBody::Bytes(bytes);
        self
    }

    /// A JSON body with its content type.
    ///
    /// # Errors
    /// `Bug` when `value` is no JSON.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<Self> {
        let bytes = serde_json::to_vec(value)
            .map_err(|error| AdapterError::bug(format!("cannot encode: {error}")))?;
        Ok(self.header("content-type", "application/json").body(bytes))
    }

    /// Sends it and waits for the head of the answer. Any status is an answer, also 404 and 500.
    ///
    /// # Errors
    /// `Transient` when no answer came, `Config` when the host or a secret is not allowed or not there, `Bug` for a
    /// bucket that the manifest does not declare, or what is no URL, method or header.
    pub async fn send(self) -> Result<HttpResponse> {
        let head = self.ctx.ask::<HttpSend>(&self.request).await?;
        Ok(HttpResponse::new(self.ctx.clone(), head))
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn encode_into(url: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                url.push(char::from(byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
}

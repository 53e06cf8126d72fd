//! HTTP through the host: the only way out of a plugin.
//!
//! The host resolves names, speaks TLS, refuses hosts the manifest does not name and private addresses the operator
//! has not allowed, waits for the rate buckets a request names (an order's query goes first), puts the secrets in,
//! follows no redirect to another host, and limits time and size.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::call::host::{HttpHead, HttpRead, HttpSend};
use crate::{AdapterError, Ctx, Result, Timestamp};

/// Largest body that is gathered into one piece; a larger one is streamed with [`HttpResponse::chunk`].
pub const GATHERED_BODY_BYTES_MAX: usize = 256 * 1024 * 1024;

/// One HTTP request as the host gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Names of the rate buckets it counts against.
    #[serde(default)]
    pub buckets: Vec<String>,
    /// Milliseconds until the head of the answer must be there; at most the call's own deadline.
    #[serde(default)]
    pub timeout_ms: Option<u64>,
}

/// Credentials by the names of the secrets; the values never reach a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// None.
    #[default]
    None,
    /// HTTP Basic.
    Basic {
        /// Secret used as the user name.
        user: String,
        /// Secret used as the password.
        password: String,
    },
    /// `Authorization: Bearer`.
    Bearer {
        /// The secret.
        token: String,
    },
    /// A header of this name.
    Header {
        /// The header.
        name: String,
        /// The secret.
        secret: String,
    },
    /// OAuth 2 client credentials: the host fetches a token, keeps it, renews it before it expires and once on 401.
    ClientCredentials {
        /// Where tokens are made.
        token_url: String,
        /// Secret with the client's id.
        client_id: String,
        /// Secret with the client's secret.
        client_secret: String,
        /// The header that carries the token; `authorization` gets `Bearer ` in front.
        header: String,
    },
}

/// The body of a request.
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

/// An answer, its body still flowing.
#[derive(Debug)]
pub struct HttpResponse {
    ctx: Ctx,
    head: HttpHead,
    rest: Rest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    First,
    More,
    Ended,
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
        let request = HttpRequest {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            auth: Auth::None,
            body: HttpBody::Empty,
            buckets: Vec::new(),
            timeout_ms: None,
        };
        HttpRequestBuilder {
            ctx: self.ctx,
            request,
        }
    }
}

// === impl HttpRequestBuilder ===

impl HttpRequestBuilder<'_> {
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
        self.auth(Auth::Basic {
            user: user.into(),
            password: password.into(),
        })
    }

    /// Counts this request against a rate bucket of the manifest.
    pub fn bucket(mut self, name: &str) -> Self {
        self.request.buckets.push(name.into());
        self
    }

    /// Gives up when the head of the answer is not there in time.
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

    /// Sends it and waits for the head of the answer. Any status is an answer.
    ///
    /// # Errors
    /// `Transient` when no answer came, `Config` when the host or a secret is not allowed or not there.
    pub async fn send(self) -> Result<HttpResponse> {
        let head = self.ctx.ask::<HttpSend>(&self.request).await?;
        Ok(HttpResponse {
            ctx: self.ctx.clone(),
            head,
            rest: Rest::First,
        })
    }
}

// === impl HttpResponse ===

impl HttpResponse {
    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.head.status)
    }

    /// The first header of this name, whatever the case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// When the request went out: the `fetched_at` of what it brought.
    #[must_use]
    pub fn sent_at(&self) -> Timestamp {
        self.head.sent_at
    }

    /// The next part of the body; `None` at its end.
    ///
    /// # Errors
    /// `Transient` when the body breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let chunk = match self.rest {
            Rest::Ended => return Ok(None),
            Rest::First => std::mem::take(&mut self.head.first),
            Rest::More => self.ctx.ask::<HttpRead>(&self.head.body).await?,
        };
        self.rest = if chunk.last { Rest::Ended } else { Rest::More };
        Ok(Some(chunk.bytes))
    }

    /// The whole body.
    ///
    /// # Errors
    /// `Transient` when it breaks off, `Protocol` above [`GATHERED_BODY_BYTES_MAX`].
    pub async fn bytes(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
            if body.len() > GATHERED_BODY_BYTES_MAX {
                return Err(AdapterError::protocol(format!(
                    "a body of more than {GATHERED_BODY_BYTES_MAX} bytes"
                )));
            }
        }
        Ok(body)
    }

    /// The whole body as text; what is no UTF-8 is replaced.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes).
    pub async fn text(&mut self) -> Result<String> {
        self.bytes()
            .await
            .map(|body| String::from_utf8_lossy(&body).into_owned())
    }

    /// The whole body as JSON.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes), and `Protocol` when it is something else, such as a login page.
    pub async fn json<T: DeserializeOwned>(&mut self) -> Result<T> {
        let body = self.bytes().await?;
        serde_json::from_slice(&body).map_err(|error| {
            let start: String = String::from_utf8_lossy(&body).chars().take(60).collect();
            AdapterError::protocol(format!(
                "the answer is not the JSON expected ({error}); it starts with: {start:?}"
            ))
        })
    }
}

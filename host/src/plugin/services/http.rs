//! HTTP on behalf of an adapter: checked, rated, authenticated here, and limited in time and size.

use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::call::host::{HttpChunk, HttpHead};
use bestand_plugin_api::http::{Auth, HttpBody, HttpRequest, SecretPlace};
use bestand_plugin_api::{AdapterError, Result, Timestamp};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};

use super::Call;
use super::body::Body;
use super::oauth::{self, Grant};
use super::traffic::Traffic;
use crate::clock::Clock;
use crate::plugin::session::SessionContext;
use crate::public_internet::PublicResolver;
use crate::secret::SecretText;

/// Time until the head of an answer must be there, unless the adapter asks for less.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// Time until a connection must stand.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Redirects followed, all to the same scheme, host and port: secrets go with them.
const REDIRECTS_MAX: usize = 5;
/// Says who asks, as most systems demand.
const USER_AGENT: &str = concat!("bestand/", env!("CARGO_PKG_VERSION"));

/// The HTTP clients of one adapter. Their I/O runs on the adapter's own runtime.
#[derive(Clone)]
pub struct Clients {
    public: Client,
    /// For connections that may reach private addresses.
    private: Client,
}

/// Who sends, and what notes it.
pub(super) struct Sender {
    pub(super) adapter: String,
    pub(super) clock: Clock,
    pub(super) traffic: Arc<Traffic>,
}

// === impl Clients ===

impl Clients {
    pub(super) fn new() -> Result<Self> {
        let build = |client: reqwest::ClientBuilder| {
            client
                .build()
                .map_err(|error| AdapterError::bug(format!("no HTTP client can be built: {error}")))
        };
        let base = || {
            Client::builder()
                .user_agent(USER_AGENT)
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(Policy::custom(same_origin_only))
                .no_proxy()
        };
        Ok(Self {
            public: build(base().dns_resolver(PublicResolver::shared()))?,
            private: build(base())?,
        })
    }

    pub(super) fn send(
        &self,
        sender: Sender,
        call: Arc<Call>,
        request: HttpRequest,
    ) -> impl Future<Output = Result<HttpHead>> + Send + use<> {
        let clients = self.clone();
        async move { clients.exchange(&sender, &call, request).await }
    }

    async fn exchange(
        &self,
        sender: &Sender,
        call: &Call,
        request: HttpRequest,
    ) -> Result<HttpHead> {
        let clock = &sender.clock;
        let session = call.session()?;
        let client = if session.outbound.allows_private() {
            &self.private
        } else {
            &self.public
        };
        let url = Url::parse(&request.url)
            .map_err(|error| AdapterError::bug(format!("`{}` is no URL: {error}", request.url)))?;
        session.outbound.check(&url)?;
        for name in &request.buckets {
            session.bucket(name)?.acquire(call.context.priority).await;
        }
        let mut sent_at = clock.now();
        let mut response = send_once(client, sender, session, &url, &request).await?;
        if response.status() == StatusCode::UNAUTHORIZED
            && let Auth::ClientCredentials { token_url, .. } = &request.auth
        {
            // The token may have been revoked before its time; a second refusal is the system's last word.
            session.tokens.forget(token_url).await;
            sent_at = clock.now();
            response = send_once(client, sender, session, &url, &request).await?;
        }
        head(call, sent_at, response).await
    }
}

async fn send_once(
    client: &Client,
    sender: &Sender,
    session: &SessionContext,
    url: &Url,
    request: &HttpRequest,
) -> Result<Response> {
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| AdapterError::bug(format!("`{}` is no HTTP method", request.method)))?;
    let mut builder = client
        .request(method, url.clone())
        .headers(headers(&request.headers)?);
    builder = authenticate(builder, client, &sender.clock, session, &request.auth).await?;
    if let HttpBody::Bytes(bytes) = body(session, request)? {
        builder = builder.body(bytes);
    }
    let timeout = request
        .timeout_ms
        .map_or(HEAD_TIMEOUT, Duration::from_millis)
        .min(HEAD_TIMEOUT);
    let answer = match tokio::time::timeout(timeout, builder.send()).await {
        Ok(sent) => sent.map_err(|error| unreachable(url, &error)),
        Err(_) => Err(AdapterError::transient(format!(
            "`{}` did not answer within {timeout:?}",
            host_of(url)
        ))),
    };
    sender.traffic.note(&sender.adapter, &host_of(url), &answer);
    answer
}

async fn authenticate(
    builder: RequestBuilder,
    client: &Client,
    clock: &Clock,
    session: &SessionContext,
    auth: &Auth,
) -> Result<RequestBuilder> {
    Ok(match auth {
        Auth::None => builder,
        Auth::Basic { user, password, .. } => builder.basic_auth(
            session.secret(user)?.reveal(),
            Some(session.secret(password)?.reveal()),
        ),
        Auth::Bearer { token, .. } => builder.bearer_auth(session.secret(token)?.reveal()),
        Auth::Header { name, secret, .. } => {
            builder.header(name, sensitive(secret, session.secret(secret)?)?)
        }
        Auth::ClientCredentials {
            token_url,
            client_id,
            client_secret,
            header,
            ..
        } => {
            let grant = Grant {
                token_url,
                client_id,
                client_secret,
            };
            let token = oauth::token(client, clock, session, &grant).await?;
            let shown = if header.eq_ignore_ascii_case("authorization") {
                SecretText::from(format!("Bearer {}", token.reveal()))
            } else {
                token
            };
            builder.header(header, sensitive("access token", &shown)?)
        }
        Auth::Places { places, .. } => {
            let mut builder = builder;
            for place in places {
                builder = match place {
                    SecretPlace::Header { name, secret, .. } => {
                        builder.header(name, sensitive(secret, session.secret(secret)?)?)
                    }
                    SecretPlace::Json { .. } => builder, // `body` puts it in.
                    _ => return Err(unknown_way()),
                };
            }
            builder
        }
        _ => return Err(unknown_way()),
    })
}

fn unknown_way() -> AdapterError {
    AdapterError::unsupported(
        "the adapter asks for a way to sign in that this daemon does not know",
    )
}

/// The body with the secrets that belong into it; the adapter's own copy never holds them.
fn body(session: &SessionContext, request: &HttpRequest) -> Result<HttpBody> {
    let places = match &request.auth {
        Auth::Places { places, .. } => places.as_slice(),
        _ => &[],
    };
    places
        .iter()
        .try_fold(request.body.clone(), |body, place| match place {
            SecretPlace::Json { path, secret, .. } => {
                body.with_json_member(path, session.secret(secret)?.reveal())
            }
            _ => Ok(body),
        })
}

/// A header value that no log shows.
fn sensitive(name: &str, secret: &SecretText) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(secret.reveal()).map_err(|_| {
        AdapterError::config(
            name,
            format!("the secret `{name}` holds characters no header can carry"),
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn headers(pairs: &[(String, String)]) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let invalid = || AdapterError::bug(format!("`{name}` is no valid header"));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
        headers.append(name, HeaderValue::from_str(value).map_err(|_| invalid())?);
    }
    Ok(headers)
}

async fn head(call: &Call, sent_at: Timestamp, response: Response) -> Result<HttpHead> {
    let status = response.status().as_u16();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect();
    let mut body = Body::new(response);
    let first: HttpChunk = body.chunk().await?;
    let body = if first.last {
        0
    } else {
        call.bodies.keep(body)?
    };
    Ok(HttpHead {
        status,
        headers,
        sent_at,
        first,
        body,
    })
}

fn same_origin_only(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let origin = attempt.previous().first().map(Url::origin);
    if attempt.previous().len() > REDIRECTS_MAX || Some(attempt.url().origin()) != origin {
        return attempt.stop();
    }
    attempt.follow()
}

/// Why nothing came back, without the URL's path and query, which may carry what nobody should read.
pub(super) fn unreachable(url: &Url, error: &reqwest::Error) -> AdapterError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    AdapterError::transient(format!("`{}` cannot be reached: {cause}", host_of(url)))
}

fn host_of(url: &Url) -> String {
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or("?"))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one request with a redirect to `location`.
    async fn redirecting(listener: TcpListener, location: String) {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await.unwrap();
        let answer =
            format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
    }

    #[tokio::test]
    async fn a_redirect_to_another_port_is_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let elsewhere = format!("http://{}/", other.local_addr().unwrap());
        tokio::spawn(redirecting(listener, elsewhere));
        let answer = Clients::new().unwrap().private.get(url).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::FOUND);
        let asked = tokio::time::timeout(Duration::ZERO, other.accept()).await;
        assert!(asked.is_err(), "nobody came");
    }
}

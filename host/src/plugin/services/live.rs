//! A live system behind an adapter that is tried out: its requests go through the daemon's own HTTP client, but all
//! of them to one address, whichever host they name.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bestand_plugin_api::call::host::HttpHead;
use bestand_plugin_api::http::{Auth, HttpRequest};
use bestand_plugin_api::testing::{Answer, Credentials, Upstream, UpstreamFuture};
use bestand_plugin_api::{AdapterError, Manifest, Result};
use reqwest::Url;
use serde_json::Value;

use super::body::{self, Bodies};
use super::http::Sender;
use super::traffic::Traffic;
use super::{Call, CallContext, Clients};
use crate::clock::Clock;
use crate::id::{AccountId, ConnectionId};
use crate::plugin::session::{Priority, SessionContext};
use crate::secret::SecretText;

/// Longest wait: a person looks on.
const WAIT_MAX: Duration = Duration::from_secs(20);

/// Names and values.
type Secrets = Vec<(String, String)>;

/// A live system at one address.
pub struct Live {
    address: Url,
    clients: Clients,
    clock: Clock,
    /// What the adapter declares, but for the hosts.
    manifest: Manifest,
    /// By the secrets they were made with: tokens and what was sent so far are kept. Locked only to look one up.
    sessions: Mutex<BTreeMap<Secrets, Arc<SessionContext>>>,
}

// === impl Live ===

impl Live {
    /// The system at `address`, to which an adapter with this manifest speaks.
    ///
    /// # Errors
    /// When that is no address, or no HTTP client can be built.
    pub fn new(address: &str, manifest: &Manifest, clock: Clock) -> Result<Self> {
        let no_address = || {
            let message = format!("`{address}` is no address like `https://staging.acme.example`");
            AdapterError::config("upstream", message)
        };
        let url = Url::parse(address).map_err(|_| no_address())?;
        let host = url.host_str().ok_or_else(no_address)?;
        let mut manifest = manifest.clone();
        manifest.outbound = vec![host.trim_matches(['[', ']']).to_owned()];
        Ok(Self {
            address: url,
            clients: Clients::new()?,
            clock,
            manifest,
            sessions: Mutex::default(),
        })
    }

    async fn ask(&self, request: &HttpRequest, credentials: &Credentials) -> Result<Answer> {
        let call = Arc::new(Call {
            context: CallContext {
                session: Some(self.session(credentials)),
                priority: Priority::Order,
            },
            bodies: Bodies::default(),
        });
        let sender = Sender {
            adapter: self.manifest.id.clone(),
            clock: self.clock.clone(),
            traffic: Arc::new(Traffic::default()),
        };
        let request = self.redirected(request)?;
        let head = self
            .clients
            .send(sender, Arc::clone(&call), request)
            .await?;
        whole(call, head).await
    }

    fn session(&self, credentials: &Credentials) -> Arc<SessionContext> {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let key: Secrets = credentials.values().map(owned).collect();
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.entry(key).or_insert_with_key(|key| {
            let secret =
                |(name, value): &(String, String)| (name.clone(), SecretText::from(value.clone()));
            let secrets: HashMap<_, _> = key.iter().map(secret).collect();
            let session = SessionContext::new(
                AccountId::new(),
                ConnectionId::new(),
                "live",
                &self.manifest,
                &Value::Null,
                secrets,
                true,
            );
            Arc::new(session)
        });
        Arc::clone(session)
    }

    /// The same request, and the place where its token is made, at the one address.
    fn redirected(&self, request: &HttpRequest) -> Result<HttpRequest> {
        let mut request = request.clone();
        request.url = self.here(&request.url)?;
        if let Auth::ClientCredentials { token_url, .. } = &mut request.auth {
            *token_url = self.here(token_url)?;
        }
        Ok(request)
    }

    fn here(&self, url: &str) -> Result<String> {
        let url = Url::parse(url)
            .map_err(|error| AdapterError::bug(format!("`{url}` is no URL: {error}")))?;
        let mut here = self.address.clone();
        let path = format!(
            "{}{}",
            self.address.path().trim_end_matches('/'),
            url.path()
        );
        here.set_path(&path);
        here.set_query(url.query());
        Ok(here.into())
    }
}

impl Upstream for Live {
    fn send<'a>(
        &'a self,
        request: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        Box::pin(async move {
            let answer = self.ask(request, credentials).await;
            answer.unwrap_or_else(Answer::failing)
        })
    }

    /// It lives by a clock of its own: what an adapter waits for takes its time.
    fn wait(&self, duration: Duration) -> UpstreamFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration.min(WAIT_MAX)))
    }
}

/// Gathers the body: what tries adapters out wants answers that can be looked at.
async fn whole(call: Arc<Call>, head: HttpHead) -> Result<Answer> {
    let mut bytes = head.first.bytes;
    let mut is_last = head.first.last;
    while !is_last {
        let chunk = body::read(Arc::clone(&call), head.body).await?;
        bytes.extend_from_slice(&chunk.bytes);
        is_last = chunk.last;
    }
    let answer = Answer::new(head.status, bytes);
    let headers = head.headers.iter();
    Ok(headers.fold(answer, |answer, (name, value)| answer.header(name, value)))
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::http::{HttpBody, SecretPlace};

    use super::*;

    fn here(address: &str, url: &str) -> String {
        let manifest = Manifest::new("acme-stock", "Acme", "1.0.0");
        let live = Live::new(address, &manifest, Clock::system()).unwrap();
        live.here(url).unwrap()
    }

    #[test]
    fn a_request_keeps_its_path_and_query_but_not_its_host() {
        let asked = "https://api.acme.example/v1/stock?limit=500";
        assert_eq!(
            here("http://127.0.0.1:8080", asked),
            "http://127.0.0.1:8080/v1/stock?limit=500"
        );
        assert_eq!(
            here("https://a.example/staging/", asked),
            "https://a.example/staging/v1/stock?limit=500"
        );
    }

    /// Answers one request, and tells what it was.
    async fn heard(listener: tokio::net::TcpListener) -> String {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 8192];
        let mut length = 0;
        while !request[..length].ends_with(b"}}") {
            length += stream.read(&mut request[length..]).await.unwrap();
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        stream.write_all(answer).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    }

    #[tokio::test]
    async fn secrets_reach_the_system_in_the_places_that_the_adapter_names() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let manifest = Manifest::new("acme-stock", "Acme", "1.0.0");
        let live = Live::new(&address, &manifest, Clock::system()).unwrap();
        let mut request = HttpRequest::new("POST", "https://api.acme.example/fetch");
        request.body = HttpBody::Bytes(br#"{"auth":{"code":"a"}}"#.to_vec());
        request.auth = Auth::places([
            SecretPlace::header("x-account", "account"),
            SecretPlace::json("auth.api_key", "key"),
        ]);
        let credentials = Credentials::default()
            .with("account", "acc-1")
            .with("key", "k\"2");
        let (heard, answer) = tokio::join!(heard(listener), live.send(&request, &credentials));
        assert_eq!(answer.status_code(), Some(200), "{heard}");
        assert!(heard.contains("x-account: acc-1\r\n"), "{heard}");
        let body = r#"{"auth":{"api_key":"k\"2","code":"a"}}"#;
        assert!(heard.ends_with(body), "{heard}");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let manifest = Manifest::new("acme-stock", "Acme", "1.0.0");
        for address in ["", "cassette.toml", "mailto:a@b.example"] {
            assert!(
                Live::new(address, &manifest, Clock::system()).is_err(),
                "{address}"
            );
        }
    }
}

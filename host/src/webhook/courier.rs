//! The courier: carries one message to one address, and says what came of it.

use std::time::Duration;

use bestand_plugin_api::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url, header};
use tokio::time::{Instant, timeout};

use super::address::{self, Reach};
use super::attempt::{self, Attempt};
use super::message::Message;
use super::secret::{SigningSecret, sign_with_all};
use crate::clip::clip;
use crate::clock::Clock;
use crate::public_internet::PublicResolver;

/// Time for the whole of one attempt: a receiver is to take messages in, and to work on them later.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);
/// Time until a connection must stand.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Says who sends, as most systems demand.
const USER_AGENT: &str = concat!("bestand/", env!("CARGO_PKG_VERSION"));

/// Carries messages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Courier {
    client: Client,
    clock: Clock,
    reach: Reach,
}

/// What came back, or why nothing did.
struct Answer {
    status: Option<u16>,
    error: Option<String>,
    retry_after: Option<Duration>,
}

// === impl Courier ===

impl Courier {
    /// One that goes as far as `reach`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(clock: Clock, reach: Reach) -> Result<Self, reqwest::Error> {
        let builder = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            // What is signed goes where the operator said, and nowhere else.
            .redirect(Policy::none())
            .no_proxy();
        let builder = match reach {
            // The addresses it leaves are the ones that are connected to.
            Reach::Public => builder.dns_resolver(PublicResolver::shared()),
            Reach::Everywhere => builder,
        };
        let client = builder.build()?;
        Ok(Self {
            client,
            clock,
            reach,
        })
    }

    /// How far it goes.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Sends `message` to `url`, signed with each of `secrets`.
    pub async fn carry(&self, url: &str, message: &Message, secrets: &[SigningSecret]) -> Attempt {
        let began = Instant::now();
        let answer = match address::check(url, self.reach) {
            Ok(url) => self.post(url, message, secrets).await,
            Err(fault) => Answer::failed(format!("the address is refused: {fault}")),
        };
        Attempt {
            at: self.clock.now(),
            took: began.elapsed(),
            status: answer.status,
            error: answer.error,
            retry_after: answer.retry_after,
        }
    }

    async fn post(&self, url: Url, message: &Message, secrets: &[SigningSecret]) -> Answer {
        let host = host_of(&url);
        let sent_at = self.clock.now();
        let secs = sent_at.millis().div_euclid(1000);
        let signatures = sign_with_all(secrets, &message.id, secs, &message.body);
        let request = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", &message.id)
            .header("webhook-timestamp", secs)
            .header("webhook-signature", signatures)
            .body(message.body.clone());
        let exchange = async {
            match request.send().await {
                Ok(response) => Answer::of(response, sent_at).await,
                Err(error) => Answer::failed(unreachable(&host, &error)),
            }
        };
        let answer = timeout(TIMEOUT, exchange).await;
        answer.unwrap_or_else(|_| Answer::failed(format!("`{host}` did not answer in {TIMEOUT:?}")))
    }
}

// === impl Answer ===

impl Answer {
    fn failed(error: String) -> Self {
        Self {
            status: None,
            error: Some(error),
            retry_after: None,
        }
    }

    async fn of(mut response: Response, now: Timestamp) -> Self {
        let status = response.status();
        let header = response.headers().get(header::RETRY_AFTER);
        let header = header.and_then(|value| value.to_str().ok());
        let retry_after = header.and_then(|value| attempt::retry_after(value, now));
        let error = if status.is_success() {
            None
        } else if status.is_redirection() {
            Some(format!(
                "it answered {status}, which is not followed; enter the address it names"
            ))
        } else {
            // The first piece is enough for a person, and no more is taken in.
            let said = response.chunk().await.ok().flatten().unwrap_or_default();
            Some(told(&format!("it answered {status}"), &clip(&said)))
        };
        Self {
            status: Some(status.as_u16()),
            error,
            retry_after,
        }
    }
}

fn told(what: &str, said: &str) -> String {
    match said {
        "" => what.to_owned(),
        said => format!("{what}: {said}"),
    }
}

/// Why nothing came back, without the path and query of the address, which may carry what nobody should read.
fn unreachable(host: &str, error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let cause = cause.to_string();
    format!("`{host}` cannot be reached: {}", clip(cause.as_bytes()))
}

fn host_of(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}"));
    format!(
        "{}{}",
        url.host_str().unwrap_or("?"),
        port.unwrap_or_default()
    )
}

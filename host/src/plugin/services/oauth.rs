//! OAuth 2 client credentials: tokens are fetched, kept and renewed here, so that no adapter ever holds one.

use std::collections::HashMap;
use std::time::Duration;

use bestand_plugin_api::{AdapterError, Result, Timestamp};
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::http::unreachable;
use crate::clock::Clock;
use crate::plugin::session::SessionContext;
use crate::secret::SecretText;

/// How long before its end a token is renewed.
const RENEW_EARLY: Duration = Duration::from_secs(300);
/// Life of a token whose maker does not say (RFC 6749 leaves it open).
const DEFAULT_LIFE: Duration = Duration::from_secs(3600);
/// Time in which a token must be made.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Largest token answer read, in bytes: tokens have a few KiB at most.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// The tokens of one connection, by the URL that makes them.
///
/// The lock is held while a token is fetched: whoever else needs it waits for that one fetch.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<HashMap<String, Token>>);

#[derive(Debug)]
struct Token {
    value: SecretText,
    renew_at: Timestamp,
}

/// What a token is asked for with; the last two are names of secrets.
pub(super) struct Grant<'a> {
    pub(super) token_url: &'a str,
    pub(super) client_id: &'a str,
    pub(super) client_secret: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: Option<u64>,
}

// === impl Tokens ===

impl Tokens {
    pub(super) async fn forget(&self, token_url: &str) {
        self.0.lock().await.remove(token_url);
    }
}

/// A token that is good for some minutes yet.
pub(super) async fn token(
    client: &Client,
    clock: &Clock,
    session: &SessionContext,
    grant: &Grant<'_>,
) -> Result<SecretText> {
    let mut tokens = session.tokens.0.lock().await;
    if let Some(token) = tokens
        .get(grant.token_url)
        .filter(|token| clock.now() < token.renew_at)
    {
        return Ok(token.value.clone());
    }
    let asked_at = clock.now();
    let answer = fetch(client, session, grant).await?;
    let life = answer.expires_in.map_or(DEFAULT_LIFE, Duration::from_secs);
    let value = SecretText::from(answer.access_token);
    let renew_at = asked_at.after(life.saturating_sub(RENEW_EARLY).max(life / 2));
    tokens.insert(
        grant.token_url.to_owned(),
        Token {
            value: value.clone(),
            renew_at,
        },
    );
    Ok(value)
}

async fn fetch(client: &Client, session: &SessionContext, grant: &Grant<'_>) -> Result<Answer> {
    let url =
        Url::parse(grant.token_url).map_err(|_| AdapterError::bug("the token URL is no URL"))?;
    session.outbound.check(&url)?;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", session.secret(grant.client_id)?.reveal()),
        (
            "client_secret",
            session.secret(grant.client_secret)?.reveal(),
        ),
    ];
    let request = client
        .post(url.clone())
        .timeout(TIMEOUT)
        .form(&form)
        .header("accept", "application/json");
    let response = request
        .send()
        .await
        .map_err(|error| unreachable(&url, &error))?;
    match response.status() {
        status if status.is_success() => read(response).await,
        StatusCode::TOO_MANY_REQUESTS => Err(AdapterError::rate_limited(
            None,
            "too many tokens were asked for",
        )),
        status if status.is_client_error() => {
            let message = format!(
                "the system refuses the client's id and secret ({})",
                status.as_u16()
            );
            Err(AdapterError::auth(message))
        }
        status => Err(AdapterError::upstream(
            status.as_u16(),
            "the system could not make a token",
        )),
    }
}

async fn read(mut response: Response) -> Result<Answer> {
    let unexpected = || AdapterError::protocol("the token answer is not the JSON expected");
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| unexpected())? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(unexpected());
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(|_| unexpected())
}

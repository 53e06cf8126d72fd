//! Requests to the module: bodies, credentials, transaction ids. What goes wrong with an answer is a [`Failure`].

mod failure;

use bestand_plugin_api::http::Auth;
use bestand_plugin_api::{AdapterError, Ctx, Result, Timestamp};
use serde::Serialize;
use uuid::Uuid;

pub(crate) use failure::Failure;

use crate::answer::Answer;
use crate::contract::{Fetch, Login, Push, Request};
use crate::settings::Settings;

/// Speaks to one module on behalf of one account.
#[derive(Debug)]
pub(crate) struct Client {
    /// Without a trailing slash.
    base_url: String,
    login: Login,
    auth: Auth,
}

/// An answer, and when it was asked for.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) sent_at: Timestamp,
    pub(crate) answer: Answer,
}

/// The body of an answer of status 2xx.
struct Body {
    sent_at: Timestamp,
    bytes: Vec<u8>,
}

/// A method that is told nothing but who asks.
#[derive(Serialize)]
struct Nothing {}

// === impl Client ===

impl Client {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            base_url: settings.base_url.clone(),
            login: Login::new(settings),
            auth: settings.auth(),
        }
    }

    /// Asks whether the credentials are good. `None` when the module has no such method.
    pub(crate) async fn validate_connection(&self, ctx: &Ctx) -> Result<Option<()>, Failure> {
        match self.call(ctx, "validate_connection", Nothing {}).await {
            Ok(body) => failure::of_validation(&body.bytes).map(Some),
            Err(failure) if failure.is_not_implemented() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    pub(crate) async fn fetch(&self, ctx: &Ctx, fetch: Fetch<'_>) -> Result<Answered, Failure> {
        let body = self.call(ctx, "inventory_fetch", fetch).await?;
        let answer = Answer::of_fetch(&body.bytes).map_err(Failure::NoAnswer)?;
        note_broken(&answer);
        Ok(Answered {
            sent_at: body.sent_at,
            answer,
        })
    }

    pub(crate) async fn push(&self, ctx: &Ctx, push: Push<'_>) -> Result<Answer, Failure> {
        let body = self.call(ctx, "inventory_push", push).await?;
        Answer::of_push(&body.bytes).map_err(Failure::NoAnswer)
    }

    async fn call<T: Serialize>(
        &self,
        ctx: &Ctx,
        method: &'static str,
        body: T,
    ) -> Result<Body, Failure> {
        let url = format!("{}/{method}", self.base_url);
        let now = ctx.now().await.map_err(Failure::NoAnswer)?;
        let request = Request {
            transaction_id: transaction_id(now, &url, &body).map_err(Failure::NoAnswer)?,
            auth: &self.login,
            body,
        };
        let request = ctx
            .http()
            .post(url)
            .auth(self.auth.clone())
            .header("accept", "application/json")
            .json(&request)
            .map_err(Failure::NoAnswer)?;
        let mut response = request.send().await.map_err(Failure::NoAnswer)?;
        let bytes = response.bytes().await.map_err(Failure::NoAnswer);
        match failure::of_status(&response, method, bytes.as_deref().unwrap_or_default()) {
            Some(failure) => Err(failure),
            None => Ok(Body {
                sent_at: response.sent_at(),
                bytes: bytes?,
            }),
        }
    }
}

/// An id for both sides' logs. The contract wants a random one; this one is made of the moment and the request, so
/// that what is recorded of a module can be played again.
fn transaction_id(now: Timestamp, url: &str, body: &impl Serialize) -> Result<String> {
    let body = serde_json::to_string(body)
        .map_err(|error| AdapterError::bug(format!("cannot encode a request: {error}")))?;
    let name = format!("{url} {} {body}", now.millis());
    Ok(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string())
}

/// One line an answer: a catalogue may hold thousands of articles without a SKU.
fn note_broken(answer: &Answer) {
    if let Some(first) = answer.broken.first() {
        tracing::warn!(
            items = answer.broken.len(),
            "the module sends items that cannot be read, which are left out; the first: {}",
            first.why
        );
    }
}

//! Requests: address, key, rate bucket, and what the system means when it refuses.

use std::time::Duration;

use bestand_plugin_api::http::{Auth, HttpRequestBuilder, HttpResponse};
use bestand_plugin_api::{AdapterError, Ctx, RateBucket, Result, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::adapter::NAME;
use crate::settings::Settings;

/// The secret that is the key; the daemon puts its value in, this code never sees it.
pub(crate) const API_KEY: &str = "api_key";

const REQUESTS: &str = "requests";

/// Speaks to one account.
#[derive(Debug)]
pub(crate) struct Client {
    root: String,
}

/// A request of one call.
pub(crate) struct Request<'a>(HttpRequestBuilder<'a>);

/// What was answered, and when it was asked: the numbers in it were true then or later.
pub(crate) struct Answer<T> {
    pub(crate) asked_at: Timestamp,
    pub(crate) content: T,
}

/// The system's published limit. The daemon keeps to it, and lets orders go first.
pub(crate) fn bucket() -> RateBucket {
    RateBucket::new(REQUESTS, 120, Duration::from_secs(60))
}

// === impl Client ===

impl Client {
    pub(crate) fn new(settings: &Settings) -> Self {
        let root = settings.base_url.clone();
        Self { root }
    }

    pub(crate) fn get<'a>(&self, ctx: &'a Ctx, path: &str) -> Request<'a> {
        Request(ctx.http().get(format!("{}{path}", self.root)))
    }

    pub(crate) fn post<'a>(
        &self,
        ctx: &'a Ctx,
        path: &str,
        content: &impl Serialize,
    ) -> Result<Request<'a>> {
        let request = ctx.http().post(format!("{}{path}", self.root));
        request.json(content).map(Request)
    }
}

// === impl Request ===

impl Request<'_> {
    pub(crate) fn query(self, name: &str, value: &str) -> Self {
        Self(self.0.query(name, value))
    }

    /// Sends it with the key, and reads the JSON of the answer.
    pub(crate) async fn read<T: DeserializeOwned>(self) -> Result<Answer<T>> {
        let request = self.0.auth(Auth::header("x-api-key", API_KEY));
        let mut response = request.bucket(REQUESTS).send().await?;
        if let Some(refusal) = refusal(&response) {
            return Err(refusal);
        }
        Ok(Answer {
            asked_at: response.sent_at(),
            content: response.json().await?,
        })
    }
}

/// The kind decides what the daemon does: ask the operator, wait, try again.
fn refusal(response: &HttpResponse) -> Option<AdapterError> {
    Some(match response.status() {
        200..=299 => return None,
        401 | 403 => AdapterError::auth(format!("{NAME} refuses the API key")),
        404 | 410 => AdapterError::not_found(format!("{NAME} has no such thing")),
        408 => AdapterError::transient(format!("{NAME} gave up waiting for the request")),
        429 => {
            let message = format!("the rate limit of {NAME} is used up");
            AdapterError::rate_limited(response.retry_at(), message)
        }
        status => AdapterError::upstream(status, format!("{NAME} answered {status}")),
    })
}

//! Requests to Finale: URLs, credentials, rate buckets. What goes wrong with an answer is a [`Failure`].

mod failure;

use std::time::Duration;

use bestand_plugin_api::http::HttpRequestBuilder;
use bestand_plugin_api::{Ctx, RateBucket, Result, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

pub(crate) use failure::Failure;

use crate::filter::DateFilter;
use crate::settings::Settings;

/// The secret that is the Basic user name.
pub(crate) const API_KEY: &str = "api_key";
/// The secret that is the Basic password.
pub(crate) const API_SECRET: &str = "api_secret";

const GETS: &str = "gets";
const POSTS: &str = "posts";
const COLLECTIONS: &str = "collections";

/// Speaks to one account.
#[derive(Debug)]
pub(crate) struct Client {
    /// Up to and with `/api/`.
    root: String,
}

/// An answer of status 2xx that is JSON and carries no error.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) sent_at: Timestamp,
    pub(crate) bytes: Vec<u8>,
}

/// What GraphQL answered.
#[derive(Debug)]
pub(crate) struct GraphQlAnswer {
    pub(crate) sent_at: Timestamp,
    pub(crate) data: Value,
}

/// Finale's published limits: 120 GET and 120 POST a minute, 300 reads of whole collections an hour.
pub(crate) fn buckets() -> Vec<RateBucket> {
    let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(3600));
    vec![
        RateBucket::new(GETS, 120, minute),
        RateBucket::new(POSTS, 120, minute),
        RateBucket::new(COLLECTIONS, 300, hour),
    ]
}

// === impl Client ===

impl Client {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            root: format!("{}/{}/api/", settings.base_url, settings.account),
        }
    }

    /// A whole collection; without its trailing slash Finale knows none.
    pub(crate) async fn collection(
        &self,
        ctx: &Ctx,
        name: &str,
        filter: Option<DateFilter>,
    ) -> Result<Body, Failure> {
        let query = filter.map(DateFilter::query).unwrap_or_default();
        let request = ctx.http().get(format!("{}{name}/{query}", self.root));
        read(request.bucket(GETS).bucket(COLLECTIONS)).await
    }

    /// One GraphQL query; its errors are a [`Failure::GraphQl`].
    pub(crate) async fn graphql(&self, ctx: &Ctx, query: &str) -> Result<GraphQlAnswer, Failure> {
        let body = self
            .post(ctx, "graphql", &json!({ "query": query }))
            .await?;
        failure::graphql_data(&body.bytes).map(|data| GraphQlAnswer {
            sent_at: body.sent_at,
            data,
        })
    }

    /// Creates something.
    pub(crate) async fn post<T: Serialize + ?Sized>(
        &self,
        ctx: &Ctx,
        path: &str,
        body: &T,
    ) -> Result<Body, Failure> {
        let request = ctx
            .http()
            .post(format!("{}{path}", self.root))
            .json(body)
            .map_err(Failure::NoAnswer)?;
        read(request.bucket(POSTS)).await
    }
}

async fn read(request: HttpRequestBuilder<'_>) -> Result<Body, Failure> {
    let request = request
        .basic(API_KEY, API_SECRET)
        .header("accept", "application/json");
    let mut response = request.send().await.map_err(Failure::NoAnswer)?;
    let bytes = response.bytes().await.map_err(Failure::NoAnswer);
    match failure::of_status(&response, bytes.as_deref().unwrap_or_default()) {
        Some(failure) => Err(failure),
        None => {
            let bytes = bytes?;
            failure::of_body(&bytes).map_or(
                Ok(Body {
                    sent_at: response.sent_at(),
                    bytes,
                }),
                Err,
            )
        }
    }
}

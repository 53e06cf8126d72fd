//! A webhook as the API shows it.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::{Sku, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::event_log::EventType;
use crate::http::etag::Tagged;
use crate::http::paging::{Cursor, Limit};
use crate::http::problem::Problem;
use crate::id::{SourceId, WebhookId};
use crate::webhook::{self, Attempt, Counts};

/// Which webhooks to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct WebhookQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    pub(super) cursor: Option<Cursor<WebhookId>>,
}

/// An address that is told of what happens, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Webhook {
    /// Its id.
    id: WebhookId,
    /// What people call it.
    name: String,
    /// Where messages go.
    #[schema(example = "https://example.com/hooks/stock")]
    url: String,
    /// Of which types of events it is told; of all when there is none.
    types: Vec<EventType>,
    /// Of which sources; of all when there is none.
    sources: Vec<SourceId>,
    /// Of which SKUs; of all when there is none. What is about no SKU is told in any case.
    #[schema(value_type = Vec<String>)]
    skus: Vec<Sku>,
    /// Whether messages are sent.
    enabled: bool,
    /// Since when its receiver says that it is gone for good (410), which turned it off.
    #[schema(value_type = Option<String>)]
    gone_at: Option<Moment>,
    /// When it had last missed events, because the log had forgotten them before it had read them.
    #[schema(value_type = Option<String>)]
    missed_at: Option<Moment>,
    /// How many messages are still tried.
    pending: u64,
    /// How many could not be delivered, and can be sent again.
    dead: u64,
    /// When a message last arrived.
    #[schema(value_type = Option<String>)]
    delivered_at: Option<Moment>,
    /// The last attempt that failed.
    failed: Option<Failure>,
    /// Until when the secret before the present one signs as well.
    #[schema(value_type = Option<String>)]
    previous_secret_until: Option<Moment>,
    /// When it was made.
    #[schema(value_type = String)]
    created_at: Moment,
    /// What a change is based on; the `ETag` in quotes.
    version: i64,
}

/// An attempt that failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookFailure)]
pub(in crate::http) struct Failure {
    /// When.
    #[schema(value_type = String)]
    at: Moment,
    /// What was answered, when anything was.
    status: Option<u16>,
    /// Why, for people.
    error: String,
}

/// A webhook with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct IssuedWebhook {
    /// The webhook.
    #[serde(flatten)]
    webhook: Webhook,
    /// What signs its messages. Shown only now.
    #[schema(example = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
    secret: String,
}

/// What came of a ping.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Pinged {
    /// Whether it arrived.
    delivered: bool,
    /// What was answered, when anything was.
    status: Option<u16>,
    /// Why it did not arrive, for people.
    error: Option<String>,
    /// How long it took, in milliseconds.
    took_ms: u64,
}

// === impl Webhook ===

impl Webhook {
    pub(super) fn of(webhook: webhook::Webhook, counts: Counts, now: Timestamp) -> Self {
        let still_signs = |until: &Timestamp| *until > now;
        let previous = webhook.previous_until.filter(still_signs);
        Self {
            id: webhook.id,
            name: webhook.name,
            url: webhook.url,
            types: webhook.filter.types.into_iter().collect(),
            sources: webhook.filter.sources.into_iter().collect(),
            skus: webhook.filter.skus.into_iter().collect(),
            enabled: webhook.enabled,
            gone_at: webhook.gone_at.map(Moment),
            missed_at: webhook.missed_at.map(Moment),
            pending: counts.pending,
            dead: counts.dead,
            delivered_at: webhook.delivered_at.map(Moment),
            failed: webhook.failed.map(|failed| Failure {
                at: Moment(failed.at),
                status: failed.status,
                error: failed.error,
            }),
            previous_secret_until: previous.map(Moment),
            created_at: Moment(webhook.created_at),
            version: webhook.version,
        }
    }

    pub(super) async fn tagged(
        parts: &Parts,
        webhook: webhook::Webhook,
    ) -> Result<Tagged<Self>, Problem> {
        let counts = parts.webhooks.counts(&webhook).await?;
        Ok(Tagged {
            version: webhook.version,
            body: Self::of(webhook, counts, parts.clock.now()),
        })
    }
}

// === impl IssuedWebhook ===

impl IssuedWebhook {
    pub(super) fn of(issued: webhook::IssuedWebhook, now: Timestamp) -> Self {
        Self {
            webhook: Webhook::of(issued.webhook, Counts::default(), now),
            secret: issued.secret.text().reveal().to_owned(),
        }
    }
}

impl IntoResponse for IssuedWebhook {
    fn into_response(self) -> Response {
        let tagged = Tagged {
            version: self.webhook.version,
            body: self,
        };
        let mut response = tagged.into_response();
        let no_store = HeaderValue::from_static("no-store");
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, no_store);
        response
    }
}

impl From<Attempt> for Pinged {
    fn from(attempt: Attempt) -> Self {
        Self {
            delivered: attempt.error.is_none(),
            status: attempt.status,
            error: attempt.error,
            took_ms: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

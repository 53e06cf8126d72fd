//! A delivery as the API shows it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::connection::state::Moment;
use crate::event_log::EventId;
use crate::http::paging::{Cursor, Limit};
use crate::webhook::{self, DeliveryState};

/// Which deliveries to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct DeliveryQuery {
    /// Only those that are so far.
    #[param(value_type = Option<DeliveryState>)]
    pub(super) state: Option<DeliveryState>,
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    pub(super) limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    pub(super) cursor: Option<Cursor<EventId>>,
}

/// A delivery, without what is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDeliverySummary)]
pub(in crate::http) struct DeliverySummary {
    /// Of which event it tells, by its number in the log.
    #[schema(value_type = String, example = "4711")]
    event_id: EventId,
    /// That event's type.
    #[serde(rename = "type")]
    kind: String,
    /// How far it is.
    state: DeliveryState,
    /// How often it was tried.
    attempts: u32,
    /// When it was made.
    #[schema(value_type = String)]
    created_at: Moment,
    /// When it is tried next.
    #[schema(value_type = Option<String>)]
    next_attempt_at: Option<Moment>,
    /// The last attempt.
    last_attempt: Option<LastAttempt>,
}

/// A delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub(in crate::http) struct Delivery {
    /// How far it is.
    #[serde(flatten)]
    summary: DeliverySummary,
    /// What is sent; nothing once it has arrived.
    #[schema(value_type = Option<Object>)]
    payload: Option<Value>,
}

/// The last attempt at a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub(in crate::http) struct LastAttempt {
    /// When it ended.
    #[schema(value_type = String)]
    at: Moment,
    /// How long it took, in milliseconds.
    took_ms: u64,
    /// What was answered, when anything was.
    status: Option<u16>,
    /// Why it failed, for people; nothing when it did not.
    error: Option<String>,
}

/// How many dead letters are sent again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookResent)]
pub(in crate::http) struct Resent {
    /// How many.
    pub(super) resent: u64,
}

impl From<webhook::Delivery> for DeliverySummary {
    fn from(delivery: webhook::Delivery) -> Self {
        let is_pending = delivery.state == DeliveryState::Pending;
        Self {
            event_id: delivery.event_id,
            kind: delivery.event_type,
            state: delivery.state,
            attempts: delivery.attempts,
            created_at: Moment(delivery.made_at),
            next_attempt_at: is_pending.then_some(Moment(delivery.due_at)),
            last_attempt: delivery.last.map(|last| LastAttempt {
                at: Moment(last.at),
                took_ms: u64::try_from(last.took.as_millis()).unwrap_or(u64::MAX),
                status: last.status,
                error: last.error,
            }),
        }
    }
}

impl From<webhook::Delivery> for Delivery {
    fn from(mut delivery: webhook::Delivery) -> Self {
        let body = std::mem::take(&mut delivery.body);
        Self {
            // Empty once it is delivered, and then no JSON.
            payload: serde_json::from_str(&body).ok(),
            summary: delivery.into(),
        }
    }
}

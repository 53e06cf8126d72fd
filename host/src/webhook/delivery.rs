//! A delivery: one message for one webhook, until it has arrived or is given up.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bestand_plugin_api::Timestamp;
use serde::{Deserialize, Serialize};

use crate::event_log::EventId;
use crate::id::WebhookId;

/// One message for one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// For whom.
    pub webhook_id: WebhookId,
    /// Of which event it tells.
    pub event_id: EventId,
    /// That event's type.
    pub event_type: String,
    /// What is sent; empty once it is delivered.
    pub body: String,
    /// How far it is.
    pub state: DeliveryState,
    /// When it is tried next; for what is not tried any more, when that was decided.
    pub due_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// The last attempt whose end was seen.
    pub last: Option<LastAttempt>,
}

/// The last attempt at a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastAttempt {
    /// When it ended.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// What was answered, when anything was.
    pub status: Option<u16>,
    /// Why it failed, for people; nothing when it did not.
    pub error: Option<String>,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is tried until it arrives, for about a day.
    Pending,
    /// It could not be delivered, and waits for somebody to send it again.
    Dead,
    /// It has arrived; a few of those are kept to be looked at.
    Delivered,
}

// === impl DeliveryState ===

impl DeliveryState {
    /// The word for it, in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Dead => "dead",
            Self::Delivered => "delivered",
        }
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeliveryState {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "pending" => Ok(Self::Pending),
            "dead" => Ok(Self::Dead),
            "delivered" => Ok(Self::Delivered),
            other => Err(format!("`{other}` is no state of a delivery")),
        }
    }
}

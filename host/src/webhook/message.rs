//! A message: the body that is signed and sent, and the id under which a receiver knows it again.

use bestand_plugin_api::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::connection::state::Moment;
use crate::event_log::{Event, EventId, News};
use crate::id::WebhookId;

/// The type of a message that only tries out whether messages arrive.
pub const PING: &str = "webhook.ping";

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The same for every attempt, and different for every webhook.
    pub id: String,
    /// JSON, byte for byte as it is signed.
    pub body: String,
}

/// The body of a message about an event.
#[derive(Serialize)]
struct Payload<'a> {
    timestamp: Moment,
    #[serde(flatten)]
    news: &'a News,
}

/// The body of a ping.
#[derive(Serialize)]
struct Ping {
    timestamp: Moment,
    #[serde(rename = "type")]
    kind: &'static str,
    data: Pinged,
}

#[derive(Serialize)]
struct Pinged {
    webhook_id: WebhookId,
}

// === impl Message ===

impl Message {
    /// One that tells `webhook` nothing but that it is reached.
    #[must_use]
    pub fn ping(webhook: WebhookId, now: Timestamp) -> Self {
        let ping = Ping {
            timestamp: Moment(now),
            kind: PING,
            data: Pinged {
                webhook_id: webhook,
            },
        };
        Self {
            id: format!(
                "msg_{}_ping_{}",
                webhook.0.simple(),
                Uuid::now_v7().simple()
            ),
            body: serde_json::to_string(&ping).expect("texts are JSON"),
        }
    }
}

/// The id of the message that tells `webhook` of this event. The event's number comes last.
#[must_use]
pub fn id_of(webhook: WebhookId, event: EventId) -> String {
    format!("msg_{}_{event}", webhook.0.simple())
}

/// The body that tells of an event: `type`, `timestamp` and `data`.
#[must_use]
pub fn body_of(event: &Event) -> String {
    let payload = Payload {
        timestamp: Moment(event.at),
        news: &event.news,
    };
    serde_json::to_string(&payload).expect("news are numbers and texts under texts")
}

//! What a system sends by itself: webhooks and pushes.

use serde::{Deserialize, Serialize};

use crate::{LocationId, Sku, StockLevel, Timestamp};

/// A request that arrived at this connection's address, exactly as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundRequest {
    /// `POST` as a rule.
    pub method: String,
    /// The full public URL, which some systems sign.
    pub url: String,
    /// Names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The raw body: verify the signature on these bytes, before parsing.
    #[serde(with = "serde_bytes")]
    pub body: Vec<u8>,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// What a verified request meant, and the answer to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundOutcome {
    /// The sender's id of this delivery; the host drops what it has already seen.
    #[serde(default)]
    pub event_id: Option<String>,
    /// What to do.
    pub event: InboundEvent,
    /// What to answer.
    pub reply: InboundReply,
}

/// What a request meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundEvent {
    /// Whole truths that may be stored as they are.
    Levels(Vec<StockLevel>),
    /// Something changed: read these again. Empty lists mean "anything".
    Hint {
        /// The articles, when known.
        #[serde(default)]
        skus: Vec<Sku>,
        /// The places, when known.
        #[serde(default)]
        locations: Vec<LocationId>,
    },
    /// So much changed that a full listing is needed.
    ResyncNeeded,
    /// Verified and of no interest.
    Ignored,
}

/// The HTTP answer to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundReply {
    /// HTTP status.
    pub status: u16,
    /// `content-type` of `body`.
    #[serde(default)]
    pub content_type: Option<String>,
    /// The body.
    #[serde(default, with = "serde_bytes")]
    pub body: Vec<u8>,
}

// === impl InboundOutcome ===

impl InboundOutcome {
    /// `event`, answered with an empty 200.
    #[must_use]
    pub fn ok(event: InboundEvent, event_id: Option<String>) -> Self {
        Self {
            event_id,
            event,
            reply: InboundReply::status(200),
        }
    }
}

impl InboundReply {
    /// An empty answer.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            content_type: None,
            body: Vec::new(),
        }
    }

    /// Whether the sender is told that all is well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Shown by [`crate::Inbound::receive`] when a signature is wrong: nothing is learnt and 401 is answered.
impl From<InboundReply> for InboundOutcome {
    fn from(reply: InboundReply) -> Self {
        Self {
            event_id: None,
            event: InboundEvent::Ignored,
            reply,
        }
    }
}

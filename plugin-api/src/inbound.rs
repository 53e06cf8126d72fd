//! What a system sends by itself: webhooks and pushes.

use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Adapter, Ctx, Result, Timestamp};

mod event;

pub use event::InboundEvent;

/// Understands what the system sends by itself.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl Inbound for Shelf {
///     async fn receive(&self, ctx: &Ctx, request: InboundRequest) -> Result<InboundOutcome> {
///         let signature = request.header("x-shelf-signature").unwrap_or_default().as_bytes();
///         if !ctx.hmac_verify(&["webhook_secret"], &request.body, signature).await? {
///             return Err(AdapterError::auth("the signature is wrong"));
///         }
///         let row: Row = serde_json::from_slice(&request.body)
///             .map_err(|error| AdapterError::protocol(format!("not a row of stock: {error}")))?;
///         let delivery = request.header("x-shelf-delivery").map(str::to_owned);
///         let level = row.level(request.received_at);
///         Ok(InboundOutcome::ok(InboundEvent::Levels(vec![level]), delivery))
///     }
///
///     async fn register(&self, ctx: &Ctx, public_url: &str) -> Result<()> {
///         let hook = ctx.http().request("PUT", "https://api.shelf.example/hook");
///         hook.json(&serde_json::json!({ "url": public_url }))?.send().await?;
///         Ok(())
///     }
///
///     async fn unregister(&self, ctx: &Ctx, _: &str) -> Result<()> {
///         ctx.http().request("DELETE", "https://api.shelf.example/hook").send().await?;
///         Ok(())
///     }
/// }
/// ```
pub trait Inbound: Adapter {
    /// Verifies and reads one request, sent by anybody: nothing in it is true before it is verified. Called for each
    /// request to the connection's address; several may be under way at once. The host drops duplicates by event id,
    /// and replays by age.
    ///
    /// Deadline under 1 s, because senders give up soon: note what is to be done and leave it to the host (`Hint`).
    /// A `POST` that is not answered by then is kept, its sender is told 202, and it is handed in again later, exactly
    /// as it came, with 30 s to answer; `received_at` is still when it arrived, and your reply then reaches nobody.
    ///
    /// # Errors
    /// [`Auth`](crate::ErrorKind::Auth) when the signature is wrong (answered 401, nothing else happens),
    /// [`Protocol`](crate::ErrorKind::Protocol) when it makes no sense (400). After anything else it is handed in again
    /// later.
    fn receive(
        &self,
        ctx: &Ctx,
        request: InboundRequest,
    ) -> impl Future<Output = Result<InboundOutcome>> + Send;

    /// Sees to it that the system sends to `public_url`, and to nowhere else of ours: makes what is missing, mends
    /// what is wrong. Called when a connection starts and every hour, so it must change nothing when all is well;
    /// not at all in an installation without a public address. Deadline 30 s.
    ///
    /// # Errors
    /// What happened; asked again within the hour, and syncs go on meanwhile.
    fn register(&self, ctx: &Ctx, public_url: &str) -> impl Future<Output = Result<()>> + Send;

    /// Takes back what [`register`](Self::register) made. Called once, when a connection is removed. Deadline 30 s.
    ///
    /// # Errors
    /// What happened; the operator is told what to remove by hand.
    fn unregister(&self, ctx: &Ctx, public_url: &str) -> impl Future<Output = Result<()>> + Send;
}

/// A request that arrived at this connection's address, exactly as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
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
#[non_exhaustive]
pub struct InboundOutcome {
    /// The sender's id of this delivery; the host drops what it has already seen.
    #[serde(default)]
    pub event_id: Option<String>,
    /// What to do.
    pub event: InboundEvent,
    /// What to answer.
    pub reply: InboundReply,
    /// When the sender made this delivery; the host refuses what arrived too long after it or before it.
    #[serde(default)]
    pub sent_at: Option<Timestamp>,
    /// How long after `sent_at` it may arrive, in milliseconds; five minutes when this is not said.
    #[serde(default)]
    pub age_max_ms: Option<u64>,
}

/// The HTTP answer to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InboundReply {
    /// HTTP status. Other than 2xx, the host does nothing about the event.
    pub status: u16,
    /// `content-type` of `body`.
    #[serde(default)]
    pub content_type: Option<String>,
    /// The body.
    #[serde(default, with = "serde_bytes")]
    pub body: Vec<u8>,
}

// === impl InboundRequest ===

impl InboundRequest {
    /// A request without headers.
    pub fn new(
        method: impl Into<String>,
        url: impl Into<String>,
        body: Vec<u8>,
        received_at: Timestamp,
    ) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body,
            received_at,
        }
    }

    /// The same with a header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// The same with these headers, whose names are in lower case.
    #[must_use]
    pub fn with_headers(mut self, headers: impl IntoIterator<Item = (String, String)>) -> Self {
        self.headers.extend(headers);
        self
    }

    /// The first header of this name, whatever the case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter();
        named
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
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
            sent_at: None,
            age_max_ms: None,
        }
    }

    /// The same, made by its sender at this moment. For a moment that the signature covers: it is that of this very
    /// attempt, so what is older than five minutes is a replay.
    #[must_use]
    pub fn sent_at(self, moment: Timestamp) -> Self {
        Self {
            sent_at: Some(moment),
            ..self
        }
    }

    /// The same, which may arrive so long after it was made. For senders whose moment is that of the first attempt:
    /// name the time for which they try again. The host remembers event ids for three days, and takes nothing older.
    #[must_use]
    pub fn at_most(self, age: Duration) -> Self {
        Self {
            age_max_ms: Some(u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
            ..self
        }
    }

    /// The same, answered with `reply`.
    #[must_use]
    pub fn with_reply(self, reply: InboundReply) -> Self {
        Self { reply, ..self }
    }
}

/// The answer alone: nothing is done, as after a sender's test of the address.
impl From<InboundReply> for InboundOutcome {
    fn from(reply: InboundReply) -> Self {
        Self::ok(InboundEvent::Ignored, None).with_reply(reply)
    }
}

// === impl InboundReply ===

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

    /// The same with a body.
    #[must_use]
    pub fn with_body(self, content_type: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            content_type: Some(content_type.into()),
            body: body.into(),
            ..self
        }
    }

    /// Whether the sender is told that all is well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

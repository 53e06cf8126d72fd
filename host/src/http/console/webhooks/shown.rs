//! A webhook and its messages as pages show them: never with its secret.

use crate::http::console::moment::When;
use crate::http::console::tone::Tone;
use crate::http::console::visitor::Visitor;
use crate::id::WebhookId;
use crate::webhook::{Attempt, Counts, Delivery, Webhook};

/// A webhook.
pub(super) struct ShownWebhook {
    pub(super) id: WebhookId,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) state: Tone,
    pub(super) pending: String,
    pub(super) dead: String,
    pub(super) delivered: Option<When>,
    pub(super) failed: Option<ShownFailure>,
    pub(super) missed: Option<When>,
    pub(super) made: When,
    pub(super) version: i64,
}

/// An attempt that failed.
pub(super) struct ShownFailure {
    pub(super) at: When,
    /// As it was said.
    pub(super) error: String,
}

/// A message that could not be delivered.
pub(super) struct ShownDelivery {
    pub(super) event: String,
    pub(super) kind: String,
    pub(super) since: When,
    pub(super) error: String,
    pub(super) body: String,
}

/// What came of a trial.
pub(super) struct Pinged {
    pub(super) class: &'static str,
    pub(super) sentence: String,
    /// As it was said; empty when it arrived.
    pub(super) error: String,
}

// === impl ShownWebhook ===

impl ShownWebhook {
    pub(super) fn of(webhook: Webhook, counts: Counts, visitor: &Visitor) -> Self {
        Self {
            id: webhook.id,
            state: state(&webhook, counts, visitor),
            name: webhook.name,
            url: webhook.url,
            pending: visitor.whole(counts.pending),
            dead: visitor.whole(counts.dead),
            delivered: webhook.delivered_at.map(|at| visitor.when(at)),
            failed: webhook.failed.map(|failed| ShownFailure {
                at: visitor.when(failed.at),
                error: failed.error,
            }),
            missed: webhook.missed_at.map(|at| visitor.when(at)),
            made: visitor.when(webhook.created_at),
            version: webhook.version,
        }
    }
}

fn state(webhook: &Webhook, counts: Counts, visitor: &Visitor) -> Tone {
    let failed_at = webhook.failed.as_ref().map(|failed| failed.at);
    let is_failing = counts.pending > 0 && failed_at > webhook.delivered_at;
    let (word, class, icon) = match () {
        () if webhook.gone_at.is_some() => ("webhook-gone", "bad", "close"),
        () if !webhook.enabled => ("webhook-paused", "", "pause"),
        () if is_failing => ("webhook-failing", "bad", "warn"),
        () if counts.dead > 0 => ("webhook-has-dead", "doubt", "warn"),
        () => ("webhook-works", "good", "good"),
    };
    Tone::new(visitor.text().say(word), class, icon)
}

// === impl ShownDelivery ===

impl ShownDelivery {
    pub(super) fn of(delivery: Delivery, visitor: &Visitor) -> Self {
        Self {
            event: delivery.event_id.to_string(),
            kind: delivery.event_type,
            since: visitor.when(delivery.made_at),
            error: delivery
                .last
                .and_then(|last| last.error)
                .unwrap_or_default(),
            body: delivery.body,
        }
    }
}

// === impl Pinged ===

impl Pinged {
    pub(super) fn of(attempt: Attempt, visitor: &Visitor) -> Self {
        let (class, id) = match attempt.error {
            None => ("good", "webhook-pinged"),
            Some(_) => ("bad", "webhook-not-pinged"),
        };
        let millis = u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX);
        Self {
            class,
            sentence: visitor.text().name(id, visitor.whole(millis)),
            error: attempt.error.unwrap_or_default(),
        }
    }
}

//! Why something with a webhook was not done.

use super::draft::{NAME_CHARS_MAX, NAMED_MAX};
use crate::event_log::EventId;
use crate::id::{SourceId, WebhookId};
use crate::store;
use crate::webhook::{AddressFault, DeliveryState, PER_ACCOUNT_MAX};

/// Why something with a webhook was not done.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The account has none of this id.
    #[error("there is no webhook `{0}`")]
    Missing(WebhookId),
    /// It cannot be as it is to be.
    #[error("the webhook is not valid")]
    Invalid(Vec<WebhookFault>),
    /// The account has as many as it may.
    #[error("there are {PER_ACCOUNT_MAX} webhooks, which is the most; remove one first")]
    TooMany,
    /// It has no delivery of this event.
    #[error("there is no delivery of event `{0}`, or none any more")]
    NoDelivery(EventId),
    /// Only dead letters are sent again.
    #[error("only dead letters are sent again; this delivery is {0}")]
    NotDead(DeliveryState),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Something wrong with a webhook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookFault {
    /// Messages may not go there.
    #[error(transparent)]
    Address(AddressFault),
    /// Its name is too long, or it has none.
    #[error("it must have 1 to {NAME_CHARS_MAX} characters")]
    Name,
    /// It names a source that the account does not have.
    #[error("there is no inventory source `{0}`")]
    NoSource(SourceId),
    /// It names too many sources.
    #[error("it must name at most {NAMED_MAX}; leave it empty for all")]
    TooManySources,
    /// It names too many SKUs.
    #[error("it must name at most {NAMED_MAX}; leave it empty for all")]
    TooManySkus,
}

// === impl WebhookFault ===

impl WebhookFault {
    /// Which field is wrong.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Address(_) => "url",
            Self::Name => "name",
            Self::NoSource(_) | Self::TooManySources => "sources",
            Self::TooManySkus => "skus",
        }
    }
}

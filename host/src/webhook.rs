//! Outgoing webhooks: who wants to be told over HTTP of what happens, is told, at least once.
//!
//! `event log → fan_out → delivery → courier → attempt → outcome`: each webhook reads the log from its own position and
//! turns what it wants into deliveries; the [`dispatcher`] sends those that are due and keeps what came of it. Messages
//! are signed as [Standard Webhooks](https://www.standardwebhooks.com) describes. SQL is in
//! [`store::webhook`](crate::store::webhook).

pub mod address;
pub mod attempt;
pub mod delivery;
pub mod dispatcher;
pub mod message;
pub mod retry;
pub mod secret;

mod courier;
mod fan_out;
mod webhooks;

#[cfg(test)]
mod tests;

pub use address::{AddressFault, Reach};
pub use attempt::Attempt;
pub use courier::Courier;
pub use delivery::{Delivery, DeliveryState};
pub use secret::SigningSecret;
pub use webhooks::{
    IssuedWebhook, ROTATION_GRACE, WebhookDraft, WebhookError, WebhookFault, Webhooks,
};

use bestand_plugin_api::Timestamp;

use crate::event_log::Filter;
use crate::id::{AccountId, WebhookId};

/// Most webhooks of one account: each is a reader of its log, and a customer's systems are few.
pub const PER_ACCOUNT_MAX: usize = 20;
/// Most deliveries that wait for one webhook; beyond that it reads on later, for as long as the log keeps the rest.
pub const PENDING_MAX: u32 = 10_000;
/// Most dead letters kept of one webhook.
pub const DEAD_MAX: u32 = 10_000;
/// How long dead letters are kept, in days.
pub const DEAD_DAYS_MAX: u64 = 30;

/// An address that is told of what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose log it reads.
    pub account_id: AccountId,
    /// What people call it.
    pub name: String,
    /// Where messages go. It may hold a token of the receiver's, so that it is for operators' eyes only.
    pub url: String,
    /// What it wants to be told.
    pub filter: Filter,
    /// Whether messages are sent. One that is not goes on later where it stopped, as far back as the log reaches.
    pub enabled: bool,
    /// Since when its receiver says that it is gone for good.
    pub gone_at: Option<Timestamp>,
    /// When the log had last forgotten something before this webhook had read it.
    pub missed_at: Option<Timestamp>,
    /// Until when the secret before the present one signs as well.
    pub previous_until: Option<Timestamp>,
    /// When something was last delivered.
    pub delivered_at: Option<Timestamp>,
    /// The last attempt that failed.
    pub failed: Option<Failure>,
    /// What a change is based on.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// When.
    pub at: Timestamp,
    /// What was answered, when anything was.
    pub status: Option<u16>,
    /// Why, for people.
    pub error: String,
}

/// How many deliveries of a webhook there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that are still tried.
    pub pending: u64,
    /// Those that could not be delivered.
    pub dead: u64,
}

//! The webhooks of all accounts: made, changed, tried out, and what became of their messages.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::Timestamp;
use tokio::sync::Notify;

use super::message::{self, Message};
use super::retry::{self, Outcome};
use super::{
    Attempt, Counts, Courier, DEAD_DAYS_MAX, DEAD_MAX, Delivery, DeliveryState, PER_ACCOUNT_MAX,
    SigningSecret, Webhook,
};
use crate::activity::{Activity, Actor, Event, EventKind, Subject};
use crate::clock::Clock;
use crate::event_log::{EventId, EventLog};
use crate::id::{AccountId, WebhookId};
use crate::secret::vault::{Place, Vault};
use crate::store::webhook::StoredWebhook;
use crate::store::webhook::delivery::{self, Claimed};
use crate::store::{self, Db};

mod draft;
mod error;

pub use draft::WebhookDraft;
pub use error::{WebhookError, WebhookFault};

/// For how long the secret before a new one still signs: its receiver has a day to take the new one up.
pub const ROTATION_GRACE: Duration = Duration::from_secs(24 * 3600);
/// The name of a webhook's secret in the vault.
const SECRET: &str = "webhook_secret";

/// The webhooks of all accounts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Webhooks {
    shared: Arc<Shared>,
}

/// What they work with.
#[derive(Debug)]
struct Shared {
    db: Db,
    clock: Clock,
    vault: Vault,
    activity: Activity,
    log: EventLog,
    courier: Courier,
    /// Told when there may be something to send.
    changed: Notify,
}

/// A webhook with its secret: the only time that is seen.
#[derive(Clone, Debug)]
pub struct IssuedWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// What signs its messages.
    pub secret: SigningSecret,
}

// === impl Webhooks ===

impl Webhooks {
    /// Those in `db`, which read from `log` and whose messages `courier` carries.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Clock,
        vault: Vault,
        activity: Activity,
        log: EventLog,
        courier: Courier,
    ) -> Self {
        let shared = Shared {
            db,
            clock,
            vault,
            activity,
            log,
            courier,
            changed: Notify::new(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The account's webhooks, oldest first, with how many deliveries each has.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn list(&self, account: AccountId) -> Result<Vec<(Webhook, Counts)>, store::Error> {
        let all = store::webhook::list(self.db(), account).await?;
        let mut counts: HashMap<_, _> = delivery::counts(self.db(), account).await?;
        let with_counts = all.into_iter().map(|webhook| {
            let counts = counts.remove(&webhook.id).unwrap_or_default();
            (webhook, counts)
        });
        Ok(with_counts.collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// `Missing` when the account has none of this id.
    pub async fn find(&self, account: AccountId, id: WebhookId) -> Result<Webhook, WebhookError> {
        Ok(self.stored(account, id).await?.webhook)
    }

    /// How many deliveries one of them has.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn counts(&self, webhook: &Webhook) -> Result<Counts, store::Error> {
        let mut counts = delivery::counts(self.db(), webhook.account_id).await?;
        Ok(counts.remove(&webhook.id).unwrap_or_default())
    }

    /// Makes one. It is told of what happens from now on.
    ///
    /// # Errors
    /// `Invalid` with all that is wrong with it, `TooMany` when the account has as many as it may.
    pub async fn add(
        &self,
        account: AccountId,
        draft: WebhookDraft,
    ) -> Result<IssuedWebhook, WebhookError> {
        let webhook = draft.into_new(account, self.clock().now());
        draft::check(self.db(), &webhook, self.shared.courier.reach()).await?;
        let secret = SigningSecret::generate();
        let sealed = self.seal(&webhook, &secret);
        let position = self.log().head(account).await?;
        match store::webhook::insert(self.db(), &webhook, position, &sealed, PER_ACCOUNT_MAX)
            .await?
        {
            true => Ok(IssuedWebhook { webhook, secret }),
            false => Err(WebhookError::TooMany),
        }
    }

    /// Stores one that is changed, when nobody else has changed it since it was read.
    ///
    /// # Errors
    /// `Invalid` with all that is wrong with it; `Store` with a conflict when somebody has.
    pub async fn change(&self, webhook: &Webhook) -> Result<Webhook, WebhookError> {
        draft::check(self.db(), webhook, self.shared.courier.reach()).await?;
        let changed = store::webhook::update(self.db(), webhook).await?;
        self.shared.changed.notify_one();
        Ok(changed)
    }

    /// Removes one, with all its deliveries.
    ///
    /// # Errors
    /// A conflict when somebody has changed it since it was read at `version`.
    pub async fn remove(&self, webhook: &Webhook) -> Result<(), WebhookError> {
        let Webhook {
            account_id,
            id,
            version,
            ..
        } = *webhook;
        Ok(store::webhook::delete(self.db(), account_id, id, version).await?)
    }

    /// Gives one a new secret; the one before signs as well for [`ROTATION_GRACE`].
    ///
    /// # Errors
    /// `Missing` when the account has none of this id.
    pub async fn rotate(
        &self,
        account: AccountId,
        id: WebhookId,
    ) -> Result<IssuedWebhook, WebhookError> {
        let webhook = self.find(account, id).await?;
        let secret = SigningSecret::generate();
        let sealed = self.seal(&webhook, &secret);
        let until = self.clock().now().after(ROTATION_GRACE);
        store::webhook::replace_secret(self.db(), account, id, &sealed, until).await?;
        let webhook = self.find(account, id).await?;
        Ok(IssuedWebhook { webhook, secret })
    }

    /// Sends one a message that tells nothing, now, and answers what came of it.
    ///
    /// # Errors
    /// `Missing` when the account has none of this id.
    pub async fn ping(&self, account: AccountId, id: WebhookId) -> Result<Attempt, WebhookError> {
        let stored = self.stored(account, id).await?;
        let message = Message::ping(id, self.clock().now());
        Ok(self.carry(&stored, &message).await)
    }

    /// Deliveries of one, those of the newest events first, after `after`, at most `limit`.
    ///
    /// # Errors
    /// `Missing` when the account has none of this id.
    pub async fn deliveries(
        &self,
        account: AccountId,
        id: WebhookId,
        state: Option<DeliveryState>,
        after: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Delivery>, WebhookError> {
        self.find(account, id).await?;
        Ok(delivery::list(self.db(), account, id, state, after, limit).await?)
    }

    /// One delivery, with what is sent.
    ///
    /// # Errors
    /// `NoDelivery` when there is none, or none any more.
    pub async fn delivery(
        &self,
        account: AccountId,
        id: WebhookId,
        event: EventId,
    ) -> Result<Delivery, WebhookError> {
        let found = delivery::find(self.db(), account, id, event).await?;
        found.ok_or(WebhookError::NoDelivery(event))
    }

    /// Sends a dead letter again, as if it had never been tried.
    ///
    /// # Errors
    /// `NoDelivery` when there is none, `NotDead` when it is still tried or has arrived.
    pub async fn resend(
        &self,
        account: AccountId,
        id: WebhookId,
        event: EventId,
    ) -> Result<(), WebhookError> {
        let now = self.clock().now();
        let revived = delivery::revive(self.db(), account, id, Some(event), now).await?;
        if revived == 0 {
            let delivery = self.delivery(account, id, event).await?;
            return Err(WebhookError::NotDead(delivery.state));
        }
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Sends all dead letters of one again. Answers how many.
    ///
    /// # Errors
    /// `Missing` when the account has none of this id.
    pub async fn resend_all(&self, account: AccountId, id: WebhookId) -> Result<u64, WebhookError> {
        self.find(account, id).await?;
        let now = self.clock().now();
        let revived = delivery::revive(self.db(), account, id, None, now).await?;
        self.shared.changed.notify_one();
        Ok(revived)
    }

    /// Forgets dead letters that are too old or too many. Answers how many.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn forget(&self) -> Result<u64, store::Error> {
        let days = Duration::from_secs(DEAD_DAYS_MAX * 86_400);
        let before = self.clock().now().before(days);
        let mut forgotten = 0;
        for (account, id) in store::webhook::list_ids(self.db()).await? {
            forgotten += delivery::forget_dead(self.db(), account, id, before, DEAD_MAX).await?;
        }
        Ok(forgotten)
    }

    /// Sends a claimed delivery, and keeps what came of it.
    pub(super) async fn deliver(&self, stored: &StoredWebhook, claimed: Claimed) {
        let webhook = &stored.webhook;
        let message = Message {
            id: message::id_of(webhook.id, claimed.event_id),
            body: claimed.body.clone(),
        };
        let attempt = self.carry(stored, &message).await;
        let outcome = retry::decide(&attempt, claimed.attempt, rand::random());
        let kept = delivery::settle(self.db(), webhook, &claimed, &attempt, outcome).await;
        if let Err(error) = kept {
            tracing::warn!(
                webhook.id = %webhook.id, %error,
                "what came of a webhook's message was not kept; the message is sent again"
            );
            return;
        }
        self.tell(webhook, outcome).await;
    }

    /// Says in the activity what a person should know.
    async fn tell(&self, webhook: &Webhook, outcome: Outcome) {
        match outcome {
            Outcome::Gone => self.note(EventKind::WebhookGone, webhook),
            Outcome::GivenUp => {
                // The first dead letter says it; a thousand more say nothing new.
                let dead = delivery::count(self.db(), webhook, DeliveryState::Dead, 2).await;
                if dead.is_ok_and(|dead| dead == 1) {
                    self.note(EventKind::WebhookGaveUp, webhook);
                }
            }
            Outcome::Delivered | Outcome::Again(_) => {}
        }
    }

    async fn carry(&self, stored: &StoredWebhook, message: &Message) -> Attempt {
        let courier = &self.shared.courier;
        match self.secrets(stored) {
            Ok(secrets) => courier.carry(&stored.webhook.url, message, &secrets).await,
            Err(error) => Attempt {
                at: self.clock().now(),
                took: Duration::ZERO,
                status: None,
                error: Some(error),
                retry_after: None,
            },
        }
    }

    /// What signs now: the secret, and for a while the one before.
    fn secrets(&self, stored: &StoredWebhook) -> Result<Vec<SigningSecret>, String> {
        let webhook = &stored.webhook;
        let signs = |until: Timestamp| until > self.clock().now();
        let previous = stored.previous_secret.as_ref();
        let previous = previous.filter(|_| webhook.previous_until.is_some_and(signs));
        let open = |sealed: &Vec<u8>| {
            let opened = self.shared.vault.open(place(webhook), sealed);
            opened.map(SigningSecret::of).map_err(|error| {
                tracing::warn!(webhook.id = %webhook.id, %error, "a webhook's secret does not open");
                "its secret cannot be read any more; give it a new one".to_owned()
            })
        };
        [Some(&stored.secret), previous]
            .into_iter()
            .flatten()
            .map(open)
            .collect()
    }

    fn seal(&self, webhook: &Webhook, secret: &SigningSecret) -> Vec<u8> {
        self.shared.vault.seal(place(webhook), secret.text())
    }

    async fn stored(
        &self,
        account: AccountId,
        id: WebhookId,
    ) -> Result<StoredWebhook, WebhookError> {
        let found = store::webhook::find(self.db(), account, id).await?;
        found.ok_or(WebhookError::Missing(id))
    }

    pub(super) fn note(&self, kind: EventKind, webhook: &Webhook) {
        let subject = Subject::webhook(webhook);
        let event = Event::new(webhook.account_id, kind, Actor::DAEMON, subject);
        self.shared.activity.note(event);
    }

    /// Waits until there may be something to send.
    pub(super) async fn changed(&self) {
        self.shared.changed.notified().await;
    }

    pub(super) fn db(&self) -> &Db {
        &self.shared.db
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    pub(super) fn log(&self) -> &EventLog {
        &self.shared.log
    }
}

/// Where a webhook's secrets belong.
fn place(webhook: &Webhook) -> Place<'static> {
    Place {
        account: webhook.account_id,
        holder: webhook.id.0,
        name: SECRET,
    }
}

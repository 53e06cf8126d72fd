//! Webhooks over a real database on both engines, and a receiver on this machine.

use std::time::Duration;

use bestand_plugin_api::Timestamp;

use super::dispatcher::{Dispatcher, IN_FLIGHT_PER_WEBHOOK_MAX};
use super::message::id_of;
use super::*;
use crate::activity::{Activity, EventKind};
use crate::clock::Clock;
use crate::connection::state::Moment;
use crate::event_log::news::{SourceRecovered, SourceUnavailable};
use crate::event_log::{EventId, EventLog, EventType, News};
use crate::id::{ConnectionId, SourceId};
use crate::secret::key::Key;
use crate::secret::vault::Vault;
use crate::store::Db;
use crate::store::testing::{account, on_both_engines};
use crate::store::webhook::delivery::{self, NewDelivery, Reading};

mod receiver;

use receiver::Receiver;

const MINUTE: Duration = Duration::from_secs(60);

/// An account whose news are told to a receiver.
struct Stand {
    account: AccountId,
    clock: Clock,
    activity: Activity,
    log: EventLog,
    webhooks: Webhooks,
    dispatcher: Dispatcher,
    receiver: Receiver,
}

impl Stand {
    async fn new(db: &Db) -> Self {
        Self::reaching(db, Reach::Everywhere).await
    }

    async fn reaching(db: &Db, reach: Reach) -> Self {
        // The other implementation that signatures are held against looks at the time.
        let clock = Clock::set_at(Clock::system().now());
        let activity = Activity::open(db.clone(), clock.clone());
        let log = EventLog::open(db.clone(), clock.clone());
        let courier = Courier::new(clock.clone(), reach).unwrap();
        let vault = Vault::new(&Key::generate());
        let (db_, clock_) = (db.clone(), clock.clone());
        let webhooks = Webhooks::new(db_, clock_, vault, activity.clone(), log.clone(), courier);
        Self {
            account: account(db).await,
            dispatcher: Dispatcher::new(webhooks.clone()),
            receiver: Receiver::start().await,
            clock,
            activity,
            log,
            webhooks,
        }
    }

    async fn add(&self) -> IssuedWebhook {
        self.add_wanting(Filter::default()).await
    }

    async fn add_wanting(&self, filter: Filter) -> IssuedWebhook {
        let draft = WebhookDraft {
            name: "Shop".into(),
            url: self.receiver.url(),
            filter,
            enabled: true,
        };
        self.webhooks.add(self.account, draft).await.unwrap()
    }

    async fn happen(&self, news: News) {
        self.log.append(self.account, &[news]).await.unwrap();
    }

    /// One turn, to the end of all that it began.
    async fn turn(&mut self) {
        self.dispatcher.turn().await;
        self.dispatcher.settle().await;
    }

    async fn find(&self, id: WebhookId) -> Webhook {
        self.webhooks.find(self.account, id).await.unwrap()
    }

    async fn states(&self, id: WebhookId) -> Vec<(u64, DeliveryState, u32)> {
        let all = self.webhooks.deliveries(self.account, id, None, None, 100);
        let state = |delivery: Delivery| {
            let Delivery {
                event_id,
                state,
                attempts,
                ..
            } = delivery;
            (event_id.0, state, attempts)
        };
        all.await.unwrap().into_iter().map(state).collect()
    }

    async fn noted(&self) -> Vec<EventKind> {
        self.activity.settle().await;
        let filter = crate::store::activity::Filter::default();
        let page = self.activity.list(self.account, &filter, None, 10);
        let noted = page.await.unwrap().events.into_iter();
        noted.map(|noted| noted.event.kind).collect()
    }
}

fn recovered() -> News {
    News::SourceRecovered(SourceRecovered {
        source_id: SourceId::new(),
        name: "Größe".into(),
        connection_id: ConnectionId::new(),
        since: Moment(Timestamp::from_secs(1_700_000_000)),
    })
}

fn unavailable() -> News {
    News::SourceUnavailable(SourceUnavailable {
        source_id: SourceId::new(),
        name: "Main".into(),
        connection_id: ConnectionId::new(),
        since: Moment(Timestamp::from_secs(1_700_000_000)),
        reason: "it is down".into(),
        advice: "wait".into(),
    })
}

on_both_engines! {
    async fn what_happens_is_told_signed_and_in_the_agreed_form(db) {
        let mut stand = Stand::new(db).await;
        stand.happen(unavailable()).await;
        let IssuedWebhook { webhook, secret } = stand.add().await;
        stand.happen(recovered()).await;
        stand.turn().await;
        let [message] = &stand.receiver.messages()[..] else { panic!("one message") };
        message.verify(&secret).unwrap();
        message.verify(&SigningSecret::generate()).unwrap_err();
        assert_eq!(message.header("webhook-id"), id_of(webhook.id, EventId(2)));
        assert_eq!(message.header("content-type"), "application/json");
        let body = message.json();
        let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["data", "timestamp", "type"]);
        assert_eq!(body["type"], "source.recovered");
        assert_eq!(body["data"]["name"], "Größe");
        assert_eq!(stand.states(webhook.id).await, [(2, DeliveryState::Delivered, 1)]);
        assert!(stand.find(webhook.id).await.delivered_at.is_some());
    }

    async fn only_what_is_wanted_is_told(db) {
        let mut stand = Stand::new(db).await;
        let types = [EventType::SourceRecovered].into();
        stand.add_wanting(Filter { types, ..Filter::default() }).await;
        stand.happen(unavailable()).await;
        stand.happen(recovered()).await;
        stand.turn().await;
        let told: Vec<_> = stand.receiver.messages().iter().map(|message| message.json()["type"].clone()).collect();
        assert_eq!(told, ["source.recovered"]);
    }

    async fn what_fails_for_a_day_becomes_a_dead_letter_that_can_be_sent_again(db) {
        let mut stand = Stand::new(db).await;
        let IssuedWebhook { webhook, secret } = stand.add().await;
        stand.happen(recovered()).await;
        stand.receiver.answers(500);
        for _ in 0..11 {
            assert_eq!(stand.states(webhook.id).await.iter().filter(|(_, state, _)| *state == DeliveryState::Dead).count(), 0);
            stand.turn().await;
            stand.clock.advance(10 * 60 * MINUTE);
        }
        stand.turn().await;
        assert_eq!(stand.states(webhook.id).await, [(1, DeliveryState::Dead, 11)]);
        assert_eq!(stand.receiver.messages().len(), 11);
        assert_eq!(stand.noted().await, [EventKind::WebhookGaveUp]);
        let failed = stand.find(webhook.id).await.failed.unwrap();
        assert_eq!((failed.status, failed.error.contains("500")), (Some(500), true));
        let dead = stand.webhooks.delivery(stand.account, webhook.id, EventId(1)).await.unwrap();
        assert!(dead.body.contains("source.recovered"));

        stand.receiver.answers(204);
        assert_eq!(stand.webhooks.resend_all(stand.account, webhook.id).await.unwrap(), 1);
        stand.turn().await;
        let messages = stand.receiver.messages();
        let ids: std::collections::BTreeSet<_> = messages.iter().map(|message| message.header("webhook-id")).collect();
        assert_eq!((messages.len(), ids.len()), (12, 1), "a message keeps its id");
        messages[0].verify(&secret).unwrap();
        let refused = stand.webhooks.resend(stand.account, webhook.id, EventId(1)).await;
        assert!(matches!(refused, Err(WebhookError::NotDead(DeliveryState::Delivered))));
    }

    async fn a_receiver_that_is_gone_is_left_alone_until_somebody_says_otherwise(db) {
        let mut stand = Stand::new(db).await;
        let id = stand.add().await.webhook.id;
        stand.happen(recovered()).await;
        stand.receiver.answers(410);
        stand.turn().await;
        let mut gone = stand.find(id).await;
        assert_eq!((gone.enabled, gone.gone_at.is_some(), gone.version), (false, true, 2));
        assert_eq!(stand.noted().await, [EventKind::WebhookGone]);
        stand.happen(recovered()).await;
        stand.turn().await;
        assert_eq!(stand.receiver.messages().len(), 1);
        stand.receiver.answers(200);
        (gone.enabled, gone.gone_at) = (true, None);
        stand.webhooks.change(&gone).await.unwrap();
        stand.turn().await;
        assert_eq!(stand.receiver.messages().len(), 2, "what happened meanwhile is told");
        let states = [(2, DeliveryState::Delivered, 1), (1, DeliveryState::Dead, 1)];
        assert_eq!(stand.states(id).await, states);
    }

    async fn what_a_daemon_had_under_way_when_it_died_is_sent_by_the_next_one(db) {
        let mut stand = Stand::new(db).await;
        let webhook = stand.add().await.webhook;
        stand.happen(recovered()).await;
        let reading = Reading { from: EventId(0), to: EventId(1), missed: false };
        let news = NewDelivery { event_id: EventId(1), event_type: "source.recovered", body: "{}".into() };
        let now = stand.clock.now();
        assert!(delivery::make(db, &webhook, reading, std::slice::from_ref(&news), now).await.unwrap());
        assert!(!delivery::make(db, &webhook, reading, &[news], now).await.unwrap(), "it is read only once");
        let lease = Duration::from_secs(20);
        let died = delivery::claim(db, &webhook, 4, lease, now).await.unwrap();
        assert_eq!(died.len(), 1);
        stand.turn().await;
        assert_eq!(stand.receiver.messages().len(), 0, "it may still be alive");
        stand.clock.advance(lease);
        stand.turn().await;
        assert_eq!(stand.states(webhook.id).await, [(1, DeliveryState::Delivered, 2)]);
        let attempt = Attempt { at: now, took: lease, status: None, error: Some("late".into()), retry_after: None };
        delivery::settle(db, &webhook, &died[0], &attempt, retry::Outcome::GivenUp).await.unwrap();
        assert_eq!(stand.states(webhook.id).await, [(1, DeliveryState::Delivered, 2)]);
    }

    async fn two_daemons_tell_everything_once(db) {
        let mut stand = Stand::new(db).await;
        let id = stand.add().await.webhook.id;
        let news: Vec<News> = (0..30).map(|_| recovered()).collect();
        stand.log.append(stand.account, &news).await.unwrap();
        let mut other = Dispatcher::new(stand.webhooks.clone());
        while stand.receiver.messages().len() < 30 {
            tokio::join!(stand.dispatcher.turn(), other.turn());
            tokio::join!(stand.dispatcher.settle(), other.settle());
        }
        let ids: std::collections::BTreeSet<_> =
            stand.receiver.messages().iter().map(|message| message.header("webhook-id")).collect();
        assert_eq!((stand.receiver.messages().len(), ids.len()), (30, 30));
        // What arrives at the same moment is forgotten with the next.
        let kept = stand.states(id).await.len();
        assert!(kept <= 20 + 2 * IN_FLIGHT_PER_WEBHOOK_MAX, "of what is delivered only the last is kept: {kept}");
    }

    async fn a_slow_receiver_has_few_messages_under_way_and_holds_up_no_other(db) {
        let mut stand = Stand::new(db).await;
        stand.add().await;
        let news: Vec<News> = (0..10).map(|_| recovered()).collect();
        stand.log.append(stand.account, &news).await.unwrap();
        stand.receiver.holds();
        stand.dispatcher.turn().await;
        stand.dispatcher.turn().await;
        stand.receiver.has(IN_FLIGHT_PER_WEBHOOK_MAX).await;
        let quick = Receiver::start().await;
        let draft = WebhookDraft { url: quick.url(), enabled: true, ..WebhookDraft::default() };
        stand.webhooks.add(stand.account, draft).await.unwrap();
        stand.happen(recovered()).await;
        stand.dispatcher.turn().await;
        quick.has(1).await;
        assert_eq!(stand.receiver.messages().len(), IN_FLIGHT_PER_WEBHOOK_MAX);
        stand.receiver.lets_go();
        while stand.receiver.messages().len() < 11 {
            stand.turn().await;
        }
    }

    async fn for_a_day_after_a_new_secret_the_old_one_signs_as_well(db) {
        let mut stand = Stand::new(db).await;
        let old = stand.add().await;
        let new = stand.webhooks.rotate(stand.account, old.webhook.id).await.unwrap();
        stand.happen(recovered()).await;
        stand.turn().await;
        let both = &stand.receiver.messages()[0];
        both.verify(&old.secret).unwrap();
        both.verify(&new.secret).unwrap();
        assert_eq!(both.header("webhook-signature").split(' ').count(), 2);
        stand.clock.advance(ROTATION_GRACE);
        stand.happen(recovered()).await;
        stand.turn().await;
        let signatures = stand.receiver.messages()[1].header("webhook-signature");
        assert_eq!(signatures.split(' ').count(), 1);
    }

    async fn a_webhook_that_is_full_reads_on_later(db) {
        let mut stand = Stand::new(db).await;
        let webhook = stand.add().await.webhook;
        let many: Vec<NewDelivery> = (1_000..1_000 + u64::from(PENDING_MAX)).map(|number| NewDelivery {
            event_id: EventId(number), event_type: "source.recovered", body: "{}".into(),
        }).collect();
        let nowhere = Reading { from: EventId(0), to: EventId(0), missed: false };
        let later = stand.clock.now().after(MINUTE);
        assert!(delivery::make(db, &webhook, nowhere, &many, later).await.unwrap());
        stand.happen(recovered()).await;
        stand.turn().await;
        let read = |event| stand.webhooks.delivery(stand.account, webhook.id, EventId(event));
        assert!(read(1).await.is_err(), "it waits in the log");
        stand.clock.advance(MINUTE);
        stand.turn().await;
        stand.turn().await;
        assert!(stand.webhooks.delivery(stand.account, webhook.id, EventId(1)).await.is_ok());
    }

    async fn what_the_log_had_forgotten_is_said(db) {
        let mut stand = Stand::new(db).await;
        let id = stand.add().await.webhook.id;
        stand.happen(recovered()).await;
        stand.log.forget(stand.clock.now().after(MINUTE)).await.unwrap();
        stand.turn().await;
        assert!(stand.find(id).await.missed_at.is_some());
        assert_eq!(stand.noted().await, [EventKind::WebhookMissed]);
        stand.happen(recovered()).await;
        stand.turn().await;
        assert_eq!(stand.receiver.messages().len(), 1);
    }

    async fn dead_letters_are_forgotten_after_a_month(db) {
        let mut stand = Stand::new(db).await;
        let id = stand.add().await.webhook.id;
        stand.happen(recovered()).await;
        stand.receiver.answers(410);
        stand.turn().await;
        assert_eq!(stand.webhooks.forget().await.unwrap(), 0);
        stand.clock.advance(MINUTE * 60 * 24 * 31);
        assert_eq!(stand.webhooks.forget().await.unwrap(), 1);
        assert_eq!(stand.states(id).await, []);
    }

    async fn nothing_is_sent_into_the_own_network_unless_the_installation_allows_it(db) {
        let stand = Stand::reaching(db, Reach::Public).await;
        let plain = WebhookDraft { url: stand.receiver.url(), ..WebhookDraft::default() };
        let refused = stand.webhooks.add(stand.account, plain).await;
        let Err(WebhookError::Invalid(faults)) = refused else { panic!("it is refused") };
        assert_eq!(faults, [WebhookFault::Address(AddressFault::Plain)]);
        // A name may point anywhere, and is looked up only when something is sent.
        let named = WebhookDraft { url: "https://localhost:9/".into(), ..WebhookDraft::default() };
        let id = stand.webhooks.add(stand.account, named).await.unwrap().webhook.id;
        let error = stand.webhooks.ping(stand.account, id).await.unwrap().error.unwrap();
        assert!(error.contains("no public address"), "{error}");
    }

    async fn a_redirect_is_no_delivery_and_is_not_followed(db) {
        let stand = Stand::new(db).await;
        let id = stand.add().await.webhook.id;
        stand.receiver.answers(302);
        let attempt = stand.webhooks.ping(stand.account, id).await.unwrap();
        assert_eq!((attempt.status, stand.receiver.messages().len()), (Some(302), 1));
        assert!(attempt.error.unwrap().contains("not followed"));
        stand.receiver.answers(200);
        let attempt = stand.webhooks.ping(stand.account, id).await.unwrap();
        assert_eq!(attempt.error, None);
        assert_eq!(stand.receiver.messages()[1].json()["type"], "webhook.ping");
    }

    async fn an_account_has_so_many_webhooks_and_no_more(db) {
        let stand = Stand::new(db).await;
        for _ in 0..PER_ACCOUNT_MAX {
            stand.add().await;
        }
        let draft = WebhookDraft { url: stand.receiver.url(), ..WebhookDraft::default() };
        let refused = stand.webhooks.add(stand.account, draft).await;
        assert!(matches!(refused, Err(WebhookError::TooMany)));
        let listed = stand.webhooks.list(stand.account).await.unwrap();
        assert_eq!(listed.len(), PER_ACCOUNT_MAX);
    }
}

//! What a connection's worker has to tell: that it fails, that it works again, how its first sync went.

use bestand_plugin_api::Timestamp;
use serde_json::Value;

use super::record::Connection;
use super::state::ConnectionState;
use crate::activity::{Activity, Actor, Event, EventKind, Subject, SubjectKind};
use crate::store::activity::{About, Filter};

/// The kinds that tell whether a connection works.
const FARES: [EventKind; 3] = [
    EventKind::ConnectionDegraded,
    EventKind::ConnectionNeedsAttention,
    EventKind::ConnectionRecovered,
];

/// What was told last of a connection, so that only what is new is told.
#[derive(Debug)]
pub(super) struct News {
    activity: Activity,
    /// The trouble that was told and is not over.
    trouble: Option<EventKind>,
}

// === impl News ===

impl News {
    /// Nothing told yet.
    pub(super) fn new(activity: Activity) -> Self {
        Self {
            activity,
            trouble: None,
        }
    }

    /// What an earlier life of the connection told: its trouble may be over with this one.
    pub(super) async fn recall(&mut self, connection: &Connection) {
        let filter = Filter {
            kinds: FARES.into(),
            subject: Some(About {
                kind: SubjectKind::Connection,
                id: Some(connection.id.to_string()),
            }),
            since: None,
        };
        let last = self.activity.list(connection.account_id, &filter, None, 1);
        // Not to know is no trouble: then only what comes from now on is told.
        let last = last
            .await
            .ok()
            .and_then(|page| page.events.into_iter().next());
        self.trouble = last
            .map(|noted| noted.event.kind)
            .filter(|kind| *kind != EventKind::ConnectionRecovered);
    }

    /// The first sync is complete.
    pub(super) fn first_sync(&self, connection: &Connection, during: &ConnectionState) {
        let event = event(connection, EventKind::FirstSyncDone);
        self.activity.note(with_levels(event, during));
    }

    /// It fails; `during` this, and `now` it is in that state.
    pub(super) fn fails(
        &mut self,
        connection: &Connection,
        during: &ConnectionState,
        now: &ConnectionState,
    ) {
        let kind = match now {
            ConnectionState::Degraded { .. } => EventKind::ConnectionDegraded,
            ConnectionState::NeedsAttention { .. } => EventKind::ConnectionNeedsAttention,
            _ => return,
        };
        let Some(trouble) = now.trouble() else { return };
        if self.trouble == Some(kind) {
            return;
        }
        if let ConnectionState::Syncing { .. } = during {
            let event = event(connection, EventKind::SyncFailed).because(&trouble.reason);
            self.activity.note(with_levels(event, during));
        }
        let event = event(connection, kind).because(&trouble.reason);
        self.activity.note(match now {
            ConnectionState::NeedsAttention { advice, .. } => event.advising(advice),
            _ => event,
        });
        self.trouble = Some(kind);
    }

    /// It works, and failed since then when it did.
    pub(super) fn works(&mut self, connection: &Connection, failed_since: Option<Timestamp>) {
        if self.trouble.take().is_none() {
            return;
        }
        let event = event(connection, EventKind::ConnectionRecovered);
        let since = failed_since.map(|since| Value::String(since.to_string()));
        self.activity.note(match since {
            Some(since) => event.with("since", since),
            None => event,
        });
    }
}

fn event(connection: &Connection, kind: EventKind) -> Event {
    let subject = Subject::connection(connection);
    Event::new(connection.account_id, kind, Actor::DAEMON, subject)
}

/// With how many levels a sync has brought in.
fn with_levels(event: Event, during: &ConnectionState) -> Event {
    match during {
        ConnectionState::Syncing { levels, .. } => event.with("levels", *levels),
        _ => event,
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::AdapterError;

    use super::super::advice::Advice;
    use super::super::reason::Reason;
    use super::super::state::Moment;
    use super::*;
    use crate::clock::Clock;
    use crate::store;
    use crate::store::testing::{connection, on_both_engines};

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn failed(error: AdapterError) -> Reason {
        let system = "Shelf".into();
        Reason::Failed { system, error }
    }

    fn degraded() -> ConnectionState {
        ConnectionState::Degraded {
            since: Moment(NOON),
            reason: failed(AdapterError::upstream(503, "the system answered 503")),
            next_try_at: Moment(NOON),
        }
    }

    fn needs_attention() -> ConnectionState {
        ConnectionState::NeedsAttention {
            since: Moment(NOON),
            reason: failed(AdapterError::auth("the key is refused")),
            advice: Advice::EnterCredentials,
        }
    }

    async fn told(activity: &Activity, connection: &Connection) -> Vec<EventKind> {
        activity.settle().await;
        let all = Filter::default();
        let page = activity.list(connection.account_id, &all, None, 100);
        let events = page.await.unwrap().events;
        events.iter().rev().map(|noted| noted.event.kind).collect()
    }

    on_both_engines! {
        async fn only_what_is_new_is_told(db) {
            let (account, id) = connection(db).await;
            let connection = store::connection::find(db, account, id).await.unwrap().unwrap();
            let activity = Activity::open(db.clone(), Clock::set_at(NOON));
            let mut news = News::new(activity.clone());
            let syncing = ConnectionState::Syncing { since: Moment(NOON), levels: 1_200 };
            news.works(&connection, None);
            news.first_sync(&connection, &syncing);
            news.fails(&connection, &syncing, &degraded());
            news.fails(&connection, &degraded(), &degraded());
            news.fails(&connection, &degraded(), &needs_attention());
            news.works(&connection, Some(NOON));
            news.works(&connection, None);
            assert_eq!(told(&activity, &connection).await, [
                EventKind::FirstSyncDone,
                EventKind::SyncFailed,
                EventKind::ConnectionDegraded,
                EventKind::ConnectionNeedsAttention,
                EventKind::ConnectionRecovered,
            ]);
            let page = activity.list(account, &Filter::default(), None, 100).await.unwrap();
            assert_eq!(page.events[3].event.details["levels"], 1_200);
            let details = &page.events[1].event.details;
            assert_eq!(details["reason"], "the key is refused");
            assert_eq!(details["advice"], Advice::EnterCredentials.to_string());
            let why: Reason = serde_json::from_value(details["why"].clone()).unwrap();
            assert_eq!(why, failed(AdapterError::auth("the key is refused")));
        }

        async fn the_end_of_a_trouble_is_told_in_a_later_life(db) {
            let (account, id) = connection(db).await;
            let connection = store::connection::find(db, account, id).await.unwrap().unwrap();
            let activity = Activity::open(db.clone(), Clock::set_at(NOON));
            News::new(activity.clone()).fails(&connection, &degraded(), &needs_attention());
            activity.settle().await;
            let mut later = News::new(activity.clone());
            later.recall(&connection).await;
            later.fails(&connection, &degraded(), &needs_attention());
            later.works(&connection, None);
            let expected = [EventKind::ConnectionNeedsAttention, EventKind::ConnectionRecovered];
            assert_eq!(told(&activity, &connection).await, expected);
            let mut last = News::new(activity.clone());
            last.recall(&connection).await;
            last.works(&connection, None);
            assert_eq!(told(&activity, &connection).await, expected);
        }
    }
}

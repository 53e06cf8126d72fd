//! What is noted is kept, found and forgotten, on both engines.

use std::time::Duration;

use super::*;
use crate::store::activity::About;
use crate::store::testing::{account, on_both_engines};

const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);
const HOUR: Duration = Duration::from_secs(3_600);

fn happened(account: AccountId, kind: EventKind, subject: SubjectKind, id: &str) -> Event {
    let name = format!("the {id}");
    Event::new(
        account,
        kind,
        Actor::DAEMON,
        Subject::new(subject, id, &name),
    )
}

async fn kinds(activity: &Activity, account: AccountId, filter: &Filter) -> Vec<EventKind> {
    activity.settle().await;
    let page = activity.list(account, filter, None, 100).await.unwrap();
    page.events.iter().map(|noted| noted.event.kind).collect()
}

on_both_engines! {
    async fn what_happened_is_read_back_as_it_was_noted(db) {
        let (ours, theirs) = (account(db).await, account(db).await);
        let activity = Activity::open(db.clone(), Clock::set_at(NOON));
        let event = Event::new(ours, EventKind::OrdersImported, Actor::user("Ada"), Subject::orders("orders.csv"))
            .with("created", 12)
            .with("reason", "a\nb");
        activity.note(event.clone());
        activity.note(happened(theirs, EventKind::UserMade, SubjectKind::User, "1"));
        activity.settle().await;
        let page = activity.list(ours, &Filter::default(), None, 10).await.unwrap();
        let [noted] = page.events.as_slice() else { panic!("{page:?}") };
        assert_eq!((noted.at, &noted.event, page.next), (NOON, &event, None));
        assert_eq!(noted.event.details["reason"], "a b");
        assert_eq!(activity.lost(), 0);
    }

    async fn the_newest_comes_first_and_pages_go_on_where_they_ended(db) {
        let account = account(db).await;
        let activity = Activity::open(db.clone(), Clock::set_at(NOON));
        for number in 0..1_000 {
            activity.note(happened(account, EventKind::AdapterCrashed, SubjectKind::Adapter, &number.to_string()));
        }
        activity.settle().await;
        let (mut after, mut numbers) = (None, Vec::new());
        loop {
            let page = activity.list(account, &Filter::default(), after, 300).await.unwrap();
            numbers.extend(page.events.iter().filter_map(|noted| noted.event.subject.id.clone()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let expected: Vec<String> = (0..1_000).rev().map(|number| number.to_string()).collect();
        assert_eq!(numbers, expected);
    }

    async fn a_list_is_filtered_by_kind_subject_and_time(db) {
        let account = account(db).await;
        let clock = Clock::set_at(NOON);
        let activity = Activity::open(db.clone(), clock.clone());
        activity.note(happened(account, EventKind::ConnectionMade, SubjectKind::Connection, "1"));
        activity.note(happened(account, EventKind::ConnectionDegraded, SubjectKind::Connection, "2"));
        clock.advance(HOUR);
        activity.note(happened(account, EventKind::ConnectionRecovered, SubjectKind::Connection, "2"));
        activity.note(happened(account, EventKind::ApiKeyMade, SubjectKind::ApiKey, "2"));
        let check = async |filter: Filter, expected: &[EventKind]| {
            assert_eq!(kinds(&activity, account, &filter).await, expected, "{filter:?}");
        };
        use EventKind::{ApiKeyMade, ConnectionDegraded, ConnectionMade, ConnectionRecovered};
        let of = |kinds: &[EventKind]| Filter { kinds: kinds.into(), ..Filter::default() };
        check(of(&[ConnectionMade, ApiKeyMade]), &[ApiKeyMade, ConnectionMade]).await;
        let about = |id: Option<&str>| Filter {
            subject: Some(About { kind: SubjectKind::Connection, id: id.map(str::to_owned) }),
            ..Filter::default()
        };
        check(about(None), &[ConnectionRecovered, ConnectionDegraded, ConnectionMade]).await;
        check(about(Some("2")), &[ConnectionRecovered, ConnectionDegraded]).await;
        let since = |since| Filter { since: Some(since), ..about(Some("2")) };
        check(since(NOON.after(HOUR)), &[ConnectionRecovered]).await;
    }

    async fn what_is_old_or_too_much_is_forgotten(db) {
        let (ours, theirs) = (account(db).await, account(db).await);
        let clock = Clock::set_at(NOON);
        let activity = Activity::open(db.clone(), clock.clone());
        activity.note(happened(ours, EventKind::ConnectionMade, SubjectKind::Connection, "1"));
        clock.advance(HOUR);
        for _ in 0..5 {
            activity.note(happened(ours, EventKind::ConnectionChanged, SubjectKind::Connection, "1"));
            activity.note(happened(theirs, EventKind::ConnectionChanged, SubjectKind::Connection, "1"));
        }
        activity.settle().await;
        assert_eq!(activity.forget(NOON.after(HOUR)).await.unwrap(), 1);
        assert_eq!(kinds(&activity, ours, &Filter::default()).await, [EventKind::ConnectionChanged; 5]);
        assert_eq!(store::activity::forget_beyond(db, ours, 2).await.unwrap(), 3);
        assert_eq!(kinds(&activity, ours, &Filter::default()).await.len(), 2);
        assert_eq!(kinds(&activity, theirs, &Filter::default()).await.len(), 5);
    }

    async fn whoever_notes_never_waits_and_what_finds_no_room_is_counted(db) {
        let account = account(db).await;
        let activity = Activity::open(db.clone(), Clock::set_at(NOON));
        // The writer's turn comes only when this task waits for something.
        for _ in 0..WAITING_MAX + 7 {
            activity.note(happened(account, EventKind::AdapterCrashed, SubjectKind::Adapter, "x"));
        }
        assert_eq!(activity.lost(), 7);
        activity.settle().await;
        let page = activity.list(account, &Filter::default(), None, 5_000).await.unwrap();
        assert_eq!(page.events.len(), WAITING_MAX);
    }

    async fn one_that_is_silent_notes_nothing_and_reads_all(db) {
        let account = account(db).await;
        let activity = Activity::silent(db.clone(), Clock::set_at(NOON));
        activity.note(happened(account, EventKind::ConnectionMade, SubjectKind::Connection, "1"));
        assert_eq!(kinds(&activity, account, &Filter::default()).await, []);
    }
}

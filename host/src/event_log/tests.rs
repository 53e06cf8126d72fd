//! The log: its order, its ends, and what of it is forgotten.

use std::time::Duration;

use super::news::SourceRecovered;
use super::*;
use crate::connection::state::Moment;
use crate::id::{ConnectionId, SourceId};
use crate::store::testing::{account, on_both_engines};

const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

fn news(name: &str) -> News {
    News::SourceRecovered(SourceRecovered {
        source_id: SourceId::new(),
        name: name.into(),
        connection_id: ConnectionId::new(),
        since: Moment(NOON),
    })
}

fn ids(page: &Page) -> Vec<u64> {
    page.events.iter().map(|event| event.id.0).collect()
}

on_both_engines! {
    async fn events_are_numbered_without_gaps_in_each_account(db) {
        let log = EventLog::open(db.clone(), Clock::set_at(NOON));
        let (ours, theirs) = (account(db).await, account(db).await);
        log.append(ours, &[news("a"), news("b")]).await.unwrap();
        log.append(theirs, &[news("x")]).await.unwrap();
        log.append(ours, &[]).await.unwrap();
        log.append(ours, &[news("c")]).await.unwrap();
        let all = log.after(ours, EventId(0), 10).await.unwrap();
        assert_eq!((ids(&all), all.missed), (vec![1, 2, 3], false));
        let last = log.after(ours, EventId(2), 10).await.unwrap();
        assert_eq!((ids(&last), last.missed), (vec![3], false));
        let none = log.after(ours, EventId(3), 10).await.unwrap();
        assert_eq!((ids(&none), none.missed), (vec![], false));
        assert_eq!(ids(&log.after(theirs, EventId(0), 10).await.unwrap()), [1]);
    }

    async fn an_event_is_read_as_it_was_told(db) {
        let log = EventLog::open(db.clone(), Clock::set_at(NOON));
        let account = account(db).await;
        let told = news("Main");
        log.append(account, std::slice::from_ref(&told)).await.unwrap();
        let page = log.after(account, EventId(0), 1).await.unwrap();
        let expected = Event { id: EventId(1), at: NOON, news: told };
        assert_eq!(page.events, [expected]);
    }

    async fn whoever_asks_for_what_is_forgotten_is_told_that_it_is(db) {
        let clock = Clock::set_at(NOON);
        let log = EventLog::open(db.clone(), clock.clone());
        let account = account(db).await;
        log.append(account, &[news("old")]).await.unwrap();
        clock.advance(Duration::from_secs(60));
        log.append(account, &[news("new")]).await.unwrap();
        assert_eq!(log.forget(clock.now()).await.unwrap(), 1);
        let from_start = log.after(account, EventId(0), 10).await.unwrap();
        assert_eq!((ids(&from_start), from_start.missed), (vec![2], true));
        let from_there = log.after(account, EventId(1), 10).await.unwrap();
        assert_eq!((ids(&from_there), from_there.missed), (vec![2], false));
        clock.advance(Duration::from_secs(60));
        assert_eq!(log.forget(clock.now()).await.unwrap(), 1);
        assert!(log.after(account, EventId(1), 10).await.unwrap().missed);
        assert!(!log.after(account, EventId(2), 10).await.unwrap().missed);
        assert!(log.after(account, EventId(77), 10).await.unwrap().missed);
        log.append(account, &[news("third")]).await.unwrap();
        assert_eq!(ids(&log.after(account, EventId(2), 10).await.unwrap()), [3]);
    }

    async fn writers_at_the_same_time_leave_no_gap_for_a_reader(db) {
        let log = EventLog::open(db.clone(), Clock::set_at(NOON));
        let account = account(db).await;
        let writers = (0..4).map(|_| {
            let log = log.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    log.append(account, &[news("a"), news("b")]).await.unwrap();
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        let mut wake = log.wake();
        let mut seen = EventId(0);
        while seen.0 < 200 {
            let page = log.after(account, seen, 7).await.unwrap();
            assert!(!page.missed, "after {seen}");
            match page.events.last() {
                Some(last) => seen = last.id,
                None => wake.changed().await.unwrap(),
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
    }
}

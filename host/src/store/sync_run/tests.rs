//! Cases of stored sync runs, on both engines.

use std::time::Duration;

use super::super::testing::{connection, on_both_engines};
use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

fn at_page(page: i64) -> Progress {
    Progress {
        cursor: Some(Cursor(format!("page {page}"))),
        checkpoint: None,
        pages: page,
        levels: page * 1000,
    }
}

on_both_engines! {
    async fn a_run_goes_on_where_it_was(db) {
        let (account, connection) = connection(db).await;
        let run = start(db, account, connection, SyncKind::Listing, NOW).await.unwrap();
        let later = NOW.after(Duration::from_secs(9));
        keep_progress(db, &run, &at_page(3), later).await.unwrap();
        let found = find_running(db, account, connection, SyncKind::Listing).await.unwrap().unwrap();
        assert_eq!((found.id, found.started_at, found.updated_at), (run.id, NOW, later));
        assert_eq!((found.cursor, found.levels), (Some(Cursor("page 3".into())), 3000));
        assert_eq!(find_running(db, account, connection, SyncKind::Changes).await.unwrap(), None);
    }

    async fn a_run_that_has_ended_does_not_move_again(db) {
        let (account, connection) = connection(db).await;
        let run = start(db, account, connection, SyncKind::Listing, NOW).await.unwrap();
        finish(db, &run, Err("upstream answered 502".into()), NOW).await.unwrap();
        assert!(keep_progress(db, &run, &at_page(1), NOW).await.is_err());
        assert!(finish(db, &run, Ok(()), NOW).await.is_err());
        let ended = list(db, account, connection, 10).await.unwrap().remove(0);
        assert_eq!((ended.state, ended.error.as_deref()), (RunState::Failed, Some("upstream answered 502")));
        assert_eq!(find_running(db, account, connection, SyncKind::Listing).await.unwrap(), None);
    }

    async fn the_newest_checkpoint_outlives_the_runs_around_it(db) {
        let (account, connection) = connection(db).await;
        for checkpoint in [Some("one"), Some("two"), None] {
            let run = start(db, account, connection, SyncKind::Changes, NOW).await.unwrap();
            let checkpoint = checkpoint.map(|point| Checkpoint(point.into()));
            keep_progress(db, &run, &Progress { checkpoint, ..at_page(1) }, NOW).await.unwrap();
            finish(db, &run, Ok(()), NOW).await.unwrap();
        }
        assert_eq!(forget(db, NOW.after(Duration::from_secs(1))).await.unwrap(), 2);
        let newest = newest_checkpoint(db, account, connection).await.unwrap();
        assert_eq!(newest, Some(Checkpoint("two".into())));
    }

    async fn a_listing_that_failed_does_not_take_the_place_of_the_checkpoint_that_counts(db) {
        let (account, connection) = connection(db).await;
        for (point, outcome) in [("one", Ok(())), ("two", Err("the cursor has died".into()))] {
            let run = start(db, account, connection, SyncKind::Listing, NOW).await.unwrap();
            let checkpoint = Some(Checkpoint(point.into()));
            keep_progress(db, &run, &Progress { checkpoint, ..at_page(1) }, NOW).await.unwrap();
            finish(db, &run, outcome, NOW).await.unwrap();
        }
        assert_eq!(forget(db, NOW.after(Duration::from_secs(1))).await.unwrap(), 1);
        let newest = newest_checkpoint(db, account, connection).await.unwrap();
        assert_eq!(newest, Some(Checkpoint("one".into())));
    }

    async fn a_run_needs_its_connection(db) {
        let (account, _) = connection(db).await;
        let refused = start(db, account, ConnectionId::new(), SyncKind::Listing, NOW).await;
        assert!(matches!(refused, Err(Error::NotFound { .. })));
    }
}

//! Changes since a checkpoint.

use bestand_plugin_api::ErrorKind;

use crate::support::{Fixture, done, item, later, now, page};

#[tokio::test]
async fn a_first_checkpoint_is_now_and_asks_nothing() {
    let fixture = Fixture::open().await;
    let first = fixture.connection.stock_changes(None, None).await.unwrap();
    assert_eq!(
        (first.items.len(), first.next, first.checkpoint.0),
        (0, None, now().to_string())
    );
    assert!(fixture.host.sent().is_empty());
}

#[tokio::test]
async fn changes_are_asked_for_from_some_minutes_before_the_checkpoint() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(page(&[item("A", "W1", 3)], "2"))
        .fetch(done(&[item("B", "W1", 4)]));
    let since = || Some("2026-11-20T09:00:00Z".into());
    let first = fixture
        .connection
        .stock_changes(since(), None)
        .await
        .unwrap();
    assert_eq!(
        first.checkpoint.0, "2026-11-20T09:00:00Z",
        "it moves with the last page only"
    );
    fixture.host.advance(std::time::Duration::from_secs(60));
    let last = fixture
        .connection
        .stock_changes(since(), first.next)
        .await
        .unwrap();
    assert_eq!((last.items.len(), last.next), (1, None));
    assert_eq!(
        last.checkpoint.0,
        now().to_string(),
        "the start of the run, not its end"
    );
    for body in fixture.sent("inventory_fetch") {
        assert_eq!(body["criteria"]["from_date_time"], "2026-11-20T08:55:00Z");
    }
}

#[tokio::test]
async fn a_module_that_prepares_the_changes_is_slept_for_and_asked_again() {
    let fixture = Fixture::open().await;
    fixture
        .fetch(later(30_000, Some("r")))
        .fetch(done(&[item("A", "W1", 3)]));
    let since = || Some(now().to_string().as_str().into());
    let waiting = fixture
        .connection
        .stock_changes(since(), None)
        .await
        .unwrap();
    assert_eq!(
        fixture.host.now(),
        now().after(std::time::Duration::from_secs(30))
    );
    let last = fixture
        .connection
        .stock_changes(since(), waiting.next)
        .await
        .unwrap();
    assert_eq!((waiting.items.len(), last.items.len()), (0, 1));
    assert_eq!(fixture.sent("inventory_fetch")[1]["cursor"], "r");
}

#[tokio::test]
async fn a_checkpoint_of_another_release_is_not_found() {
    let fixture = Fixture::open().await;
    let refused = fixture
        .connection
        .stock_changes(Some("v0:17".into()), None)
        .await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
}

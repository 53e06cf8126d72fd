//! Cases of stored operations, on both engines.

use std::time::Duration;

use bestand_plugin_api::{Location, LocationId, Quantity, Sku, StockChange};

use super::super::testing::{connection, on_both_engines};
use super::*;
use crate::store;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

async fn source(db: &Db) -> (AccountId, SourceId) {
    let (account, connection) = connection(db).await;
    let places = [Location::site("1", "Main")];
    let sources = store::source::follow_locations(db, account, connection, &places, NOW).await;
    (account, sources.unwrap()[0].id)
}

fn operation(id: &str, sku: &str) -> StockOperation {
    let delta = Quantity::units(1);
    let change = StockChange::Adjust { delta };
    StockOperation::new(id, Sku::new(sku).unwrap(), LocationId::from("1"), change)
}

fn applied(id: &str) -> Settlement<'_> {
    Settlement {
        id,
        state: OperationState::Applied,
        reason: None,
        due_at: None,
    }
}

fn unknown(id: &str, due_at: Option<Timestamp>) -> Settlement<'_> {
    Settlement {
        id,
        state: OperationState::Unknown,
        reason: Some("lost"),
        due_at,
    }
}

on_both_engines! {
    async fn an_operation_is_written_down_once_and_keeps_what_became_of_it(db) {
        let (account, source) = source(db).await;
        let sent = [operation("a", "MUG"), operation("b", "CUP")];
        let known = begin(db, account, source, "anna", &sent[..1], NOW, NOW).await.unwrap();
        assert!(known.is_empty());
        settle(db, account, &[applied("a")], NOW).await.unwrap();
        settle(db, account, &[unknown("a", None)], NOW).await.unwrap();
        let known = begin(db, account, source, "ben", &sent, NOW, NOW).await.unwrap();
        let kept = &known["a"];
        assert_eq!((known.len(), kept.state, &*kept.actor), (1, OperationState::Applied, "anna"));
        assert_eq!((&kept.sent, kept.settled_at), (&sent[0], Some(NOW)));
    }

    async fn what_was_rejected_is_tried_again_but_not_as_another_change(db) {
        let (account, source) = source(db).await;
        let sent = [operation("a", "MUG")];
        begin(db, account, source, "anna", &sent, NOW, NOW).await.unwrap();
        let rejected = Settlement { state: OperationState::Rejected, ..unknown("a", None) };
        settle(db, account, &[rejected], NOW).await.unwrap();
        let other = [operation("a", "CUP")];
        let known = begin(db, account, source, "anna", &other, NOW, NOW).await.unwrap();
        assert_eq!(known["a"].state, OperationState::Rejected);
        assert!(begin(db, account, source, "anna", &sent, NOW, NOW).await.unwrap().is_empty());
        settle(db, account, &[applied("a")], NOW).await.unwrap();
        let kept = find(db, account, "a").await.unwrap().unwrap();
        assert_eq!((kept.state, kept.reason), (OperationState::Applied, None));
    }

    async fn only_one_takes_on_asking_about_what_is_due(db) {
        let (account, source) = source(db).await;
        let sent = [operation("a", "MUG"), operation("b", "CUP")];
        let later = NOW.after(Duration::from_secs(60));
        begin(db, account, source, "anna", &sent, NOW, later).await.unwrap();
        assert_eq!(due(db, NOW, 10).await.unwrap(), []);
        settle(db, account, &[applied("b")], NOW).await.unwrap();
        let due = due(db, later, 10).await.unwrap();
        assert_eq!(due.iter().map(|due| &*due.sent.op_id).collect::<Vec<_>>(), ["a"]);
        assert!(claim(db, &due[0], None).await.unwrap());
        assert!(!claim(db, &due[0], None).await.unwrap());
        assert!(!changed_since(db, &due[0]).await.unwrap());
        begin(db, account, source, "anna", &[operation("c", "MUG")], later, later).await.unwrap();
        assert!(changed_since(db, &due[0]).await.unwrap());
    }

    async fn what_is_not_settled_is_never_forgotten(db) {
        let (account, source) = source(db).await;
        let sent = [operation("a", "MUG"), operation("b", "CUP")];
        begin(db, account, source, "anna", &sent, NOW, NOW).await.unwrap();
        settle(db, account, &[applied("a"), unknown("b", None)], NOW).await.unwrap();
        let later = NOW.after(Duration::from_secs(1));
        assert_eq!(forget(db, later).await.unwrap(), 1);
        let wanted = OperationFilter { source: Some(source), ..OperationFilter::default() };
        let left = list(db, account, &wanted, None, 10).await.unwrap();
        assert_eq!((left.len(), left[0].state), (1, OperationState::Unknown));
    }

    async fn operations_are_listed_newest_first_from_any_place_on(db) {
        let (account, source) = source(db).await;
        let sent = ["a", "b", "c"].map(|id| operation(id, "MUG"));
        begin(db, account, source, "anna", &sent, NOW, NOW).await.unwrap();
        let wanted = OperationFilter::default();
        let first = list(db, account, &wanted, None, 2).await.unwrap();
        let place: OperationPlace = OperationPlace::of(&first[1]).to_string().parse().unwrap();
        let rest = list(db, account, &wanted, Some(&place), 2).await.unwrap();
        let ids = first.iter().chain(&rest).map(|operation| &*operation.sent.op_id);
        assert_eq!(ids.collect::<Vec<_>>(), ["c", "b", "a"]);
    }
}

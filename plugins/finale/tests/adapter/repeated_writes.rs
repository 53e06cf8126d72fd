//! Changes of stock whose answer was lost or refused: nothing is ever done twice.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{ErrorKind, WriteOutcome};
use serde_json::{Value, json};

use crate::support::{Fixture, login_page, recorded, text};
use crate::writes::{VARIANCES, adjust, write};

fn is_unknown(outcome: &WriteOutcome) -> bool {
    matches!(outcome, WriteOutcome::Unknown { .. })
}

/// The filter of a request for variances.
fn filter(fixture: &Fixture, index: usize) -> Value {
    let line = fixture.sent("GET inventoryvariance/")[index].line();
    let encoded = line
        .split_once("?filter=")
        .unwrap()
        .1
        .replace("%3D", "=")
        .replace("%2B", "+")
        .replace("%2F", "/");
    serde_json::from_slice(&STANDARD.decode(encoded).unwrap()).unwrap()
}

#[tokio::test]
async fn an_applied_operation_is_not_posted_again() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .post(VARIANCES, recorded("variance_committed.json"));
    for _ in 0..2 {
        assert_eq!(
            write(&fixture, adjust("op-1", "1")).await,
            WriteOutcome::Applied
        );
    }
    assert_eq!(fixture.sent("POST inventoryvariance/").len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_unknown_and_the_repeat_looks_before_it_posts() {
    let cut = Answer::json_text("{\"physicalInventoryId\":");
    for lost in [
        Answer::unreachable(),
        Answer::new(502, ""),
        Answer::new(408, ""),
        cut,
        login_page(),
    ] {
        let fixture = Fixture::open().await;
        fixture.layout().post(VARIANCES, lost);
        assert!(is_unknown(&write(&fixture, adjust("op-1", "1")).await));
        fixture.get(
            "inventoryvariance",
            recorded("variances_with_operation.json"),
        );
        assert_eq!(
            write(&fixture, adjust("op-1", "1")).await,
            WriteOutcome::Applied
        );
        assert_eq!(fixture.sent("POST inventoryvariance/").len(), 1);
        assert_eq!(
            filter(&fixture, 0),
            json!({ "lastUpdatedDate": ["2026-11-19T10:00:00Z", "2026-11-21T10:00:00Z"] })
        );
    }
}

#[tokio::test]
async fn a_change_that_finale_holds_as_a_draft_or_cancelled_is_not_reported_as_applied() {
    for status in ["PHSCL_INV_INPUT", "PHSCL_INV_CANCELLED"] {
        let held =
            |name: &str| Answer::json_text(text(name).replace("PHSCL_INV_COMMITTED", status));
        let fixture = Fixture::open().await;
        fixture
            .layout()
            .post(VARIANCES, held("variance_committed.json"));
        assert!(is_unknown(&write(&fixture, adjust("op-1", "1")).await));
        fixture.host.advance(Duration::from_secs(60));
        fixture.get("inventoryvariance", held("variances_with_operation.json"));
        let WriteOutcome::Unknown { reason } = write(&fixture, adjust("op-1", "1")).await else {
            panic!("nothing was committed");
        };
        assert!(reason.contains(status), "{reason}");
        fixture.get(
            "inventoryvariance",
            recorded("variances_with_operation.json"),
        );
        let committed_there = write(&fixture, adjust("op-1", "1")).await;
        assert_eq!(committed_there, WriteOutcome::Applied);
        assert_eq!(fixture.sent("POST inventoryvariance/").len(), 1);
    }
}

#[tokio::test]
async fn what_finale_does_not_show_is_posted_again_only_when_it_cannot_still_arrive() {
    let fixture = Fixture::open().await;
    fixture.layout().post(VARIANCES, Answer::unreachable());
    assert!(is_unknown(&write(&fixture, adjust("op-1", "1")).await));
    fixture.get("inventoryvariance", recorded("variances_of_others.json"));
    assert!(
        is_unknown(&write(&fixture, adjust("op-1", "1")).await),
        "it may still be on its way"
    );
    fixture.host.advance(Duration::from_secs(30));
    fixture.get("inventoryvariance", recorded("variances_of_others.json"));
    fixture.post(VARIANCES, recorded("variance_committed.json"));
    assert_eq!(
        write(&fixture, adjust("op-1", "1")).await,
        WriteOutcome::Applied
    );
    assert_eq!(fixture.sent("POST inventoryvariance/").len(), 2);
}

#[tokio::test]
async fn a_late_look_goes_window_by_window() {
    let fixture = Fixture::open().await;
    fixture.layout().post(VARIANCES, Answer::unreachable());
    assert!(is_unknown(&write(&fixture, adjust("op-1", "1")).await));
    fixture.host.advance(Duration::from_secs(40 * 24 * 3600));
    fixture.get("inventoryvariance", recorded("variances_of_others.json"));
    fixture.get(
        "inventoryvariance",
        recorded("variances_with_operation.json"),
    );
    assert_eq!(
        write(&fixture, adjust("op-1", "1")).await,
        WriteOutcome::Applied
    );
    assert_eq!(
        filter(&fixture, 0),
        json!({ "lastUpdatedDate": ["2026-11-19T10:00:00Z", "2026-12-19T10:00:00Z"] })
    );
    assert_eq!(
        filter(&fixture, 1),
        json!({ "lastUpdatedDate": ["2026-12-19T10:00:00Z", "2026-12-31T10:00:00Z"] })
    );
}

#[tokio::test]
async fn a_look_that_fails_leaves_the_outcome_unknown() {
    let fixture = Fixture::open().await;
    fixture.layout().post(VARIANCES, Answer::unreachable());
    write(&fixture, adjust("op-1", "1")).await;
    fixture.host.advance(Duration::from_secs(60));
    fixture.get("inventoryvariance", Answer::new(503, ""));
    assert!(is_unknown(&write(&fixture, adjust("op-1", "1")).await));
    assert_eq!(fixture.sent("POST inventoryvariance/").len(), 1);
}

#[tokio::test]
async fn a_refusal_is_told_and_may_be_tried_again() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .post(VARIANCES, recorded("error_list.json").status(400));
    let WriteOutcome::Rejected { reason } = write(&fixture, adjust("op-1", "1")).await else {
        panic!("a 400 is a refusal");
    };
    assert!(reason.contains("quantityOnHandVar"), "{reason}");
    fixture.post(VARIANCES, recorded("variance_committed.json"));
    assert_eq!(
        write(&fixture, adjust("op-1", "1")).await,
        WriteOutcome::Applied
    );
}

#[tokio::test]
async fn an_error_with_status_200_is_settled_by_a_look() {
    for (variances, applied) in [
        ("variances_with_operation.json", true),
        ("variances_of_others.json", false),
    ] {
        let fixture = Fixture::open().await;
        fixture
            .layout()
            .post(VARIANCES, recorded("error_body.json"));
        fixture.get("inventoryvariance", recorded(variances));
        let outcome = write(&fixture, adjust("op-1", "1")).await;
        assert_eq!(outcome == WriteOutcome::Applied, applied, "{outcome:?}");
        assert!(!is_unknown(&outcome));
    }
}

#[tokio::test]
async fn what_was_certainly_not_done_fails_the_call_and_leaves_earlier_outcomes_alone() {
    let fixture = Fixture::open().await;
    fixture.layout().post(VARIANCES, Answer::new(429, ""));
    let error = fixture
        .connection
        .write_stock(&[adjust("op-1", "1")])
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { retry_at: None });
    fixture
        .post(VARIANCES, recorded("variance_committed.json"))
        .post(VARIANCES, Answer::new(429, ""));
    let outcomes = fixture
        .connection
        .write_stock(&[adjust("op-1", "1"), adjust("op-2", "1")])
        .await
        .unwrap();
    assert_eq!(outcomes[0], WriteOutcome::Applied);
    assert!(is_unknown(&outcomes[1]));
    fixture.post(VARIANCES, recorded("variance_committed.json"));
    assert_eq!(
        write(&fixture, adjust("op-2", "1")).await,
        WriteOutcome::Applied
    );
    assert!(
        fixture.sent("GET inventoryvariance/").is_empty(),
        "there is nothing to look for"
    );
}

#[tokio::test]
async fn one_refusal_leaves_the_others_alone() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .post(VARIANCES, recorded("error_list.json").status(400))
        .post(VARIANCES, recorded("variance_committed.json"));
    let outcomes = fixture
        .connection
        .write_stock(&[adjust("op-1", "1"), adjust("op-2", "1")])
        .await
        .unwrap();
    assert!(matches!(outcomes[0], WriteOutcome::Rejected { .. }));
    assert_eq!(outcomes[1], WriteOutcome::Applied);
}

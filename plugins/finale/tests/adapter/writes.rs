//! Changes of stock: what is posted, and what is made of a lost answer.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{Basis, ErrorKind, ItemRef, StockChange, StockOperation, WriteOutcome};
use serde_json::{Value, json};

use crate::support::{BERLIN, Fixture, HAMBURG, login_page, quantity, recorded, sku};

const VARIANCES: &str = "inventoryvariance/";

fn adjust(op_id: &str, delta: &str) -> StockOperation {
    StockOperation {
        op_id: op_id.into(),
        item: Some(ItemRef("/acme/api/product/KETTLE".into())),
        sku: sku("KETTLE"),
        location: HAMBURG.into(),
        change: StockChange::Adjust {
            delta: quantity(delta),
        },
        basis: Basis::OnHand,
        reason: None,
        note: None,
        lot: None,
    }
}

fn set(to: &str, expected: Option<&str>) -> StockOperation {
    let change = StockChange::Set {
        quantity: quantity(to),
        expected: expected.map(quantity),
    };
    StockOperation {
        change,
        ..adjust("op-1", "0")
    }
}

async fn write(fixture: &Fixture, operation: StockOperation) -> WriteOutcome {
    fixture
        .connection
        .write_stock(&vec![operation])
        .await
        .unwrap()
        .remove(0)
}

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
async fn an_adjustment_is_one_committed_variance_with_our_id_in_its_comments() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .post(VARIANCES, recorded("variance_committed.json"));
    let operation = StockOperation {
        reason: Some("damaged".into()),
        note: Some("fell off the shelf".into()),
        lot: Some("LOT7".into()),
        ..adjust("op-1", "-2.5")
    };
    assert_eq!(write(&fixture, operation).await, WriteOutcome::Applied);
    assert_eq!(
        fixture.sent("POST inventoryvariance/")[0].json(),
        json!({
            "statusId": "PHSCL_INV_COMMITTED",
            "physicalInventoryTypeId": "SINGLE",
            "facilityUrl": "/acme/api/facility/100004",
            "generalComments": "damaged fell off the shelf [bestand op-1]",
            "inventoryItemVarianceList": [{
                "productUrl": "/acme/api/product/KETTLE",
                "facilityUrl": "/acme/api/facility/100004",
                "lotId": "LOT7",
                "varianceReasonId": null,
                "normalizedPackingString": null,
                "quantityOnHandVar": -2.5,
            }],
        })
    );
    assert_eq!(
        fixture.sent("POST inventoryvariance/")[0].request.buckets,
        ["posts"]
    );
}

#[tokio::test]
async fn a_reason_of_finales_own_is_sent_as_such() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .post(VARIANCES, recorded("variance_committed.json"));
    let operation = StockOperation {
        reason: Some("VAR_RTN_SUPPLIER".into()),
        ..adjust("op-1", "1")
    };
    write(&fixture, operation).await;
    let sent = fixture.sent("POST inventoryvariance/")[0].json();
    assert_eq!(
        sent["inventoryItemVarianceList"][0]["varianceReasonId"],
        "VAR_RTN_SUPPLIER"
    );
    assert_eq!(sent["generalComments"], "[bestand op-1]");
}

#[tokio::test]
async fn a_product_without_a_reference_is_looked_up() {
    let fixture = Fixture::open().await;
    fixture
        .graphql(recorded("product_url.json"))
        .layout()
        .post(VARIANCES, recorded("variance_committed.json"));
    let operation = StockOperation {
        item: None,
        sku: sku("CABLE"),
        ..adjust("op-1", "1")
    };
    assert_eq!(write(&fixture, operation).await, WriteOutcome::Applied);
    let sent = fixture.sent("POST inventoryvariance/")[0].json();
    assert_eq!(
        sent["inventoryItemVarianceList"][0]["productUrl"],
        "/acme/api/product/10017"
    );
}

#[tokio::test]
async fn an_unknown_product_and_an_unknown_location_are_rejected() {
    let fixture = Fixture::open().await;
    fixture.graphql(recorded("product_unknown.json"));
    let nowhere = StockOperation {
        item: None,
        ..adjust("op-1", "1")
    };
    assert!(matches!(
        write(&fixture, nowhere).await,
        WriteOutcome::Rejected { .. }
    ));
    fixture.layout().layout();
    let elsewhere = StockOperation {
        location: "4711".into(),
        ..adjust("op-2", "1")
    };
    assert!(matches!(
        write(&fixture, elsewhere).await,
        WriteOutcome::Rejected { .. }
    ));
}

#[tokio::test]
async fn a_set_posts_the_difference_to_what_is_there_now() {
    for (basis, by) in [(Basis::OnHand, 8), (Basis::Available, 12)] {
        let fixture = Fixture::open().await;
        fixture
            .layout()
            .graphql(recorded("live_hamburg.json"))
            .post(VARIANCES, recorded("variance_committed.json"));
        assert_eq!(
            write(
                &fixture,
                StockOperation {
                    basis,
                    ..set("20", None)
                }
            )
            .await,
            WriteOutcome::Applied
        );
        let sent = fixture.sent("POST inventoryvariance/")[0].json();
        assert_eq!(
            sent["inventoryItemVarianceList"][0]["quantityOnHandVar"],
            by
        );
    }
}

#[tokio::test]
async fn a_set_is_rejected_when_something_else_is_there_and_idle_when_it_is_so_already() {
    let fixture = Fixture::open().await;
    fixture.layout().graphql(recorded("live_hamburg.json"));
    let WriteOutcome::Rejected { reason } = write(&fixture, set("20", Some("11"))).await else {
        panic!("there are 12, not 11");
    };
    assert!(reason.contains("12") && reason.contains("11"), "{reason}");
    fixture.graphql(recorded("live_hamburg.json"));
    assert_eq!(
        write(&fixture, set("12", None)).await,
        WriteOutcome::Applied
    );
    assert!(fixture.sent("POST inventoryvariance/").is_empty());
}

#[tokio::test]
async fn a_set_reads_the_whole_list_where_a_location_has_no_columns() {
    let fixture = Fixture::open().await;
    fixture
        .listing(recorded("inventoryitem.json"))
        .graphql(recorded("fields_hamburg_only.json"));
    fixture.post(VARIANCES, recorded("variance_committed.json"));
    let operation = StockOperation {
        location: BERLIN.into(),
        ..set("20", Some("15.5"))
    };
    assert_eq!(write(&fixture, operation).await, WriteOutcome::Applied);
    let sent = fixture.sent("POST inventoryvariance/")[0].json();
    assert_eq!(
        sent["inventoryItemVarianceList"][0]["quantityOnHandVar"],
        4.5
    );
}

#[tokio::test]
async fn of_several_sublocations_one_must_be_named() {
    let settings =
        |named: &str| json!({ "account": "acme", "write_sublocations": { "Berlin": named } });
    let operation = || StockOperation {
        location: BERLIN.into(),
        ..adjust("op-1", "1")
    };
    let open = async |settings: Value| {
        let fixture = Fixture::with(settings).await;
        fixture
            .get("facility", recorded("facilities_two_bins.json"))
            .graphql(recorded("fields.json"));
        fixture.post(VARIANCES, recorded("variance_committed.json"));
        fixture
    };
    let unnamed = open(json!({ "account": "acme" })).await;
    let WriteOutcome::Rejected { reason } = write(&unnamed, operation()).await else {
        panic!("there are two");
    };
    assert!(reason.contains("write_sublocations"), "{reason}");
    let named = open(settings("B-02")).await;
    assert_eq!(write(&named, operation()).await, WriteOutcome::Applied);
    assert_eq!(
        named.sent("POST inventoryvariance/")[0].json()["facilityUrl"],
        "/acme/api/facility/100002"
    );
    let misnamed = open(settings("B-99")).await;
    assert!(matches!(
        write(&misnamed, operation()).await,
        WriteOutcome::Rejected { .. }
    ));
}

#[tokio::test]
async fn what_finale_cannot_do_is_rejected_without_a_request() {
    let fixture = Fixture::open().await;
    for change in [
        StockChange::Reserve {
            quantity: quantity("1"),
        },
        StockChange::Release {
            quantity: quantity("1"),
        },
        StockChange::Move {
            quantity: quantity("1"),
            to: BERLIN.into(),
        },
    ] {
        let outcome = write(
            &fixture,
            StockOperation {
                change,
                ..adjust("op-1", "0")
            },
        )
        .await;
        assert!(matches!(outcome, WriteOutcome::Rejected { .. }));
    }
    assert!(fixture.host.sent().is_empty());
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
        .write_stock(&vec![adjust("op-1", "1")])
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { retry_at: None });
    fixture
        .post(VARIANCES, recorded("variance_committed.json"))
        .post(VARIANCES, Answer::new(429, ""));
    let outcomes = fixture
        .connection
        .write_stock(&vec![adjust("op-1", "1"), adjust("op-2", "1")])
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
        .write_stock(&vec![adjust("op-1", "1"), adjust("op-2", "1")])
        .await
        .unwrap();
    assert!(matches!(outcomes[0], WriteOutcome::Rejected { .. }));
    assert_eq!(outcomes[1], WriteOutcome::Applied);
}

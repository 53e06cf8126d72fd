//! Changes of stock: what is posted, and what is refused.

use bestand_plugin_api::{Basis, StockChange, StockOperation, WriteOutcome};
use serde_json::{Value, json};

use crate::support::{BERLIN, Fixture, HAMBURG, quantity, recorded, sku, twins};

pub(crate) const VARIANCES: &str = "inventoryvariance/";

pub(crate) fn adjust(op_id: &str, delta: &str) -> StockOperation {
    let delta = quantity(delta);
    StockOperation::new(
        op_id,
        sku("KETTLE"),
        HAMBURG.into(),
        StockChange::Adjust { delta },
    )
    .with_item("/acme/api/product/KETTLE")
}

pub(crate) fn set(to: &str, expected: Option<&str>) -> StockOperation {
    let change = StockChange::Set {
        quantity: quantity(to),
        expected: expected.map(quantity),
    };
    {
        let mut operation = adjust("op-1", "0");
        operation.change = change;
        operation
    }
}

pub(crate) async fn write(fixture: &Fixture, operation: StockOperation) -> WriteOutcome {
    fixture
        .connection
        .write_stock(&[operation])
        .await
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn an_adjustment_is_one_committed_variance_with_our_id_in_its_comments() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .post(VARIANCES, recorded("variance_committed.json"));
    let operation = adjust("op-1", "-2.5")
        .with_reason("damaged")
        .with_note("fell off the shelf")
        .with_lot("LOT7");
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
    let operation = adjust("op-1", "1").with_reason("VAR_RTN_SUPPLIER");
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
    let operation = {
        let mut operation = adjust("op-1", "1");
        operation.item = None;
        operation.sku = sku("CABLE");
        operation
    };
    assert_eq!(write(&fixture, operation).await, WriteOutcome::Applied);
    let sent = fixture.sent("POST inventoryvariance/")[0].json();
    assert_eq!(
        sent["inventoryItemVarianceList"][0]["productUrl"],
        "/acme/api/product/10017"
    );
}

#[tokio::test]
async fn a_sku_of_two_products_is_written_to_neither() {
    let fixture = Fixture::open().await;
    let unnamed = |mut operation: StockOperation| {
        operation.item = None;
        operation
    };
    fixture.graphql(twins("product_url.json"));
    let mut adjustment = unnamed(adjust("op-1", "1"));
    adjustment.sku = sku("CABLE");
    fixture.layout().graphql(twins("live_hamburg.json"));
    for operation in [adjustment, unnamed(set("20", None))] {
        let WriteOutcome::Rejected { reason } = write(&fixture, operation).await else {
            panic!("there are two products");
        };
        assert!(reason.contains("several products"), "{reason}");
    }
    assert!(fixture.sent("POST inventoryvariance/").is_empty());
}

#[tokio::test]
async fn an_unknown_product_and_an_unknown_location_are_rejected() {
    let fixture = Fixture::open().await;
    fixture.graphql(recorded("product_unknown.json"));
    let nowhere = {
        let mut operation = adjust("op-1", "1");
        operation.item = None;
        operation
    };
    assert!(matches!(
        write(&fixture, nowhere).await,
        WriteOutcome::Rejected { .. }
    ));
    fixture.layout().layout();
    let elsewhere = {
        let mut operation = adjust("op-2", "1");
        operation.location = "4711".into();
        operation
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
            write(&fixture, set("20", None).with_basis(basis)).await,
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
    let operation = {
        let mut operation = set("20", Some("15.5"));
        operation.location = BERLIN.into();
        operation
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
    let operation = || {
        let mut operation = adjust("op-1", "1");
        operation.location = BERLIN.into();
        operation
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
        let outcome = write(&fixture, {
            let mut operation = adjust("op-1", "0");
            operation.change = change;
            operation
        })
        .await;
        assert!(matches!(outcome, WriteOutcome::Rejected { .. }));
    }
    assert!(fixture.host.sent().is_empty());
}

//! The live answer to an order.

use std::time::Duration;

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{ErrorKind, SkuErrorKind, Tracking};
use serde_json::json;

use crate::support::{BERLIN, Fixture, HAMBURG, now, query, recorded, summaries, twins};

#[tokio::test]
async fn stock_without_transit_comes_raw_and_an_unknown_product_is_not_found() {
    let fixture = Fixture::open().await;
    fixture.layout().graphql(recorded("live_berlin.json"));
    let answers = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE", "LAMP", "NOPE"], &[BERLIN]))
        .await
        .unwrap();
    assert_eq!(
        summaries(&answers.levels),
        [
            "KETTLE @ 100000: 1135.5 - 5 = 1130.5, + 24",
            "LAMP @ 100000: 0 - 0 = 0, + 0"
        ]
    );
    assert_eq!(
        answers.levels[0].item.as_ref().unwrap().0,
        "/acme/api/product/KETTLE"
    );
    assert_eq!(answers.levels[0].fetched_at, now());
    let [error] = &answers.errors[..] else {
        panic!("{:?}", answers.errors)
    };
    assert_eq!(
        (error.sku.as_str(), error.kind),
        ("NOPE", SkuErrorKind::NotFound)
    );
    let sent = fixture.sent("POST graphql")[1].json();
    let text = sent["query"].as_str().unwrap();
    assert!(
        text.contains(r#"p0: productViewConnection(first: 2, productId: "KETTLE")"#),
        "{text}"
    );
    assert!(
        text.contains(r#"stockColumnQuantityOnHandUnitsAcmeapifacility100000(formatter: "none")"#),
        "{text}"
    );
    assert!(
        !text.contains("facility100003"),
        "only what is asked about: {text}"
    );
}

#[tokio::test]
async fn a_sku_of_two_products_is_ambiguous_and_has_no_count() {
    let fixture = Fixture::open().await;
    fixture.layout().graphql(twins("live_hamburg.json"));
    let answers = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[HAMBURG]))
        .await
        .unwrap();
    assert_eq!(answers.errors, []);
    let [level] = &answers.levels[..] else {
        panic!("{:?}", answers.levels)
    };
    assert_eq!(level.tracking, Tracking::Ambiguous);
    assert_eq!((&level.quantities.available, &level.item), (&None, &None));
}

#[tokio::test]
async fn places_and_columns_are_read_once_and_again_when_they_are_old() {
    let fixture = Fixture::open().await;
    fixture.layout();
    for _ in 0..2 {
        fixture.graphql(recorded("live_hamburg.json"));
        fixture
            .connection
            .stock_by_sku(&query(&["KETTLE"], &[HAMBURG]))
            .await
            .unwrap();
    }
    assert_eq!(fixture.host.sent().len(), 4);
    fixture.host.advance(Duration::from_secs(15 * 60));
    fixture.layout().graphql(recorded("live_hamburg.json"));
    fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[HAMBURG]))
        .await
        .unwrap();
    assert_eq!(fixture.host.sent().len(), 7);
}

#[tokio::test]
async fn columns_that_finale_no_longer_has_are_discovered_anew() {
    let fixture = Fixture::open().await;
    fixture
        .layout()
        .graphql(recorded("graphql_unknown_field.json"));
    fixture.layout().graphql(recorded("live_hamburg.json"));
    let answers = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[HAMBURG]))
        .await
        .unwrap();
    assert_eq!(
        summaries(&answers.levels),
        ["KETTLE @ 100003: 12 - 4 = 8, + 10"]
    );
}

#[tokio::test]
async fn a_location_without_columns_is_left_to_the_last_sync() {
    let fixture = Fixture::open().await;
    fixture
        .get("facility", recorded("facilities.json"))
        .graphql(recorded("fields_hamburg_only.json"));
    let error = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[BERLIN]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.contains("add columns"), "{error}");
}

#[tokio::test]
async fn beside_a_location_that_answers_the_silent_one_is_told() {
    let fixture = Fixture::open().await;
    fixture
        .get("facility", recorded("facilities.json"))
        .graphql(recorded("fields_hamburg_only.json"))
        .graphql(recorded("live_hamburg.json"));
    let answers = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[]))
        .await
        .unwrap();
    assert_eq!(
        summaries(&answers.levels),
        ["KETTLE @ 100003: 12 - 4 = 8, + 10"]
    );
    assert_eq!(answers.errors[0].kind, SkuErrorKind::Failed);
}

#[tokio::test]
async fn an_account_with_one_location_is_answered_from_its_totals() {
    let fixture = Fixture::open().await;
    fixture
        .get("facility", recorded("facilities_two_bins.json"))
        .graphql(recorded("fields_without_columns.json"))
        .graphql(recorded("live_totals.json"));
    let answers = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[BERLIN]))
        .await
        .unwrap();
    assert_eq!(
        summaries(&answers.levels),
        ["KETTLE @ 100000: 12 - 4 = 8, + 10"]
    );
}

#[tokio::test]
async fn a_formatted_number_is_a_failure_of_that_sku_and_never_a_count() {
    let fixture = Fixture::open().await;
    fixture.layout().graphql(recorded("live_formatted.json"));
    let answers = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[HAMBURG]))
        .await
        .unwrap();
    assert_eq!(
        (answers.levels.len(), answers.errors[0].kind),
        (0, SkuErrorKind::Failed)
    );
}

#[tokio::test]
async fn available_to_promise_adds_what_is_on_order() {
    let fixture =
        Fixture::with(json!({ "account": "acme", "available": "available_to_promise" })).await;
    fixture.layout().graphql(recorded("live_hamburg.json"));
    let answers = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[HAMBURG]))
        .await
        .unwrap();
    assert_eq!(
        summaries(&answers.levels),
        ["KETTLE @ 100003: 12 - 4 = 18, + 10"]
    );
}

#[tokio::test]
async fn an_unknown_location_is_said_to_be_unknown() {
    let fixture = Fixture::open().await;
    fixture.layout();
    let error = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &["4711"]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn graphql_that_is_down_fails_the_call_and_not_the_sku() {
    let fixture = Fixture::open().await;
    fixture.layout().graphql(Answer::new(503, "busy"));
    let error = fixture
        .connection
        .stock_by_sku(&query(&["KETTLE"], &[HAMBURG]))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Upstream { status: 503 });
}

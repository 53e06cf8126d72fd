//! Everything that can be wrong with an answer, and the kind of failure it is for the host.

use std::time::Duration;

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{AdapterError, ErrorKind, Retry};

use crate::support::{Fixture, login_page, now, recorded, text};

/// What a listing is answered when its rows of stock come so.
async fn listing_with(inventory_items: Answer) -> AdapterError {
    let fixture = Fixture::open().await;
    fixture.listing(inventory_items);
    fixture.list().await.unwrap_err()
}

#[tokio::test]
async fn refused_credentials_are_never_retried() {
    for status in [401, 403] {
        let error = listing_with(Answer::new(status, "")).await;
        assert_eq!(
            (error.kind.clone(), error.retry()),
            (ErrorKind::Auth, Retry::Never)
        );
        assert!(error.message.contains("API keys"), "{error}");
    }
}

#[tokio::test]
async fn a_used_up_limit_says_when_it_is_filled_again() {
    let reset = now().after(Duration::from_secs(50)).millis() / 1000;
    let error =
        listing_with(Answer::new(429, "").header("x-ratelimit-reset", &reset.to_string())).await;
    assert_eq!(
        error.retry(),
        Retry::At(now().after(Duration::from_secs(50)))
    );
}

#[tokio::test]
async fn a_reset_is_read_on_the_clock_of_finale() {
    let reset = now().after(Duration::from_secs(3 * 3600 + 50)).millis() / 1000;
    let answer = Answer::new(429, "")
        .header("x-ratelimit-reset", &reset.to_string())
        .header("date", "Fri, 20 Nov 2026 13:00:00 GMT");
    assert_eq!(
        listing_with(answer).await.retry(),
        Retry::At(now().after(Duration::from_secs(50)))
    );
}

#[tokio::test]
async fn a_reset_that_is_absent_or_out_of_reason_does_not_stop_a_connection() {
    assert_eq!(
        listing_with(Answer::new(429, "")).await.retry(),
        Retry::Backoff
    );
    let error = listing_with(Answer::new(429, "").header("x-ratelimit-reset", "1795255200")).await;
    assert_eq!(
        error.retry(),
        Retry::At(now().after(Duration::from_secs(3600)))
    );
}

#[tokio::test]
async fn trouble_at_finale_is_retried_and_a_refused_request_is_not() {
    for status in [500, 502, 503] {
        let error = listing_with(Answer::new(status, "<html>")).await;
        assert_eq!(
            (error.kind.clone(), error.retry()),
            (ErrorKind::Upstream { status }, Retry::Backoff)
        );
    }
    let error = listing_with(recorded("error_body.json").status(400)).await;
    assert_eq!(
        (error.kind.clone(), error.retry()),
        (ErrorKind::Upstream { status: 400 }, Retry::Never)
    );
    assert!(error.message.contains("Unexpected error"), "{error}");
}

#[tokio::test]
async fn an_error_with_status_200_is_no_empty_stock() {
    for (fixture, told) in [
        ("error_body.json", "Unexpected error"),
        ("error_list.json", "not a number"),
    ] {
        let error = listing_with(recorded(fixture)).await;
        assert_eq!(error.kind, ErrorKind::Protocol);
        assert!(error.message.contains(told), "{error}");
    }
    assert_eq!(
        listing_with(Answer::json_text(r#"{"message":"down for maintenance"}"#))
            .await
            .kind,
        ErrorKind::Protocol
    );
    assert_eq!(
        listing_with(Answer::json_text("[]")).await.kind,
        ErrorKind::Protocol
    );
    assert_eq!(
        listing_with(Answer::json_text("")).await.kind,
        ErrorKind::Protocol
    );
}

#[tokio::test]
async fn a_login_page_with_status_200_is_recognised() {
    let error = listing_with(login_page()).await;
    assert_eq!(error.kind, ErrorKind::Protocol);
    assert!(error.message.contains("login page"), "{error}");
}

#[tokio::test]
async fn a_truncated_body_is_a_protocol_error() {
    let whole = text("inventoryitem.json");
    let error = listing_with(Answer::json_text(whole[..whole.len() / 2].to_owned())).await;
    assert_eq!(
        (error.kind.clone(), error.retry()),
        (ErrorKind::Protocol, Retry::Backoff)
    );
}

#[tokio::test]
async fn a_connection_that_fails_or_breaks_off_is_transient() {
    assert_eq!(
        listing_with(Answer::unreachable()).await.kind,
        ErrorKind::Transient
    );
    let broken = recorded("inventoryitem.json").chunked(100).breaking_off();
    assert_eq!(listing_with(broken).await.kind, ErrorKind::Transient);
}

#[tokio::test]
async fn a_body_in_small_pieces_is_put_together() {
    let fixture = Fixture::open().await;
    fixture.listing(recorded("inventoryitem.json").chunked(7));
    assert_eq!(fixture.list().await.unwrap().len(), 8);
}

#[tokio::test]
async fn rows_that_are_not_columns_are_refused() {
    let rows = r#"{"productUrl":"/acme/api/product/KETTLE","quantityOnHand":3}"#;
    assert_eq!(
        listing_with(Answer::json_text(rows)).await.kind,
        ErrorKind::Protocol
    );
    let words = r#"{"productUrl":["/acme/api/product/KETTLE"],"quantityOnHand":["many"]}"#;
    let error = listing_with(Answer::json_text(words)).await;
    assert!(error.message.contains("quantityOnHand"), "{error}");
}

#[tokio::test]
async fn a_page_that_fails_can_be_asked_for_again() {
    let fixture = Fixture::open().await;
    fixture.listing(Answer::new(503, "busy"));
    fixture.list().await.unwrap_err();
    fixture
        .get("product", recorded("products.json"))
        .get("inventoryitem", recorded("inventoryitem.json"));
    assert_eq!(fixture.list().await.unwrap().len(), 8);
}

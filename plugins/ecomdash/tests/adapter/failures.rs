//! Everything that can be wrong with an answer, and the kind of failure it is for the host.

use std::time::Duration;

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{AdapterError, ErrorKind, Retry};
use serde_json::json;

use crate::support::{Fixture, now, updated};

async fn listing_with(answer: Answer) -> AdapterError {
    let fixture = Fixture::open().await;
    fixture.get("Inventory", answer);
    fixture.connection.list_stock(None).await.unwrap_err()
}

#[tokio::test]
async fn refused_keys_are_never_retried_and_their_bodies_not_quoted() {
    for status in [401, 403] {
        let body = json!({ "statusCode": status, "message": "key k-4711 is refused" });
        let error = listing_with(Answer::json(&body).status(status)).await;
        assert_eq!(
            (error.kind.clone(), error.retry()),
            (ErrorKind::Auth, Retry::Never)
        );
        assert!(!error.message.contains("4711"), "{error}");
    }
}

#[tokio::test]
async fn a_used_up_minute_is_waited_for_and_too_many_at_once_are_tried_again() {
    let limited = |body| Answer::json(&body).status(429);
    let told =
        limited(json!({ "message": "Try again in 30 seconds." })).header("retry-after", "30");
    assert_eq!(
        listing_with(told).await.retry(),
        Retry::At(now().after(Duration::from_secs(30)))
    );
    assert_eq!(
        listing_with(limited(json!({}))).await.retry(),
        Retry::Backoff
    );
}

#[tokio::test]
async fn trouble_is_retried_and_nonsense_is_not_believed() {
    for status in [500, 502, 503] {
        let error = listing_with(Answer::json(&json!({ "Message": "Oops" })).status(status)).await;
        assert_eq!(
            (error.kind.clone(), error.retry()),
            (ErrorKind::Upstream { status }, Retry::Backoff)
        );
    }
    assert_eq!(
        listing_with(Answer::new(400, "{}")).await.retry(),
        Retry::Never
    );
    for body in [
        "",
        "<html>portal</html>",
        "[]",
        "{}",
        r#"{"status":"Success"}"#,
        r#"{"status":"Soon","data":[]}"#,
    ] {
        assert_eq!(
            listing_with(Answer::json_text(body)).await.kind,
            ErrorKind::Protocol,
            "{body}"
        );
    }
    let failure = listing_with(updated("Failure", &["The company was not found."])).await;
    assert!(
        failure.message.contains("The company was not found"),
        "{failure}"
    );
}

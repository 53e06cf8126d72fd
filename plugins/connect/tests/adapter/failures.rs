//! Everything that can be wrong with an answer: the kind of failure it is for the host, and whose fault it is.

use std::time::Duration;

use bestand_plugin_api::testing::Answer;
use bestand_plugin_api::{AdapterError, ErrorKind, Retry};
use serde_json::json;

use crate::support::{Fixture, now};

async fn listing_with(answer: Answer) -> AdapterError {
    let fixture = Fixture::open().await;
    fixture.fetch(answer);
    fixture.connection.list_stock(None).await.unwrap_err()
}

fn detailed(status: u16, code: &str, message: &str) -> Answer {
    let errors = json!([{ "standardized_error_code": code, "message": message, "raw_external_context": "secret" }]);
    Answer::json(&json!({ "detailed_errors": errors })).status(status)
}

#[tokio::test]
async fn each_status_names_whose_fault_it_is_in_its_own_words() {
    for (status, code, kind, whose) in [
        (
            400,
            "validation",
            ErrorKind::Upstream { status: 400 },
            "what Bestand asks",
        ),
        (
            401,
            "external_unauthorized_error",
            ErrorKind::Auth,
            "refuses the credentials",
        ),
        (
            500,
            "unhandled_module_exception",
            ErrorKind::Upstream { status: 500 },
            "for its maker to mend",
        ),
        (
            520,
            "external_server_error",
            ErrorKind::Upstream { status: 520 },
            "not the module",
        ),
    ] {
        let error = listing_with(detailed(status, code, "Service Unavailable.")).await;
        assert_eq!(error.kind, kind);
        assert!(error.message.contains(whose), "{error}");
        assert!(error.message.contains("Service Unavailable"), "{error}");
        assert!(!error.message.contains("secret"), "{error}");
    }
    let missing = listing_with(Answer::new(404, "")).await;
    assert_eq!(missing.kind, ErrorKind::Unsupported);
    assert!(missing.message.contains("`/inventory_fetch`"), "{missing}");
}

#[tokio::test]
async fn a_body_that_repeats_what_it_refuses_is_not_quoted() {
    for status in [400, 401, 403, 500, 520] {
        let body = json!({ "error": "invalid key k-4711", "message": "invalid key k-4711", "detailed_errors": "k-4711" });
        let error = listing_with(Answer::json(&body).status(status)).await;
        assert!(!error.message.contains("4711"), "{error}");
    }
}

#[tokio::test]
async fn a_limit_is_kept_however_it_is_told() {
    let at = |secs| Retry::At(now().after(Duration::from_secs(secs)));
    let limited = |body| Answer::json(&body).status(429);
    for (answer, expected) in [
        (limited(json!({ "retry_after_seconds": 60 })), at(60)),
        (
            limited(json!({ "retry_after_time": "2026-11-20T10:02:00Z" })),
            at(120),
        ),
        (
            limited(json!({ "retry_after_seconds": null })).header("retry-after", "30"),
            at(30),
        ),
        (
            limited(json!({ "retry_after_seconds": -1, "retry_after_time": "soon" })),
            Retry::Backoff,
        ),
        (Answer::new(429, "slow down"), Retry::Backoff),
    ] {
        assert_eq!(listing_with(answer).await.retry(), expected);
    }
}

#[tokio::test]
async fn trouble_is_retried_and_nonsense_is_not_believed() {
    for status in [500, 502, 503, 520] {
        assert_eq!(
            listing_with(Answer::new(status, "<html>")).await.retry(),
            Retry::Backoff
        );
    }
    for body in [
        "",
        "<html>login</html>",
        "[]",
        r#"{"success":false,"errors":[{"message":"no"}]}"#,
        r#"{"items":[{"#,
    ] {
        assert_eq!(
            listing_with(Answer::json_text(body)).await.kind,
            ErrorKind::Protocol,
            "{body}"
        );
    }
    assert_eq!(
        listing_with(Answer::unreachable()).await.kind,
        ErrorKind::Transient
    );
}

//! What is refused to an adapter that asks for too much.

use bestand_plugin_api::testing::{Answer, FakeHost};
use bestand_plugin_api::{Listing, Location, Result};
use serde_json::{Value, json};

use crate::probe::{self, answering, open};

/// What `check` answers when it does this, with a base URL in the settings.
async fn does(host: &FakeHost, deed: Value) -> Result<()> {
    let settings = json!({ "base_url": "https://base.example:8443/v1", "does": deed });
    open(host, settings).await.unwrap().check().await.map(drop)
}

async fn refused(deed: Value, expected: &str) {
    let error = does(&probe::host(&Answer::json("")), deed.clone())
        .await
        .unwrap_err();
    assert!(error.message.contains(expected), "{deed}: {error}");
}

async fn allowed(host: &FakeHost, deed: Value) {
    assert_eq!(does(host, deed.clone()).await, Ok(()), "{deed}");
}

#[tokio::test]
async fn only_hosts_of_the_manifest_are_reached() {
    let host = probe::host(&Answer::json(""));
    for url in [
        "https://api.probe.example/x",
        "https://API.PROBE.EXAMPLE",
        "https://a.below.example",
        "https://base.example/elsewhere",
    ] {
        allowed(&host, json!({ "get": url })).await;
    }
    for url in [
        "https://below.example",
        "https://api.probe.example.evil.example",
        "https://api.probe.example@evil.example",
    ] {
        refused(
            json!({ "get": url }),
            "its manifest does not name that host",
        )
        .await;
    }
    refused(json!({ "get": "api.probe.example" }), "is no URL").await;
    let elsewhere = json!({ "token_from": "https://login.example/token" });
    refused(elsewhere, "may not speak to `login.example`").await;
    let at_home = json!({ "token_from": "https://api.probe.example/token" });
    allowed(&host, at_home).await;
}

#[tokio::test]
async fn plain_http_and_private_addresses_need_the_operators_leave() {
    let url = "http://127.0.0.1:8080/stock";
    let settings = json!({ "base_url": url, "does": { "get": url } });
    let host = probe::host(&Answer::json(""));
    let error = open(&host, settings.clone()).await.unwrap().check().await;
    let error = error.unwrap_err();
    assert!(error.message.contains("`allow_private_network`"), "{error}");
    host.allow_private_network();
    assert!(open(&host, settings).await.unwrap().check().await.is_ok());
}

#[tokio::test]
async fn secrets_and_buckets_are_those_of_the_manifest() {
    let host = probe::host(&Answer::json(""));
    allowed(&host, json!({ "sign_in": "api_key" })).await;
    refused(
        json!({ "sign_in": "password" }),
        "declares no secret `password`",
    )
    .await;
    allowed(&host, json!({ "put_into": "auth.key" })).await;
    refused(json!({ "put_into": "login.key" }), "could hold `login.key`").await;
    allowed(&host, json!({ "count": "reads" })).await;
    refused(
        json!({ "count": "writes" }),
        "the manifest has no bucket `writes`",
    )
    .await;
    refused(json!({ "method": "GET IT" }), "`GET IT` is no HTTP method").await;
}

#[tokio::test]
async fn state_has_its_limits() {
    let host = probe::host(&Answer::json(""));
    allowed(&host, json!({ "store": "key" })).await;
    assert_eq!(host.state().len(), 1);
    let long = json!({ "store": "k".repeat(1025) });
    refused(long, "a state key must have 1 to 1024 bytes").await;
}

#[tokio::test]
async fn services_end_with_their_call() {
    let host = probe::host(&Answer::json(""));
    let connection = open(&host, json!({ "does": "keep_ctx" })).await.unwrap();
    connection.check().await.unwrap();
    let error = connection.check().await.unwrap_err();
    assert!(error.message.ends_with("do not keep a `Ctx`"), "{error}");
}

#[tokio::test]
async fn bodies_that_are_not_read_do_not_pile_up() {
    let host = probe::host(&Answer::new(200, *b"in two parts").chunked(6));
    let url = probe::UPSTREAM;
    let settings = |times: usize| json!({ "times": times, "does": { "get": url } });
    let within = open(&host, settings(16)).await.unwrap().check().await;
    assert!(within.is_ok(), "{within:?}");
    let host = probe::host(&Answer::new(200, *b"in two parts").chunked(6));
    let error = open(&host, settings(17)).await.unwrap().check().await;
    let error = error.unwrap_err();
    assert!(error.message.contains("more than 16 bodies"), "{error}");
}

#[tokio::test]
async fn an_answer_larger_than_a_message_fails() {
    let name = "x".repeat(33 * 1024 * 1024);
    let listing = Listing::done(vec![Location::site("a", name)]);
    let connection = answering(&listing).await;
    let error = connection.locations().await.unwrap_err();
    assert!(error.message.contains("answer in smaller pages"), "{error}");
}

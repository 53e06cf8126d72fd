//! A system played from a cassette: what fits a request, what is refused, and what a recording keeps.

use std::sync::Arc;

use bestand_plugin_api::http::{Auth, HttpBody, HttpRequest};
use bestand_plugin_api::testing::{
    Answer, Cassette, Credentials, FakeHost, Player, Recorder, Upstream, UpstreamFuture,
};
use bestand_plugin_api::{ErrorKind, Result, Timestamp};
use serde_json::{Value, json};

use crate::probe::{self, UPSTREAM, open};

const SHELF: &str = r#"
recorded_at = "2026-11-20T10:00:00Z"

[[exchange]]
request = { path = "/stock", auth = "bearer(secret(api_key))" }
answer.json = { page = "first" }

[[exchange]]
request = { path = "/stock", query = { page = "*" } }
answer.json = { page = "any" }

[[exchange]]
request = { path = "/stock", query = { page = 2 } }
answer.body = "second"
then = [{ status = 409, body = "again" }, { status = 410 }]

[[exchange]]
request = { method = "POST", path = "/graph", json = { query = "query Stock*", variables = { first = 10 } } }
answer.json = '{"quantity": 1.10}'

[refused]
status = 403
json = { error = "who?" }
"#;

fn player(text: &str) -> Player {
    Player::new(text.parse().unwrap())
}

fn get(path: &str) -> HttpRequest {
    HttpRequest::new("GET", format!("https://api.shelf.example{path}"))
}

fn signed(mut request: HttpRequest, secret: &str) -> HttpRequest {
    request.auth = Auth::bearer(secret);
    request
}

fn post(path: &str, body: &Value) -> HttpRequest {
    let mut request = HttpRequest::new("POST", format!("https://api.shelf.example{path}"));
    request.body = HttpBody::Bytes(body.to_string().into());
    request
}

fn said(player: &Player, request: &HttpRequest) -> Option<(u16, String)> {
    let answer = player.play(request, &Credentials::default())?;
    Some((
        answer.status_code()?,
        String::from_utf8(answer.bytes()).unwrap(),
    ))
}

#[test]
fn the_exchange_that_names_most_of_a_request_answers_it() {
    let player = player(SHELF);
    let said = |request: &HttpRequest| said(&player, request).map(|(_, body)| body);
    assert_eq!(
        said(&signed(get("/stock"), "api_key")).unwrap(),
        r#"{"page":"first"}"#
    );
    assert_eq!(said(&get("/stock?page=7")).unwrap(), r#"{"page":"any"}"#);
    assert_eq!(said(&get("/stock?page=2")).unwrap(), "second");
    assert_eq!(said(&get("/stock?page=2&more=1")), None);
    let question =
        json!({ "query": "query Stock { x }", "variables": { "first": 10, "after": null } });
    assert_eq!(
        said(&post("/graph", &question)).unwrap(),
        r#"{"quantity": 1.10}"#
    );
    assert_eq!(
        said(&post("/graph", &json!({ "query": "query Stock" }))),
        None
    );
}

#[test]
fn answers_come_in_order_and_the_last_one_stays() {
    let player = player(SHELF);
    let statuses: Vec<u16> = (0..4)
        .map(|_| said(&player, &get("/stock?page=2")).unwrap().0)
        .collect();
    assert_eq!(statuses, [200, 409, 410, 410]);
}

#[test]
fn other_credentials_than_an_exchange_names_are_refused() {
    let player = player(SHELF);
    assert_eq!(said(&player, &get("/stock")).unwrap().0, 403);
    assert_eq!(
        said(&player, &signed(get("/stock"), "other")).unwrap().0,
        403
    );
    let wrong = Credentials::default().wrong();
    let refused = player
        .play(&signed(get("/stock"), "api_key"), &wrong)
        .unwrap();
    assert_eq!(refused.bytes(), br#"{"error":"who?"}"#);
}

#[test]
fn a_mistake_is_told_with_its_place() {
    for (text, expected) in [
        (
            "[[exchange]]\nrequest = { path = \"/a\", methd = \"GET\" }\nanswer = {}",
            "line 2",
        ),
        (
            "[[exchange]]\nrequest = { path = \"/a\", auth = \"bearer(abc)\" }\nanswer = {}",
            "is no way to sign in",
        ),
        (
            "[[exchange]]\nrequest = { path = \"/a?b=1\" }\nanswer = {}",
            "exchange 1 (`GET /a?b=1`): the path holds a `?`",
        ),
        (
            "[[exchange]]\nrequest = { path = \"/a\" }\nanswer = { body = \"\", json = [] }",
            "an answer has one body",
        ),
        (
            "[[exchange]]\nrequest = { path = \"/a\" }\nanswer = { json = \"{\" }",
            "line 3",
        ),
        (
            "[otherwise]\nstatus = 99",
            "[otherwise]: 99 is no HTTP status",
        ),
        ("exchanges = []", "unknown field `exchanges`"),
    ] {
        let error = text.parse::<Cassette>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let missing = Cassette::load("/nowhere/shelf.toml")
        .unwrap_err()
        .to_string();
    assert!(missing.starts_with("/nowhere/shelf.toml: "), "{missing}");
}

#[tokio::test]
async fn a_host_answers_from_its_cassette_and_says_what_is_missing() -> Result<()> {
    let text = "[[exchange]]\nrequest = { path = \"/known\" }\nanswer.json = []";
    let host = FakeHost::default();
    host.upstream(Arc::new(player(text)));
    let known = json!({ "get": format!("{UPSTREAM}known") });
    open(&host, json!({ "does": known })).await?.check().await?;
    let unknown = json!({ "get": format!("{UPSTREAM}unknown") });
    let error = open(&host, json!({ "does": unknown }))
        .await?
        .check()
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Bug);
    assert!(
        error
            .message
            .contains("no answer to `GET https://api.probe.example/unknown`"),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn a_secret_that_is_missing_is_named_by_the_host() -> Result<()> {
    let host = probe::host(&Answer::json(""));
    host.credentials(Credentials::default().without("api_key"));
    let deed = json!({ "sign_in": "api_key" });
    let error = open(&host, json!({ "does": deed }))
        .await?
        .check()
        .await
        .unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Config {
            field: "api_key".into()
        }
    );
    Ok(())
}

/// A system that says whom it speaks to.
struct Parrot;

impl Upstream for Parrot {
    fn send<'a>(
        &'a self,
        _: &'a HttpRequest,
        credentials: &'a Credentials,
    ) -> UpstreamFuture<'a, Answer> {
        let key = credentials.value("api_key").unwrap_or_default();
        let answer = Answer::json(&json!({ "key": key }))
            .header("x-key", key)
            .header("set-cookie", "session=17");
        Box::pin(std::future::ready(match credentials.are_wrong() {
            true => answer.status(401),
            false => answer,
        }))
    }
}

#[tokio::test]
async fn a_recording_plays_and_holds_no_secret() {
    let now: Timestamp = "2026-11-20T10:00:00Z".parse().unwrap();
    let recorder = Recorder::new(Arc::new(Parrot), now);
    let credentials = Credentials::default().with("api_key", "sk_live_17");
    let request = signed(get("/stock?a=1&b=%20x"), "api_key");
    recorder.send(&request, &credentials).await;
    recorder.send(&request, &credentials).await;
    recorder.send(&request, &credentials.clone().wrong()).await;
    let text = recorder.cassette().to_toml();
    assert!(
        !text.contains("sk_live_17") && !text.contains("session"),
        "{text}"
    );
    let cassette: Cassette = text.parse().unwrap();
    assert_eq!(cassette, recorder.cassette());
    assert_eq!(cassette.exchanges.len(), 1);
    let played = Player::new(cassette).play(&request, &credentials).unwrap();
    assert_eq!(played.bytes(), br#"{"key":"redacted(api_key)"}"#);
}

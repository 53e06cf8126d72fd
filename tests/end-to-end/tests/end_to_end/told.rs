//! Systems that are told of what happens: everything arrives, signed, also when they fail or the daemon is killed.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::net::TcpListener;

use crate::support::install::enabling;
use crate::support::{Api, Daemon, Install, Key, find, on_both_engines};

/// Messages before and after the kill, each of one level.
const MESSAGES: usize = 40;
/// How long the receiver takes for each, so that some are always under way.
const ANSWER: Duration = Duration::from_millis(60);
/// How many of its first answers are failures.
const FAILURES: usize = 3;

on_both_engines! {
    async fn a_daemon_that_is_killed_in_the_middle_tells_the_rest_when_it_is_back(database) {
        let install = Install::on(database, &["push"]);
        install.configure(&format!("{}[webhooks]\nallow_private_network = true\n", enabling(&["push"])));
        let receiver = Receiver::start().await;
        receiver.failures.store(FAILURES, Ordering::Relaxed);
        let daemon = install.serve().await;
        let acme = partner(&install, &daemon).await;
        let (_, secret) = hook(&daemon, &receiver.url).await;
        for number in 0..MESSAGES {
            push(&acme, number).await;
        }
        find("some messages", async || (receiver.taken().len() >= MESSAGES / 4).then_some(())).await;
        daemon.kill();
        assert!(receiver.taken().len() < MESSAGES, "it was killed in the middle");
        let daemon = install.serve().await;
        push(&partner(&install, &daemon).await, MESSAGES).await;
        find("all messages", async || (receiver.taken().len() > MESSAGES).then_some(())).await;
        let expected: BTreeSet<String> = (0..=MESSAGES).map(sku).collect();
        assert_eq!(receiver.taken(), expected);
        receiver.all_are_signed_by(&secret);
        let shown = daemon.api.get("/webhooks").await;
        assert_eq!(shown["items"][0]["dead"], 0);
        assert!(!shown.to_string().contains("whsec_"));
        assert!(daemon.end().await.success());
        is_kept_from_the_log(&install, &secret);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_gone_is_left_alone_and_its_dead_letter_is_sent_again() {
    let install = Install::with(&["push"]);
    let allowed = "[webhooks]\nallow_private_network = true\n";
    install.configure(&format!("{}{allowed}", enabling(&["push"])));
    let receiver = Receiver::start().await;
    let daemon = install.serve().await;
    let acme = partner(&install, &daemon).await;
    let (id, old) = hook(&daemon, &receiver.url).await;
    receiver.status.store(410, Ordering::Relaxed);
    push(&acme, 1).await;
    let gone = find("it is turned off", async || {
        let shown = daemon.api.get(&format!("/webhooks/{id}")).await;
        (shown["enabled"] == json!(false)).then_some(shown)
    });
    let gone = gone.await;
    assert_eq!(
        (&gone["dead"], &gone["failed"]["status"]),
        (&json!(1), &json!(410))
    );

    receiver.status.store(204, Ordering::Relaxed);
    let rotated = format!("/webhooks/{id}/rotate-secret");
    let rotated = daemon.api.post(&rotated, json!({})).await.expect(200);
    let new = rotated["secret"].as_str().unwrap().to_owned();
    let enable = daemon
        .api
        .request(reqwest::Method::PATCH, &format!("/webhooks/{id}"))
        .header("if-match", "*")
        .json(&json!({ "enabled": true }));
    daemon.api.send(enable).await.expect(200);
    let resend = format!("/webhooks/{id}/resend");
    assert_eq!(
        daemon.api.post(&resend, json!({})).await.expect(202)["resent"],
        1
    );
    find("it arrives", async || {
        (!receiver.taken().is_empty()).then_some(())
    })
    .await;
    let message = receiver.messages().last().unwrap().clone();
    for secret in [&old, &new] {
        message.verify(secret).unwrap();
    }
    let pinged = daemon
        .api
        .post(&format!("/webhooks/{id}/ping"), json!({}))
        .await;
    assert_eq!(pinged.expect(200)["delivered"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_goes_into_the_own_network_by_number_or_by_name() {
    let install = Install::with(&["push"]);
    let receiver = Receiver::start().await;
    let daemon = install.serve().await;
    for url in [&receiver.url, "https://127.0.0.1/", "https://[::1]/"] {
        let refused = daemon
            .api
            .post("/webhooks", json!({ "url": url }))
            .await
            .expect(422);
        assert!(
            refused.to_string().contains("allow_private_network"),
            "{refused}"
        );
    }
    let by_name = receiver
        .url
        .replace("http://127.0.0.1", "https://localhost");
    let (id, _) = hook(&daemon, &by_name).await;
    let pinged = daemon
        .api
        .post(&format!("/webhooks/{id}/ping"), json!({}))
        .await
        .expect(200);
    assert!(
        pinged["error"]
            .as_str()
            .unwrap()
            .contains("no public address"),
        "{pinged}"
    );
    assert!(receiver.messages().is_empty());
}

/// A webhook to this address: its id and secret.
async fn hook(daemon: &Daemon, url: &str) -> (String, String) {
    let new = json!({ "url": url, "types": ["stock.changed"] });
    let made = daemon.api.post("/webhooks", new).await.expect(201);
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

/// The answer that made a secret is the only place where it is shown.
fn is_kept_from_the_log(install: &Install, secret: &str) {
    let log = std::fs::read_to_string(install.path("log")).unwrap();
    let key = secret.trim_start_matches("whsec_");
    assert!(!log.is_empty() && !log.contains(key), "a secret was shown");
    for file in install.database.files() {
        let stored = std::fs::read(file).unwrap_or_default();
        assert!(
            !stored
                .windows(key.len())
                .any(|window| window == key.as_bytes())
        );
    }
}

/// A client of a partner that pushes, which is among what makes news.
async fn partner(install: &Install, daemon: &Daemon) -> Api {
    let new = json!({ "name": "Acme's key", "role": "partner", "partner": "Acme" });
    let made = daemon.api.post("/api-keys", new).await.expect(201);
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    let (key, secret) = (text("key"), text("secret"));
    install.secrets.guard_pair(&key, &secret);
    daemon.api.with(Key { key, secret })
}

async fn push(acme: &Api, number: usize) {
    let level = json!([{ "sku": sku(number), "available": 1 }]);
    acme.put("/partner/levels", level).await.expect(200);
}

fn sku(number: usize) -> String {
    format!("S-{number:03}")
}

/// A receiver that keeps what it is sent.
struct Receiver {
    url: String,
    failures: Arc<AtomicUsize>,
    status: Arc<AtomicU16>,
    messages: Arc<Mutex<Vec<Message>>>,
}

/// What was sent, and what was answered.
#[derive(Clone)]
struct Message {
    headers: HeaderMap,
    body: Bytes,
    status: u16,
}

type Shared = (Arc<AtomicUsize>, Arc<AtomicU16>, Arc<Mutex<Vec<Message>>>);

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (failures, status) = (Arc::default(), Arc::new(AtomicU16::new(204)));
        let shared: Shared = (failures, status, Arc::default());
        let router = Router::new()
            .route("/", post(receive))
            .with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let (failures, status, messages) = shared;
        Self {
            url,
            failures,
            status,
            messages,
        }
    }

    fn messages(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    /// The SKUs of which it took a message in.
    fn taken(&self) -> BTreeSet<String> {
        let messages = self.messages().into_iter();
        let taken = messages.filter(|message| message.status < 300);
        taken.filter_map(|message| message.sku()).collect()
    }

    fn all_are_signed_by(&self, secret: &str) {
        for message in self.messages() {
            message.verify(secret).unwrap();
        }
    }
}

async fn receive(
    State((failures, status, messages)): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    tokio::time::sleep(ANSWER).await;
    let fail = |left: usize| left.checked_sub(1);
    let fails = failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fail);
    let status = match fails {
        Ok(_) => 503,
        Err(_) => status.load(Ordering::Relaxed),
    };
    messages.lock().unwrap().push(Message {
        headers,
        body,
        status,
    });
    StatusCode::from_u16(status).unwrap()
}

impl Message {
    fn sku(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        body["data"]["levels"][0]["sku"].as_str().map(str::to_owned)
    }

    fn verify(&self, secret: &str) -> Result<(), standardwebhooks::WebhookError> {
        Webhook::new(secret)?.verify(&self.body, &self.headers)
    }
}

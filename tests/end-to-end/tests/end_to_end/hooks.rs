//! What systems send by themselves, through the real program: nothing acknowledged is lost, nothing is done twice, and
//! nobody waits for an adapter.

use std::time::{Duration, Instant};

use bestand_plugin_api::Timestamp;
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::support::{Daemon, Install, find, on_both_engines};

/// What an adapter that does not answer is told to do.
const HANGS: (&str, &str) = ("hang", "receive");
const WELL: (&str, &str) = ("none", "check");
/// What was pushed before a listing is older than what the listing says, so it must not come to its end.
const LISTS_FOREVER: (&str, &str) = ("hang", "list_stock");
/// A quarter of the thousand that are kept of one connection.
const KEPT_OF_ONE_SENDER: usize = 250;

on_both_engines! {
    async fn what_was_kept_is_worked_after_a_kill_and_what_nobody_signed_is_dropped(database) {
        let install = site(database, HANGS);
        let daemon = install.serve().await;
        let hook = Hook::of(&daemon, "ready").await;
        for (signature, available) in [("theirs", 1), ("ours", 9), ("ours", 8)] {
            let began = Instant::now();
            let kept = hook.send(signature, json!({ "sku": "K", "available": available })).await;
            assert_eq!(kept.status(), 202);
            assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        }
        assert_eq!(hook.waiting(&daemon).await, 3);
        daemon.kill();

        configure(&install, LISTS_FOREVER);
        let daemon = install.serve().await;
        let hook = Hook::of(&daemon, "syncing").await;
        find("all worked", async || (hook.waiting(&daemon).await == 0).then_some(())).await;
        assert_eq!(pushes(&daemon).await, [json!(8), json!(9)], "in their order");
        assert!(daemon.end().await.success());
    }

    async fn a_delivery_that_comes_again_is_done_once_also_across_a_kill(database) {
        let install = site(database, WELL);
        let daemon = install.serve().await;
        let hook = Hook::of(&daemon, "ready").await;
        let first = json!({ "id": "1", "sku": "K", "available": 9 });
        let again = json!({ "id": "1", "sku": "K", "available": 3 });
        assert_eq!(hook.send("ours", first).await.status(), 200);
        assert_eq!(hook.send("ours", again.clone()).await.status(), 200);
        daemon.kill();

        let daemon = install.serve().await;
        let hook = Hook::of(&daemon, "ready").await;
        assert_eq!(hook.send("ours", again).await.status(), 200);
        assert_eq!(pushes(&daemon).await, [json!(9)]);
        let next = json!({ "id": "2", "sku": "K", "available": 3 });
        assert_eq!(hook.send("ours", next).await.status(), 200);
        assert_eq!(pushes(&daemon).await, [json!(3), json!(9)]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_is_replayed_or_signed_by_a_stranger_does_nothing() {
    let install = Install::with(&["misbehaving"]);
    configure(&install, WELL);
    let daemon = install.serve().await;
    let hook = Hook::of(&daemon, "ready").await;
    let now = Timestamp::from_millis(jiff::Timestamp::now().as_millisecond());
    let sent_at = |moment: Timestamp| {
        let body = json!({ "sku": "K", "available": 9, "sent_at": moment.to_string() });
        hook.send("ours", body)
    };
    assert_eq!(sent_at(now.before(minutes(6))).await.status(), 400);
    assert_eq!(sent_at(now.after(minutes(6))).await.status(), 400);
    let forged = json!({ "sku": "K", "available": 9 });
    assert_eq!(hook.send("theirs", forged).await.status(), 401);
    assert_eq!(pushes(&daemon).await, [] as [Value; 0]);
    assert_eq!(sent_at(now).await.status(), 200);
    assert_eq!(pushes(&daemon).await, [json!(9)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_challenge_is_passed_by_the_adapter() {
    let install = Install::with(&["misbehaving"]);
    configure(&install, WELL);
    let daemon = install.serve().await;
    let hook = Hook::of(&daemon, "ready").await;
    let asked = hook.client.get(format!("{}?challenge=blue", hook.url));
    let passed = asked.send().await.unwrap();
    assert_eq!(
        (passed.status().as_u16(), &*passed.text().await.unwrap()),
        (200, "blue")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_fills_its_share_of_a_queue_and_others_are_still_taken() {
    let install = Install::with(&["misbehaving"]);
    configure(&install, HANGS);
    let daemon = install.serve().await;
    let hook = Hook::of(&daemon, "ready").await;
    let crowd = (0..KEPT_OF_ONE_SENDER + 20).map(|number| {
        let hook = hook.clone();
        tokio::spawn(async move { hook.send("theirs", json!({ "number": number })).await })
    });
    let mut refused = Vec::new();
    for sent in crowd.collect::<Vec<_>>() {
        let answer = sent.await.unwrap();
        if answer.status() != 202 {
            refused.push(answer);
        }
    }
    assert_eq!(refused.len(), 20);
    for answer in refused {
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (503, &"30".parse().unwrap())
        );
    }
    let request = hook.request("ours", json!({ "sku": "K", "available": 9 }));
    let other = request.header("x-forwarded-for", "198.51.100.7").send();
    assert_eq!(other.await.unwrap().status(), 202);
    // Everything else goes on meanwhile.
    assert_eq!(daemon.api.stored("K").await["sku"], "K");
}

/// The address of the one connection.
#[derive(Clone)]
struct Hook {
    url: String,
    connection: String,
    client: Client,
}

// === impl Hook ===

impl Hook {
    /// Once the connection is in this state, and what it listed is there.
    async fn of(daemon: &Daemon, state: &str) -> Self {
        let connection = daemon.api.connection("Main").await;
        daemon.api.until(&connection, state).await;
        let url = format!("{}/hooks/{connection}", daemon.api.url());
        let client = Client::new();
        Self {
            url,
            connection,
            client,
        }
    }

    fn request(&self, signature: &str, body: Value) -> reqwest::RequestBuilder {
        let request = self.client.post(&self.url).header("x-signature", signature);
        request.json(&body)
    }

    async fn send(&self, signature: &str, body: Value) -> Response {
        self.request(signature, body).send().await.unwrap()
    }

    /// How many requests wait to be worked.
    async fn waiting(&self, daemon: &Daemon) -> u64 {
        let shown = daemon
            .api
            .get(&format!("/connections/{}", self.connection))
            .await;
        shown["status"]["hooks_waiting"].as_u64().expect("a count")
    }
}

fn site(database: crate::support::Database, (fault, at): (&str, &str)) -> Install {
    let install = Install::on(database, &["misbehaving"]);
    configure(&install, (fault, at));
    install
}

fn configure(install: &Install, (fault, at): (&str, &str)) {
    install.configure(&format!(
        "[[adapter]]\nid = \"misbehaving\"\n[[connection]]\nname = \"Main\"\nadapter = \"misbehaving\"\n\
         settings = {{ fault = \"{fault}\", at = \"{at}\" }}"
    ));
}

/// What was pushed of `K`, newest first: an article that listings do not name.
async fn pushes(daemon: &Daemon) -> Vec<Value> {
    let source = daemon.api.source("The site").await;
    let levels = format!("/inventory-sources/{source}/levels");
    let history = daemon.api.get(&format!("{levels}/K/history")).await;
    let changes = history["items"].as_array().expect("a list").iter();
    let pushed: Vec<&Value> = changes.filter(|change| change["cause"] == "push").collect();
    // The first level of an article is no change.
    let first = match pushed.last() {
        Some(change) => change["before"]["available"].clone(),
        None => daemon.api.get(&format!("{levels}?sku=K")).await["items"][0]["available"].clone(),
    };
    let after = pushed
        .iter()
        .map(|change| change["after"]["available"].clone());
    after
        .chain(Some(first).filter(|first| !first.is_null()))
        .collect()
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

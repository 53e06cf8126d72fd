//! Plugins by page: what runs unsigned is said everywhere, what was quarantined is let go by a button, and what an
//! adapter logged is read there.

use serde_json::Value;

use crate::support::browser::{Browser, Language, Width};
use crate::support::misbehaving::behaving;
use crate::support::{Stand, find};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quarantined_adapter_says_why_and_is_released_by_whoever_may() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::beside_misbehaving().await;
    let api = &stand.daemon.api;
    let connection = api.connect(&behaving("crashes", "abort", "check")).await;
    let check = format!("/connections/{connection}/check");
    find("quarantined", async || {
        api.post(&check, Value::Null).await;
        (state(&stand).await == "quarantined").then_some(())
    })
    .await;

    let reader = stand.signed_in("reader", Width::Phone, Language::De).await;
    let page = reader.open(&stand.daemon, "/plugins").await;
    page.shows("In Quarantäne").await;
    page.shows("Ein Bediener oder ein Administrator kann").await;
    page.screenshot("plugins-quarantined").await;
    page.assert_sound().await;
    assert_eq!(page.count("form[action$='/release']").await, 0);

    let operator = stand.signed_in("operator", Width::Desk, Language::En).await;
    let page = operator.open(&stand.daemon, "/plugins").await;
    page.shows("Its process ended five times within five minutes")
        .await;
    page.shows("told to abort").await;
    page.screenshot("plugins-quarantined").await;
    page.assert_sound().await;
    page.click("form[action='/plugins/misbehaving/release'] button")
        .await;
    find("running", async || {
        (state(&stand).await == "ready").then_some(())
    })
    .await;
    page.go("/plugins").await;
    assert_eq!(page.count("form[action$='/release']").await, 0);
    page.go("/activity?subject=adapter").await;
    page.shows("operator released the adapter").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_adapter_logged_is_shown_and_that_it_is_unsigned_on_every_page() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::beside_misbehaving().await;
    let connection = behaving("talks", "log_flood", "check");
    stand.daemon.api.connect(&connection).await;
    let reader = stand.signed_in("reader", Width::Desk, Language::De).await;
    let page = reader.open(&stand.daemon, "/plugins").await;
    let logged = async || {
        page.go("/plugins").await;
        (page
            .count("#adapter-misbehaving details:has(.table) tbody tr")
            .await
            > 0)
        .then_some(())
    };
    page.until("a record", logged).await;
    page.click("#adapter-misbehaving details:has(.table) summary")
        .await;
    assert!(
        page.text("#adapter-misbehaving .table tbody tr")
            .await
            .contains("talks")
    );
    page.screenshot("plugins-log").await;
    page.assert_sound().await;
    for path in ["/orders", "/status", "/me", "/plugins"] {
        page.go(path).await;
        let banner = page.text(".banner").await;
        assert!(
            banner.contains("ohne Signatur") && banner.contains("misbehaving"),
            "{path}: {banner}"
        );
    }
    page.shows("Ohne Signatur").await;
}

/// How the misbehaving adapter is.
async fn state(stand: &Stand) -> String {
    let all = stand.daemon.api.get("/adapters").await;
    let mut items = all["items"].as_array().expect("a list").iter();
    let found = items.find(|item| item["id"] == "misbehaving");
    found.expect("it is there")["state"]
        .as_str()
        .expect("a word")
        .to_owned()
}

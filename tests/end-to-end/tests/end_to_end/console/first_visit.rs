//! The first visit: from the link that the daemon prints to the first page.

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Look, Width};
use crate::support::stand::PASSWORD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_printed_link_makes_the_first_administrator_once() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::new().await;
    let link = set_up_path(&stand);
    for look in Look::all() {
        let browser = Browser::with(look).await;
        let page = browser.open(&stand.daemon, &link).await;
        page.screenshot("set-up").await;
        page.assert_sound().await;
    }
    let browser = Browser::start(Width::Desk, Language::En).await;
    let page = browser.open(&stand.daemon, &link).await;
    assert_eq!(page.focused().await.role, "textbox", "one can type at once");
    page.type_text("Ada").await;
    page.tab_to("[autocomplete=new-password]").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.arrives("/orders").await;
    page.screenshot("first-visit").await;
    page.assert_sound().await;

    let stranger = Browser::start(Width::Desk, Language::En).await;
    let page = stranger.open(&stand.daemon, &link).await;
    assert_eq!(
        page.count("main form input").await,
        0,
        "it asks for nothing"
    );
    page.screenshot("set-up-void").await;
    page.assert_sound().await;
    page.click("main a[href='/sign-in']").await;
    page.arrives("/sign-in").await;
    let users = stand.install.run(&["user", "list", "--json"]).expect(0);
    assert!(users.stdout.contains("Ada"), "{users:?}");
}

/// The path of the link that the daemon printed.
fn set_up_path(stand: &Stand) -> String {
    let words = stand.daemon.words();
    let link = words
        .split_whitespace()
        .find(|word| word.contains("/set-up?token="));
    let link = link.unwrap_or_else(|| panic!("no link in: {words}"));
    let (_, token) = link.split_once("/set-up").expect("it is there");
    format!("/set-up{token}")
}

//! The main paths by keyboard alone: the Tab key comes to everything, and what has the focus is seen.

use serde_json::{Value, json};

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Width};
use crate::support::stand::PASSWORD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_signing_in_to_a_linked_place_by_keyboard_alone() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let api = &stand.daemon.api;
    assert_eq!(api.get("/orders/1004").await["verdict"], json!("unknown"));
    let browser = Browser::start(Width::Desk, Language::En).await;
    let page = browser.open(&stand.daemon, "/").await;
    page.arrives("/sign-in").await;
    let focus = page.focused().await;
    assert_eq!(
        focus.role, "textbox",
        "whoever is to sign in can type at once: {focus:?}"
    );
    page.type_text("operator").await;
    page.tab_to("[autocomplete=current-password]").await;
    page.type_text(PASSWORD).await;
    page.press("Enter").await;
    page.arrives("/orders").await;

    page.tab_to("nav a[href='/ship-from-locations']").await;
    page.press("Enter").await;
    page.arrives("/ship-from-locations").await;
    let hall = place(&stand, "Hall without a source").await;
    let details = format!("/ship-from-locations/{hall}");
    page.tab_to(&format!("main a[href='{details}']")).await;
    page.press("Enter").await;
    page.arrives(&details).await;
    page.tab_to("select[name=source]").await;
    // The name of the source, as whoever knows it types it.
    page.type_text("Port").await;
    page.tab_to("main form button[type=submit]").await;
    page.press("Enter").await;
    page.arrives("/ship-from-locations").await;

    let linked =
        async || (api.get("/orders/1004").await["verdict"] == json!("can_ship")).then_some(());
    page.until("a place that is linked", linked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_looked_at_beside_the_list_and_the_focus_comes_back() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    for width in [Width::Desk, Width::Phone] {
        let browser = stand.signed_in("reader", width, Language::De).await;
        let page = browser.open(&stand.daemon, "/orders").await;
        page.tab_to("#rows a[href='/orders/1002']").await;
        page.press("Enter").await;
        let panel = page.text("#panel h2").await;
        assert!(panel.contains("1002"), "{panel}");
        page.shows("CHAIR").await;
        page.screenshot("orders-panel").await;
        page.assert_sound().await;
        assert_eq!(page.path().await, "/orders", "the list is still there");
        page.press("Escape").await;
        assert_eq!(page.count("#panel h2").await, 0);
        assert_eq!(page.focused().await.name, "1002");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slash_leads_to_the_search_whose_words_stand_in_the_address() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let browser = stand.signed_in("reader", Width::Desk, Language::En).await;
    let page = browser.open(&stand.daemon, "/orders").await;
    page.press("/").await;
    assert_eq!(page.focused().await.role, "searchbox");
    page.type_text("1003").await;
    page.press("Enter").await;
    page.shows("1003").await;
    assert!(
        page.path().await.contains("search=1003"),
        "{}",
        page.path().await
    );
    assert_eq!(page.texts("#rows th").await, ["1003"]);
}

/// The id of the place that is called this.
async fn place(stand: &Stand, name: &str) -> String {
    let all = stand.daemon.api.get("/ship-from-locations").await;
    let mut places = all["items"].as_array().expect("a list").iter();
    let found = places
        .find(|place| place["name"] == name)
        .map(|place| &place["id"]);
    found.and_then(Value::as_str).expect("a place").to_owned()
}

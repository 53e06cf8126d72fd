//! The main paths for people whose browser runs no script: forms and links do all of it.

use serde_json::json;

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Page, Width};
use crate::support::stand::PASSWORD;

/// A page in which no script runs, signed in as this person.
async fn signed_in(stand: &Stand, name: &str, language: Language) -> Page {
    let browser = Browser::start(Width::Desk, language).await;
    let page = browser.open(&stand.daemon, "/assets/none").await;
    let page = page.without_script().await;
    page.go("/orders").await;
    page.arrives("/sign-in").await;
    page.fill("main [autocomplete=username]", name).await;
    page.fill("main [autocomplete=current-password]", "not the password")
        .await;
    page.press("Enter").await;
    page.text("#error").await;
    page.fill("main [autocomplete=current-password]", PASSWORD)
        .await;
    page.press("Enter").await;
    page.arrives("/orders").await;
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_are_filtered_opened_and_moved_and_a_location_is_linked() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let api = &stand.daemon.api;
    let page = signed_in(&stand, "operator", Language::En).await;
    // A choice alone changes nothing; the button does.
    page.tab_to("#verdict").await;
    page.type_text("Short").await;
    page.click(".filters button[type=submit]").await;
    assert!(
        page.path().await.contains("verdict=short"),
        "{}",
        page.path().await
    );
    assert_eq!(page.texts("#rows th").await[0], "1002");
    page.click("#rows a[href='/orders/1002']").await;
    assert_eq!(
        page.path().await,
        "/orders/1002",
        "the whole page instead of the panel"
    );
    page.shows("CHAIR").await;

    let berlin = api.get("/orders/1002").await["ship_from_location_id"].clone();
    assert_eq!(api.get("/orders/1004").await["verdict"], json!("unknown"));
    page.go("/ship-from-locations").await;
    page.click("main tbody tr:has(.chip.doubt) a").await;
    page.tab_to("select[name=source]").await;
    page.type_text("Port").await;
    page.click("main form[action$='/change'] button[type=submit]")
        .await;
    page.arrives("/ship-from-locations").await;
    assert_eq!(api.get("/orders/1004").await["verdict"], json!("can_ship"));
    assert_ne!(
        api.get("/orders/1004").await["ship_from_location_id"],
        berlin
    );

    page.go("/orders").await;
    page.click("input[name=order][value='1002']").await;
    page.tab_to("#move-to").await;
    page.type_text("Portland").await;
    page.click("[data-selection] button").await;
    let moved = async || {
        let order = api.get("/orders/1002").await;
        (order["ship_from_location_id"] != berlin).then_some(())
    };
    page.until("an order that was moved", moved).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_system_is_connected_and_tried() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    let page = signed_in(&stand, "admin", Language::De).await;
    page.go("/connections/new/finale").await;
    let secrets = stand.finale.secrets();
    for (field, text) in [
        ("name", "Finale main"),
        ("setting.account", "demo"),
        ("setting.base_url", &stand.finale.finale.url()),
        ("secret.api_key", secrets["api_key"].reveal()),
        ("secret.api_secret", secrets["api_secret"].reveal()),
    ] {
        page.fill(&format!("[name='{field}']"), text).await;
    }
    page.click("[name=allow_private_network]").await;
    page.click("main form.stack button.main").await;
    let id = stand.daemon.api.connection("Finale main").await;
    page.arrives(&format!("/connections/{id}")).await;
    stand.daemon.api.until(&id, "ready").await;
    page.click("form[action$='/check'] button").await;
    assert!(page.text("#checked .note").await.starts_with("Es geht"));
    assert_eq!(page.count("nav").await, 1, "it is a whole page");
    page.screenshot("connection-checked").await;
}

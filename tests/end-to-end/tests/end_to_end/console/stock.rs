//! Stock by page: changed with its condition, lot and cost, and counted.

use serde_json::{Value, json};

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Page, Width};

/// Lists and dates are not typed into.
const SET: &str = "(css, text) => { document.querySelector(css).value = text; }";
const SEND: &str = "form[action$='/operations'] button.main";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_are_changed_with_condition_lot_and_cost_and_counted_by_page() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let api = &stand.daemon.api;
    let source = api.source("Main warehouse").await;
    let browser = stand.signed_in("admin", Width::Desk, Language::De).await;
    let operations = format!("/inventory-sources/{source}/operations");
    let page = browser.open(&stand.daemon, &operations).await;
    let lot = [
        ("#adjust-lot", "L-7"),
        ("#adjust-until", "2130-06-30"),
        ("#adjust-cost", "2,5"),
    ];
    change(&page, 1, "add", "6", &lot).await;
    change(
        &page,
        2,
        "regrade",
        "2",
        &[("#adjust-lot", "L-7"), ("#adjust-to-condition", "damaged")],
    )
    .await;
    change(&page, 3, "recost", "", &[("#adjust-cost", "4")]).await;
    let levels = format!("/inventory-sources/{source}/levels?sku=A-1");
    let level = api.get(&levels).await["items"][0].clone();
    let kept = json!([{ "lot": "L-7", "quantity": 6, "expires_at": "2130-07-01T00:00:00Z" }]);
    assert_eq!(
        (&level["available"], &level["lots"]),
        (&json!(4), &kept),
        "{level:#}"
    );
    assert_eq!(
        (&level["other"]["damaged"], &level["unit_cost"]),
        (&json!(2), &json!(4))
    );

    page.go("/stock-takes").await;
    page.click("form[action='/stock-takes'] button.main").await;
    page.shows("Artikel zählen").await;
    count(&page, "A-1", "5").await;
    assert!(
        page.text("[role=status]")
            .await
            .contains("5 von A-1; geführt sind 6")
    );
    count(&page, "NEW", "2").await;
    page.click("details summary").await;
    page.click("form[action$='/commit'] button.main").await;
    page.shows("Übernommen").await;
    let on_hand = async |sku: &str| -> Value {
        let path = format!("/inventory-sources/{source}/levels?sku={sku}");
        api.get(&path).await["items"][0]["on_hand"].clone()
    };
    assert_eq!(
        (on_hand("A-1").await, on_hand("NEW").await),
        (json!(5), json!(2))
    );
}

/// Sends the form with these fields, and waits until it is the change of this number.
async fn change(page: &Page, number: usize, change: &str, quantity: &str, more: &[(&str, &str)]) {
    let fields = [
        ("#adjust-sku", "A-1"),
        ("#adjust-change", change),
        ("#adjust-quantity", quantity),
    ];
    for (field, text) in fields.iter().chain(more) {
        page.script(SET, &[(*field).into(), (*text).into()]).await;
    }
    page.click(SEND).await;
    let is_listed = async || (page.count("tbody tr").await == number).then_some(());
    page.until("the change", is_listed).await;
}

async fn count(page: &Page, sku: &str, counted: &str) {
    page.fill("#sku", sku).await;
    page.fill("#counted", counted).await;
    page.click("form[action$='/count'] button.main").await;
    page.shows(sku).await;
}

//! What is looked at follows the stock, and nothing jumps under the hands of whoever looks.

use reqwest::Method;
use serde_json::json;

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Width};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_looked_at_can_ship_as_soon_as_stock_comes() {
    if Browser::is_missing() {
        return;
    }
    const STAYED: &str = "() => [window.stayed, scrollY, document.activeElement.id]";
    let stand = Stand::at_work().await;
    let browser = stand.signed_in("reader", Width::Desk, Language::En).await;
    let list = browser.open(&stand.daemon, "/orders").await;
    let before = list.text("tr:has(a[href='/orders/1002']) td").await;
    list.tab_to("#verdict").await;
    list.script(
        "() => { window.stayed = 'the same'; scrollTo(0, 200) }",
        &[],
    )
    .await;

    stand.finale.finale.set_stock("LAMP", "Berlin", 50);
    stand.finale.finale.set_stock("CHAIR", "Berlin", 50);
    let connection = stand.daemon.api.connection("Finale main").await;
    let sync = format!("/connections/{connection}/sync?full=true");
    stand
        .daemon
        .api
        .ask(Method::POST, &sync, None)
        .await
        .expect(202);

    let api = &stand.daemon.api;
    let known =
        async || (api.get("/orders/1002").await["verdict"] == json!("can_ship")).then_some(());
    list.until("stock that came", known).await;
    let changed =
        async || (list.text("tr:has(a[href='/orders/1002']) td").await != before).then_some(());
    list.until("another verdict in the list", changed).await;
    let stayed = list.script(STAYED, &[]).await;
    assert_eq!(
        stayed,
        json!(["the same", 200, "verdict"]),
        "it is no other page, and nothing has moved"
    );
    list.assert_sound().await;
}

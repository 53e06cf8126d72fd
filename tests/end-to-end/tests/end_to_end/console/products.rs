//! A product whose numbers are old, as everybody sees it.

use bestand_upstreams::finale::Stock;

use crate::support::Stand;
use crate::support::browser::{Browser, Look};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_number_is_seen_to_be_old() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::configured("[sync]\nmax_age_secs = 1\n").await;
    stand
        .finale
        .finale
        .stock([Stock::on_hand("LAMP", "Berlin", 2)]);
    let id = stand.daemon.api.connect(&stand.finale.connection()).await;
    stand.daemon.api.until(&id, "ready").await;
    for look in Look::all() {
        let browser = stand.signed_in("reader", look.width, look.language).await;
        for (name, path) in [
            ("product-stale", "/products/LAMP"),
            ("products-stale", "/products"),
        ] {
            let page = browser.open(&stand.daemon, path).await;
            let is_old = async || {
                page.go(path).await;
                (page.count("main .chip.doubt").await > 0).then_some(())
            };
            page.until("an old number", is_old).await;
            page.screenshot(name).await;
            page.assert_sound().await;
        }
    }
}

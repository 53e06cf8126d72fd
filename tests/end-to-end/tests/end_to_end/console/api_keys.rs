//! A new API key as it is seen the only time, and what is left of it when the page is loaded again.

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Width};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_can_be_copied_and_is_gone_when_the_page_is_loaded_again() {
    if Browser::is_missing() {
        return;
    }
    const COPIED: &str = "() => getSelection().toString().trim()";
    let stand = Stand::empty().await;
    for (width, language) in [(Width::Phone, Language::De), (Width::Desk, Language::En)] {
        let browser = stand.signed_in("admin", width, language).await;
        let page = browser.open(&stand.daemon, "/api-keys").await;
        page.click("details:has(form[action='/api-keys/new']) summary")
            .await;
        page.fill("#key-name", language.tag()).await;
        page.click("form[action='/api-keys/new'] button.main").await;
        let secret = page.text("#issued-secret").await;
        assert!(secret.starts_with("bs_"), "{secret}");
        page.screenshot("api-key-issued").await;
        page.assert_sound().await;
        let button = "[data-copy=issued-secret]";
        page.click(button).await;
        // A browser that lends no clipboard has it selected instead.
        let is_copied = async || {
            let is_said =
                page.attribute(button, "data-copied").await == Some(page.text(button).await);
            (is_said || page.script(COPIED, &[]).await == secret.as_str()).then_some(())
        };
        page.until("a copy", is_copied).await;

        page.script("() => location.reload()", &[]).await;
        page.arrives("/api-keys").await;
        page.shows(language.tag()).await;
        assert_eq!(page.count("#issued-secret").await, 0);
        let html = page
            .script("() => document.documentElement.outerHTML", &[])
            .await;
        assert!(!html.as_str().expect("a page").contains(&secret));
    }
}

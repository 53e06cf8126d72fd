//! Nobody sees a page without a session, and a session ends when it is ended.

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Look, Width};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_not_signed_in_is_asked_to_and_comes_where_they_wanted() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    for look in Look::all() {
        let browser = Browser::with(look).await;
        let page = browser.open(&stand.daemon, "/orders").await;
        page.arrives("/sign-in").await;
        page.screenshot("sign-in").await;
        page.assert_sound().await;
        page.fill("main [autocomplete=username]", "reader").await;
        page.fill("main [autocomplete=current-password]", "not the password")
            .await;
        page.press("Enter").await;
        page.shows(match look.language {
            Language::En => "password",
            Language::De => "Passwort",
        })
        .await;
        page.arrives("/sign-in").await;
        page.screenshot("sign-in-refused").await;
        page.assert_sound().await;
        assert_eq!(
            page.attribute("main [autocomplete=username]", "value")
                .await
                .as_deref(),
            Some("reader")
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_out_is_out() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    let browser = stand.signed_in("reader", Width::Desk, Language::En).await;
    let page = browser.open(&stand.daemon, "/orders").await;
    let cookies = browser.cookies().await;
    page.click("form[action='/sign-out'] button").await;
    page.arrives("/sign-in").await;
    // Even whoever kept the cookie.
    browser.put_cookies(&cookies).await;
    page.go("/orders").await;
    page.arrives("/sign-in").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_language_that_is_chosen_stays_whatever_the_browser_prefers() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    let browser = stand.signed_in("reader", Width::Desk, Language::De).await;
    let page = browser.open(&stand.daemon, "/orders").await;
    assert_eq!(page.attribute("html", "lang").await.as_deref(), Some("de"));
    page.click("button[name=language][value=en]").await;
    page.go("/status").await;
    assert_eq!(page.attribute("html", "lang").await.as_deref(), Some("en"));
}

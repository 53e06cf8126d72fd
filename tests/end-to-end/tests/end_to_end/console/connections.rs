//! A connection by page: made, tried, changed, stopped and removed.

use reqwest::Method;
use serde_json::{Value, json};

use bestand_upstreams::finale::Fault;

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Page, Width};

/// The fields of Finale's form.
const NAME: &str = "[name=name]";
const ACCOUNT: &str = "[name='setting.account']";
const ADDRESS: &str = "[name='setting.base_url']";
const KEY: &str = "[name='secret.api_key']";
const SECRET: &str = "[name='secret.api_secret']";
const SAVE: &str = "main form.stack button.main";

/// The key and secret that the simulated account takes.
fn pair(stand: &Stand) -> (String, String) {
    let secrets = stand.finale.secrets();
    let text = |name: &str| secrets[name].reveal().to_owned();
    (text("api_key"), text("api_secret"))
}

/// The page of a connection that works, with its form open, and the connection's id.
async fn connected(stand: &Stand, browser: &Browser) -> (Page, String) {
    let id = stand.daemon.api.connect(&stand.finale.connection()).await;
    stand.daemon.api.until(&id, "ready").await;
    let page = browser
        .open(&stand.daemon, &format!("/connections/{id}"))
        .await;
    (page, id)
}

/// Opens the form for the settings, types over one field, and saves.
async fn change(page: &Page, field: &str, text: &str) {
    page.click("details summary").await;
    page.fill(field, text).await;
    page.click(SAVE).await;
}

/// What "Test connection" says.
async fn tested(page: &Page) -> String {
    page.click("form[action$='/check'] button").await;
    page.text("#checked .note").await
}

async fn source_of(page: &Page) -> String {
    let source = page
        .script("() => document.documentElement.outerHTML", &[])
        .await;
    source.as_str().expect("a page").to_owned()
}

async fn is_marked(page: &Page, field: &str) -> bool {
    page.attribute(field, "aria-invalid").await.as_deref() == Some("true")
}

/// What a screen reader says of a field beyond its name.
async fn described(page: &Page, field: &str) -> String {
    const DESCRIBED: &str = "css => (document.querySelector(css).getAttribute('aria-describedby') ?? '').split(' ')\
        .map(id => document.getElementById(id).innerText).join(' ')";
    let said = page.script(DESCRIBED, &[field.into()]).await;
    said.as_str().expect("a text").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_keeps_what_was_typed_says_beside_the_field_what_is_wrong_and_forgets_secrets() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    let (key, secret) = pair(&stand);
    for (width, language) in [(Width::Desk, Language::De), (Width::Phone, Language::En)] {
        let browser = stand.signed_in("admin", width, language).await;
        let page = browser.open(&stand.daemon, "/connections/new/finale").await;
        page.fill(NAME, language.tag()).await;
        // A browser takes a blank for something.
        page.fill(ACCOUNT, " ").await;
        page.fill(ADDRESS, &stand.finale.finale.url()).await;
        page.fill(KEY, &key).await;
        page.fill(SECRET, &secret).await;
        page.click("[name=allow_private_network]").await;
        page.fill("[name=interval_minutes]", "often").await;
        page.click(SAVE).await;
        page.arrives("/connections/new/finale").await;
        assert!(is_marked(&page, "[name=interval_minutes]").await);
        assert!(!is_marked(&page, NAME).await);
        assert!(!source_of(&page).await.contains(&secret));
        page.fill("[name=interval_minutes]", "0").await;
        page.fill(KEY, &key).await;
        page.fill(SECRET, &secret).await;
        page.click(SAVE).await;
        for field in ["[name=interval_minutes]", ACCOUNT] {
            assert!(
                is_marked(&page, field).await,
                "{field}: {}",
                page.text("main").await
            );
        }
        assert_ne!(described(&page, ACCOUNT).await.lines().count(), 0);
        page.screenshot("connection-new-wrong").await;
        page.assert_sound().await;
        for (field, kept) in [
            (NAME, language.tag()),
            (ADDRESS, &stand.finale.finale.url()),
            (KEY, ""),
            (SECRET, ""),
        ] {
            let value = page
                .script("css => document.querySelector(css).value", &[field.into()])
                .await;
            assert_eq!(value, kept, "{field}");
        }
        assert_eq!(page.count("[name=allow_private_network]:checked").await, 1);

        page.fill("[name=interval_minutes]", "30").await;
        page.fill(ACCOUNT, "demo").await;
        page.fill(KEY, &key).await;
        page.fill(SECRET, &secret).await;
        page.click(SAVE).await;
        let id = stand.daemon.api.connection(language.tag()).await;
        page.arrives(&format!("/connections/{id}")).await;
        stand.daemon.api.until(&id, "ready").await;
        let made = stand.daemon.api.get(&format!("/connections/{id}")).await;
        assert_eq!(
            (&made["sync_interval_secs"], &made["settings"]["account"]),
            (&json!(1_800), &json!("demo"))
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_only_ever_written_and_stays_when_it_is_left_empty() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    let (_, secret) = pair(&stand);
    let browser = stand.signed_in("operator", Width::Desk, Language::En).await;
    let (page, id) = connected(&stand, &browser).await;
    assert!(tested(&page).await.starts_with("It works"));
    assert!(!source_of(&page).await.contains(&secret));

    change(&page, NAME, "Finale north").await;
    page.shows("Finale north").await;
    stand.daemon.api.until(&id, "ready").await;
    assert!(
        tested(&page).await.starts_with("It works"),
        "nobody has typed another"
    );

    change(&page, SECRET, "another-secret").await;
    stand.daemon.api.until(&id, "needs_attention").await;
    let refused = tested(&page).await;
    assert!(refused.starts_with("It does not work"), "{refused}");
    assert!(
        refused.contains("credentials") || refused.contains("key"),
        "it says what to do: {refused}"
    );
    page.go(&format!("/connections/{id}")).await;
    page.shows("Needs attention").await;
    page.screenshot("connection-refused").await;
    page.assert_sound().await;
    assert!(!source_of(&page).await.contains("another-secret"));

    change(&page, SECRET, &secret).await;
    stand.daemon.api.until(&id, "ready").await;
    assert!(tested(&page).await.starts_with("It works"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_is_seen_to_go_on_and_a_connection_is_stopped_and_let_go_on() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    let browser = stand
        .signed_in("operator", Width::Phone, Language::De)
        .await;
    let (page, id) = connected(&stand, &browser).await;
    stand.finale.finale.fault(Fault::StalledBody);
    page.click("form:has([name=full]) button").await;
    page.text("#state progress").await;
    page.shows("Abgleich läuft").await;
    page.screenshot("connection-syncing").await;
    page.assert_sound().await;
    stand.finale.finale.clear_faults();

    page.click("form[action$='/pause'] button").await;
    stand.daemon.api.until(&id, "paused").await;
    page.shows("Angehalten").await;
    assert_eq!(page.count("form[action$='/sync'] button:disabled").await, 2);
    page.screenshot("connection-paused").await;
    page.assert_sound().await;
    page.click("form[action$='/pause'] button").await;
    stand.daemon.api.until(&id, "ready").await;
    page.go(&format!("/connections/{id}")).await;
    assert_eq!(page.count("form[action$='/sync'] button:disabled").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_removed_only_when_the_question_is_answered_with_yes() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    let browser = stand.signed_in("operator", Width::Desk, Language::En).await;
    let (page, id) = connected(&stand, &browser).await;
    let (path, remove) = (
        format!("/connections/{id}"),
        "form[action$='/remove'] button",
    );
    page.click_and_answer(remove, false).await;
    assert_eq!(page.path().await, path);
    stand.daemon.api.get(&path).await;
    page.click_and_answer(remove, true).await;
    page.arrives("/connections").await;
    let gone = stand.daemon.api.ask(Method::GET, &path, None).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_in_the_config_file_is_changed_only_there() {
    if Browser::is_missing() {
        return;
    }
    let declared = "[[connection]]\nname = \"Declared\"\nadapter = \"warehouse\"\n";
    let stand = Stand::configured(declared).await;
    let browser = stand.signed_in("admin", Width::Desk, Language::De).await;
    let id = stand.daemon.api.connection("Declared").await;
    let path = format!("/connections/{id}");
    let page = browser.open(&stand.daemon, &path).await;
    page.shows("bestand reload").await;
    page.screenshot("connection-declared").await;
    page.assert_sound().await;
    let forms = page
        .script(
            "() => [...document.querySelectorAll('main form')].map(form => form.action)",
            &[],
        )
        .await;
    let forms: Vec<_> = forms
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for deed in ["change", "pause", "remove"] {
        assert!(
            forms.iter().all(|action| !action.ends_with(deed)),
            "{deed}: {forms:?}"
        );
    }
    assert!(
        forms.iter().any(|action| action.ends_with("/sync")),
        "{forms:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_reading_again_would_change_is_shown_before_it_is_stored() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    stand.finale.finale.set_stock("MUG", "Berlin", 5);
    let browser = stand
        .signed_in("operator", Width::Phone, Language::En)
        .await;
    let (page, id) = connected(&stand, &browser).await;
    stand.finale.finale.set_stock("MUG", "Berlin", 2);
    let form = format!("form[action='/connections/{id}/reread']");
    page.click(&format!("details:has({form}) summary")).await;
    page.click(&format!("{form} button[value=try]")).await;
    let shown = page.text("main").await;
    for told in ["1 not as held", "Nothing was stored", "MUG", "Berlin"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    page.assert_sound().await;
    page.click(&format!("{form} button[value=store]")).await;
    let stored = page.text("main").await;
    assert!(stored.contains("is held from now on"), "{stored}");
    let api = &stand.daemon.api;
    let berlin = api.source("Berlin").await;
    let levels = api
        .get(&format!("/inventory-sources/{berlin}/levels?sku=MUG"))
        .await;
    assert_eq!(levels["items"][0]["available"], json!(2), "{levels}");
}

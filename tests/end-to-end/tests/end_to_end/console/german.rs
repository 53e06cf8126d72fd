//! On a German page the daemon speaks German; what an adapter says stays as it was said, and is marked as English.

use bestand_upstreams::finale::Fault;
use serde_json::{Value, json};

use crate::support::Stand;
use crate::support::browser::{Language, Page, Width};

/// Words that every English sentence of the daemon has one of, and no German one.
const ENGLISH: [&str; 14] = [
    "the", "is", "are", "must", "cannot", "with", "not", "this", "of", "to", "check", "needed",
    "has", "have",
];
/// The words of the page, without what is marked as English, code, and what somebody could have typed.
const WORDS: &str = "() => { const page = document.querySelector('main').cloneNode(true); \
    page.querySelectorAll('[lang=en], code, input, textarea, option, .mono, svg').forEach(one => one.remove()); \
    return page.textContent.split(/[^A-Za-zÄÖÜäöüß-]+/); }";
/// Fills in a form as it is sent, whatever the browser itself would have said of it.
const SEND: &str = "(css, values) => { const form = document.querySelector(css); form.noValidate = true; \
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value; form.requestSubmit(); }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_well_is_told_in_german_and_adapters_are_quoted() {
    if crate::support::browser::Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let browser = stand.signed_in("admin", Width::Desk, Language::De).await;
    let page = browser.open(&stand.daemon, "/connections").await;
    for path in ["/connections", "/status", "/activity"] {
        page.go(path).await;
        page.shows("Finale Inventory nimmt die Zugangsdaten nicht an.")
            .await;
        page.shows("Prüfen Sie die Zugangsdaten im anderen System")
            .await;
        let quoted = page.texts("q[lang=en]").await.concat();
        assert!(quoted.contains("Finale refuses the API key"), "{quoted}");
        is_german(&page).await;
    }
    let api = &stand.daemon.api;
    let connection = connection(&stand, "Finale main").await;
    stand.finale.finale.fault(Fault::Status { code: 503 });
    let sync = format!("/connections/{connection}/sync");
    api.post(&sync, json!({})).await.expect(202);
    api.until(&connection, "degraded").await;
    page.go(&format!("/connections/{connection}")).await;
    page.shows("Noch nichts; der nächste Versuch ist").await;
    page.screenshot("german-degraded").await;
    is_german(&page).await;
    page.click("form[action$='/check'] button").await;
    page.shows("Es geht nicht.").await;
    is_german(&page).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_or_refused_is_explained_in_german() {
    if crate::support::browser::Browser::is_missing() {
        return;
    }
    let stand = Stand::empty().await;
    stand
        .install
        .plugins
        .put("no_library.so", b"this is no library");
    stand.install.run(&["reload"]);
    let browser = stand.signed_in("admin", Width::Desk, Language::De).await;
    let page = browser.open(&stand.daemon, "/plugins").await;
    page.shows("Es startet nicht.").await;
    page.screenshot("german-refused").await;
    is_german(&page).await;
    page.go("/inventory-sources").await;
    page.shows("Über diesen Adapter ist nichts verbunden.")
        .await;
    page.screenshot("german-missing").await;
    is_german(&page).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_says_in_german_what_is_wrong_with_it() {
    if crate::support::browser::Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let browser = stand.signed_in("admin", Width::Desk, Language::De).await;
    let page = browser.open(&stand.daemon, "/connections").await;
    let form = "/connections/new/finale";
    let sent = async |path: &str, css: &str, values: Value, said: &str| {
        page.go(path).await;
        page.script(SEND, &[css.into(), values]).await;
        page.shows(said).await;
        is_german(&page).await;
    };
    let nothing = json!({ "name": " ", "interval_minutes": "9999" });
    sent(
        form,
        "main form",
        nothing,
        "Ein Name hat 1 bis 100 Zeichen.",
    )
    .await;
    page.shows("von 1 bis 1.440.").await;
    assert_eq!(
        page.text("#setting-account ~ .error").await,
        "Das wird gebraucht."
    );
    page.screenshot("german-form").await;
    let taken = json!({
        "name": "Finale main", "setting.account": "demo", "secret.api_key": "k", "secret.api_secret": "s",
    });
    sent(
        form,
        "main form",
        taken,
        "Den Namen „Finale main“ gibt es schon",
    )
    .await;
    let places = "/ship-from-locations";
    let new = "form[action$='/new']";
    let below = json!({ "name": "Kiel", "buffer": "-1" });
    sent(places, new, below, "Das darf nicht unter null sein.").await;
    let taken = json!({ "name": "Berlin" });
    sent(places, new, taken, "Den Namen „Berlin“ gibt es schon").await;
    let locations = stand.daemon.api.get("/ship-from-locations").await;
    let first = locations["items"][0]["id"].as_str().expect("an id");
    let old = json!({ "version": "0" });
    let said = "Das hat inzwischen jemand anderes geändert.";
    let path = format!("{places}/{first}");
    sent(&path, "form[action$='/change']", old, said).await;
}

/// Nothing on the page is English, apart from what is marked so.
async fn is_german(page: &Page) {
    let words = page.script(WORDS, &[]).await;
    let words = words.as_array().expect("a list").iter();
    let words: Vec<&str> = words.filter_map(Value::as_str).collect();
    let english: Vec<String> = (0..words.len())
        .filter(|at| ENGLISH.contains(&words[*at]))
        .map(|at| words[at.saturating_sub(3)..(at + 4).min(words.len())].join(" "))
        .collect();
    assert!(english.is_empty(), "{}: {english:?}", page.path().await);
    page.assert_sound().await;
}

async fn connection(stand: &Stand, name: &str) -> String {
    let connections = stand.daemon.api.get("/connections").await;
    let items = connections["items"].as_array().expect("a list");
    let found = items.iter().find(|connection| connection["name"] == name);
    found.expect("it is there")["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

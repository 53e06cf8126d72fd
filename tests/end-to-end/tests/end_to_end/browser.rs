//! The browser under test sees what is wrong with a page: each fault is made on purpose, and must be found.

use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;

use crate::support::Install;
use crate::support::browser::{Browser, Fault, Language, Look, Width};

/// A page without fault, in which a test puts one.
const SOUND: &str = "<!doctype html><html lang=\"en\"><head><title>Sound</title><link rel=\"icon\" href=\"data:,\">\
    <meta name=\"viewport\" content=\"width=device-width\"></head><body><main><h1>Sound</h1>HERE</main></body></html>";
/// Faults by the path of the page that has it, as it is put in.
const FAULTS: [(&str, &str); 7] = [
    ("/console", "<script>console.error('said', 7)</script>"),
    ("/exception", "<script>nothing.at.all</script>"),
    (
        "/foreign",
        "<img src=\"http://127.0.0.2:9/pixel\" alt=\"\">",
    ),
    ("/missing", "<script src=\"/nowhere.js\"></script>"),
    ("/nameless", "<input type=\"text\">"),
    (
        "/faint",
        "<p style=\"color: #bbb; background: #fff\">hardly to be read</p>",
    ),
    (
        "/wide",
        "<p id=\"long\" style=\"width: 2000px\">far too long</p>",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_a_page_is_found_and_none_where_there_is_none() {
    if Browser::is_missing() {
        return;
    }
    let site = serve().await;
    for width in [Width::Phone, Width::Desk] {
        let browser = Browser::start(width, Language::En).await;
        browser.open_at(&site, "/").await.assert_sound().await;
        for (path, _) in FAULTS {
            let faults = browser.open_at(&site, path).await.faults().await;
            assert!(
                faults.iter().any(|fault| is_of(path, fault)),
                "{path}: {faults:?}"
            );
        }
        let bare = browser.open_at(&site, "/bare").await.faults().await;
        assert!(bare.contains(&Fault::Untitled), "{bare:?}");
        assert!(bare.contains(&Fault::Language(String::new())), "{bare:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_is_as_wide_asks_in_the_language_and_has_the_colours_it_is_told() {
    if Browser::is_missing() {
        return;
    }
    const TOLD: &str = "() => [innerWidth, navigator.language, new Intl.NumberFormat().format(1.5), \
        matchMedia('(prefers-color-scheme: dark)').matches].join(' ')";
    let site = serve().await;
    let mut told = Vec::new();
    for look in Look::all().chain(Look::all().map(Look::dark)) {
        let page = Browser::with(look).await.open_at(&site, "/accepted").await;
        let accepted = page.text("p").await;
        let told_by_script = page.script(TOLD, &[]).await;
        told.push(format!(
            "{look}: {accepted} {}",
            told_by_script.as_str().unwrap()
        ));
    }
    assert_eq!(
        told,
        [
            "en-desk: en-GB,en;q=0.9 1280 en-GB 1.5 false",
            "de-desk: de-DE,de;q=0.9,en;q=0.8 1280 de-DE 1,5 false",
            "en-phone: en-GB,en;q=0.9 390 en-GB 1.5 false",
            "de-phone: de-DE,de;q=0.9,en;q=0.8 390 de-DE 1,5 false",
            "en-desk-dark: en-GB,en;q=0.9 1280 en-GB 1.5 true",
            "de-desk-dark: de-DE,de;q=0.9,en;q=0.8 1280 de-DE 1,5 true",
            "en-phone-dark: en-GB,en;q=0.9 390 en-GB 1.5 true",
            "de-phone-dark: de-DE,de;q=0.9,en;q=0.8 390 de-DE 1,5 true",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_filled_in_and_sent_by_keyboard_alone_and_by_mouse() {
    if Browser::is_missing() {
        return;
    }
    let site = serve().await;
    let browser = Browser::start(Width::Desk, Language::En).await;
    let page = browser.open_at(&site, "/form").await;
    let focus = page.tab_to("input").await;
    assert_eq!(
        (focus.role.as_str(), focus.name.as_str()),
        ("textbox", "Your name")
    );
    page.type_text("Jörg & Co").await;
    page.tab_to("select").await;
    page.press("ArrowDown").await;
    page.tab_to("button").await;
    page.press("Enter").await;
    page.arrives("/accepted").await;
    assert_eq!(page.path().await, "/accepted?name=J%C3%B6rg+%26+Co&kind=b");

    page.go("/form").await;
    assert_eq!(page.count("input").await, 1);
    assert_eq!(
        page.attribute("input", "name").await.as_deref(),
        Some("name")
    );
    page.fill("input", "A").await;
    page.fill("input", "B").await;
    page.click("button").await;
    assert_eq!(page.path().await, "/accepted?name=B&kind=a");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_knows_nothing_of_another_but_what_is_put_into_it() {
    if Browser::is_missing() {
        return;
    }
    const COOKIE: &str = "() => document.cookie";
    let site = serve().await;
    let first = Browser::start(Width::Desk, Language::En).await;
    let page = first.open_at(&site, "/").await;
    page.script("() => { document.cookie = 'kept=1' }", &[])
        .await;
    let second = Browser::start(Width::Phone, Language::De).await;
    assert_eq!(
        second.open_at(&site, "/").await.script(COOKIE, &[]).await,
        ""
    );
    second.put_cookies(&first.cookies().await).await;
    assert_eq!(
        second.open_at(&site, "/").await.script(COOKIE, &[]).await,
        "kept=1"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_of_the_api_asks_no_other_host_and_fails_at_nothing() {
    if Browser::is_missing() {
        return;
    }
    let install = Install::with(&[]);
    let daemon = install.serve().await;
    let browser = Browser::start(Width::Desk, Language::En).await;
    let page = browser.open(&daemon, "/docs").await;
    page.shows("/api/v1/availability").await;
    page.screenshot("docs").await;
    let faults = page.faults().await.into_iter();
    let asked = faults.filter(|fault| !matches!(fault, Fault::Inaccessible { .. }));
    assert_eq!(asked.collect::<Vec<_>>(), []);
    let bytes = page.transferred_bytes();
    assert!((50_000..3_000_000).contains(&bytes), "{bytes}");
}

fn is_of(path: &str, fault: &Fault) -> bool {
    match (path, fault) {
        ("/console", Fault::Error(said)) => said == "said 7",
        ("/exception", Fault::Error(said)) => said.contains("nothing is not defined"),
        ("/foreign", Fault::Foreign(url)) => url == "http://127.0.0.2:9/pixel",
        ("/missing", Fault::Error(said)) => said.contains("404") && said.contains("/nowhere.js"),
        ("/nameless", Fault::Inaccessible { rule, .. }) => rule == "label",
        ("/faint", Fault::Inaccessible { rule, .. }) => rule == "color-contrast",
        ("/wide", Fault::TooWide(sticking_out)) => sticking_out.contains(&"p#long".to_owned()),
        _ => false,
    }
}

/// Serves the pages, and answers where.
async fn serve() -> String {
    let mut pages = Router::new()
        .route("/", get(|| async { Html(SOUND.replace("HERE", "")) }))
        .route(
            "/bare",
            get(|| async { Html("<!doctype html><p>bare</p>") }),
        )
        .route("/accepted", get(accepted))
        .route("/form", get(|| async { Html(SOUND.replace("HERE", FORM)) }));
    for (path, fault) in FAULTS {
        pages = pages.route(
            path,
            get(move || async move { Html(SOUND.replace("HERE", fault)) }),
        );
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, pages).await });
    format!("http://{address}")
}

const FORM: &str = "<form action=\"/accepted\"><label>Your name <input name=\"name\"></label>\
    <label>Kind <select name=\"kind\"><option>a<option>b</select></label><button>Send</button></form>";

/// Says which language was asked for.
async fn accepted(headers: header::HeaderMap) -> Html<String> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let accepted = accepted
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Html(SOUND.replace("HERE", &format!("<p>{accepted}</p>")))
}

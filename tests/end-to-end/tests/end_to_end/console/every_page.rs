//! Every page is sound: in both languages, at both widths, light and dark.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::Stand;
use crate::support::browser::{Browser, Language, Look, Page, Width};

/// Pages with something to see that the menu alone does not lead to, and what their pictures are called.
const PAGES: [(&str, &str); 15] = [
    ("kits", "/kits"),
    ("order-kits", "/orders/KITS"),
    ("orders-short", "/orders?verdict=short"),
    ("orders-none", "/orders?status=shipped"),
    ("order-can-ship", "/orders/1001"),
    ("order-short", "/orders/1002"),
    ("order-unknown", "/orders/1003"),
    ("order-without-source", "/orders/1004"),
    ("order-long-name", "/orders/1005"),
    ("order-missing", "/orders/NO-SUCH-NUMBER"),
    ("me", "/me"),
    ("product", "/products/MUG-BLUE"),
    ("product-missing", "/products/NO-SUCH-ARTICLE"),
    ("products-none", "/products?search=NO-SUCH-ARTICLE"),
    ("connection-new", "/connections/new/finale"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_sound_for_everybody() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let browser = stand.signed_in("admin", Width::Desk, Language::En).await;
    let first = browser.open(&stand.daemon, "/orders").await;
    let own = [details(&first).await, pages(&stand).await].concat();
    let pages = [menu(&first).await, own].concat();
    let cookies = browser.cookies().await;
    let looks = Look::all().chain(Look::all().take(1).map(Look::dark));
    let wrong = join_all(looks.map(async |look| {
        let browser = Browser::with(look).await;
        browser.put_cookies(&cookies).await;
        let mut wrong = Vec::new();
        for (name, path) in &pages {
            let page = browser.open(&stand.daemon, path).await;
            page.screenshot(name).await;
            wrong.extend(told(&page, look).await);
        }
        wrong
    }));
    let wrong = wrong.await.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_look_takes_no_more_than_sixty_kilobytes() {
    if Browser::is_missing() {
        return;
    }
    let stand = Stand::at_work().await;
    let signed_in = stand.signed_in("reader", Width::Phone, Language::De).await;
    let browser = Browser::start(Width::Phone, Language::De).await;
    browser.put_cookies(&signed_in.cookies().await).await;
    let page = browser.open(&stand.daemon, "/orders").await;
    let requests = page.requests();
    assert!(page.transferred_bytes() <= 60_000, "{requests:#?}");
}

/// Every page that the menu leads to, called as its path.
async fn menu(page: &Page) -> Vec<(String, String)> {
    const MENU: &str =
        "() => [...document.querySelectorAll('nav a')].map(a => a.getAttribute('href'))";
    let menu = page.script(MENU, &[]).await;
    let menu = menu
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str);
    menu.map(|path| (path.trim_start_matches('/').to_owned(), path.to_owned()))
        .collect()
}

/// One of each sort of thing that only its list leads to, by what stands in its row.
async fn details(page: &Page) -> Vec<(String, String)> {
    const LINK: &str = "said => [...document.querySelectorAll('main tbody tr')]\
        .find(row => row.innerText.includes(said))?.querySelector('a').getAttribute('href')";
    let mut found = Vec::new();
    for (name, list, said) in [
        ("user", "/users", "operator"),
        ("user-own", "/users", "admin"),
        ("user-disabled", "/users", "Disabled"),
        ("api-key", "/api-keys", "admin"),
        ("webhook", "/webhooks", "receiver.invalid"),
        ("api-key-partner", "/api-keys", "partner"),
        ("api-key-revoked", "/api-keys", "Revoked"),
    ] {
        page.go(list).await;
        let path = page.script(LINK, &[said.into()]).await;
        let path = path.as_str().unwrap_or_else(|| panic!("no {name}"));
        found.push((name.to_owned(), path.to_owned()));
    }
    found
}

/// The others, also those with a number in their address.
async fn pages(stand: &Stand) -> Vec<(String, String)> {
    let api = &stand.daemon.api;
    let source = format!("/inventory-sources/{}", api.source("Berlin").await);
    articles(stand, &source).await;
    let take = stock_take(stand).await;
    let own = format!("/inventory-sources/{}", api.source("Main warehouse").await);
    let locations = api.get("/ship-from-locations").await;
    let location = locations["items"][0]["id"].as_str().expect("an id");
    let connection = async |name| format!("/connections/{}", api.connection(name).await);
    let found = [
        ("connection", connection("Finale main").await),
        ("connection-refused", connection("Finale outlet").await),
        ("inventory-source-sku", format!("{source}?sku=LAMP")),
        ("inventory-source-history", format!("{source}/history")),
        ("aliases", format!("{source}/aliases?suggest=true")),
        ("inventory-source", source),
        ("stock-takes", "/stock-takes".to_owned()),
        ("ledger", format!("{own}/ledger?sku=A-1")),
        ("operations", format!("{own}/operations")),
        ("inventory-source-lots", format!("{own}?sku=A-1")),
        ("stock-take-blind", format!("{take}?blind=yes")),
        ("stock-take", format!("{take}?last=A-2")),
        (
            "ship-from-location",
            format!("/ship-from-locations/{location}"),
        ),
    ];
    let known = PAGES.map(|(name, path)| (name, path.to_owned()));
    let all = known.into_iter().chain(found);
    all.map(|(name, path)| (name.to_owned(), path)).collect()
}

/// Kits and aliases, one of them in conflict, and an order that they answer.
async fn articles(stand: &Stand, source: &str) {
    let api = &stand.daemon.api;
    let component = |sku, quantity| json!({ "sku": sku, "quantity": quantity });
    let parts = [component("MUG-BLUE", 2), component("LAMP", 1)];
    let kits = json!({ "kits": [{ "sku": "SET", "components": parts }] });
    api.put("/kits", kits).await.expect(200);
    let aliases = json!({ "aliases": [
        { "sku": "MUG-BLUE-6", "source_sku": "MUG-BLUE", "pack_factor": 6 },
        { "sku": "CUP", "source_sku": "NO-SUCH-ARTICLE" },
    ] });
    let path = format!("{source}/aliases");
    api.put(&path, aliases).await.expect(200);
    let lines = ["SET", "MUG-BLUE-6", "mug blue", "NO-SUCH-THING"].map(|sku| component(sku, 3));
    let order = json!({ "lines": lines });
    api.put("/orders/KITS", order).await.expect(201);
}

/// A stock take that has begun: some of it counted, more and fewer than was held.
async fn stock_take(stand: &Stand) -> String {
    let api = &stand.daemon.api;
    let source = api.source("Main warehouse").await;
    let set =
        |sku: &str, quantity: i64| json!({ "sku": sku, "change": "set", "quantity": quantity });
    let mut lot = json!({ "sku": "A-1", "change": "adjust", "quantity": 6, "unit_cost": 2.5, "reason": "delivery" });
    (lot["lot"], lot["expires_at"]) = (json!("L-7"), json!("2130-06-30T00:00:00Z"));
    let regrade = json!({ "sku": "A-1", "change": "regrade", "quantity": 2, "to_condition": "damaged", "note": "fell down" });
    let stock =
        json!({ "adjustments": [set("A-1", 4), lot, regrade, set("A-2", 7), set("A-3", 1)] });
    let path = format!("/inventory-sources/{source}/adjustments");
    api.post(&path, stock).await.expect(200);
    let new = json!({ "source_id": source, "note": "Yearly" });
    let take = api.post("/stock-takes", new).await.expect(201);
    let path = format!("/stock-takes/{}", take["id"].as_str().expect("an id"));
    let counted = |sku: &str, counted: i64| json!({ "sku": sku, "counted": counted });
    let counts = json!({ "counts": [counted("A-1", 4), counted("A-2", 5)] });
    api.put(&format!("{path}/counts"), counts).await.expect(200);
    path
}

/// What is wrong with the page, each with where and how it was looked at.
async fn told(page: &Page, look: Look) -> Vec<String> {
    let faults = page.faults().await.into_iter();
    let path = page.path().await;
    faults
        .map(|fault| format!("{path} {look}: {fault}"))
        .collect()
}

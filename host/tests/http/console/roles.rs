//! Who may use what: every page and form is refused to whoever is below its role, and never offered to them.

use std::collections::{BTreeSet, VecDeque};

use bestand::api_key::Role::{self, Admin, Operator, Reader};
use serde_json::json;

use super::page::Page;
use super::person::{Person, add};
use super::routes::{self, LINES};
use crate::support::Api;

/// Forms that stand on no page of this installation, which has no adapter that runs and so nothing to write to, nobody who is disabled, and nothing
/// undelivered.
const NOT_OFFERED_HERE: [&str; 13] = [
    "/stock-takes",
    "/stock-takes/{id}/count",
    "/stock-takes/{id}/commit",
    "/stock-takes/{id}/cancel",
    "/sign-in",
    "/set-up",
    "/connections/new/{adapter}",
    "/connections/{id}/change",
    "/inventory-sources/{id}/operations",
    "/operations/{id}/settle",
    "/plugins/{id}/release",
    "/webhooks/{id}/resend",
    "/webhooks/{id}/deliveries/{event_id}/resend",
];

#[tokio::test]
async fn whoever_is_below_the_role_of_a_page_or_form_is_told_so_in_their_language() {
    let api = Api::open().await;
    for (role, is_german) in [(Reader, true), (Operator, false), (Admin, true)] {
        let person = Person::of(&api, role).await;
        let (person, says_who) = match is_german {
            true => (person.reading_german(), "Sie haben die Rolle"),
            false => (person, "you have the role"),
        };
        for line in LINES {
            let what = format!("{} {} by {role:?}", line.method, line.pattern);
            let answer = person.asks(line.method, &line.address()).await;
            if line.least.is_none_or(|least| role >= least) {
                assert!(![401, 403].contains(&answer.status().as_u16()), "{what}");
                continue;
            }
            let page = Page::read(&line.address(), answer).await;
            assert_eq!(page.status, 403, "{what}");
            assert!(page.said().contains(says_who), "{what}: {}", page.said());
            let language = page.attribute("html", "lang").unwrap();
            assert_eq!(language == "de", is_german, "{what}");
        }
    }
}

#[tokio::test]
async fn who_has_not_signed_in_is_led_to_where_that_is_done_and_back() {
    let api = Api::open().await;
    let stranger = Person::stranger(&api);
    for line in LINES.into_iter().filter(|line| line.least.is_some()) {
        let (address, what) = (line.address(), format!("{} {}", line.method, line.pattern));
        let answer = Page::read(&address, stranger.asks(line.method, &address).await).await;
        let back = form_urlencoded::byte_serialize(address.as_bytes()).collect::<String>();
        match line.method {
            "GET" => assert_eq!(answer.leads_to(), format!("/sign-in?next={back}"), "{what}"),
            _ => assert_eq!(answer.leads_to(), "/sign-in", "{what}"),
        }
    }
}

#[tokio::test]
async fn nobody_is_offered_what_they_may_not_use_and_whoever_may_finds_it() {
    let api = Api::open().await;
    furnish(&api).await;
    for role in [Reader, Operator, Admin] {
        let person = Person::of(&api, role).await;
        let offered = offered(&person, role).await;
        let expected = LINES.into_iter().filter(|line| {
            let is_form = line.method == "POST" && !NOT_OFFERED_HERE.contains(&line.pattern);
            is_form && line.least.is_none_or(|least| role >= least)
        });
        let expected: BTreeSet<_> = expected.map(|line| line.pattern).collect();
        assert_eq!(offered, expected, "{role:?}");
    }
}

/// Something of everything that has a page of its own.
async fn furnish(api: &Api) {
    let shop = api.shop().await;
    let order = json!({ "lines": [{ "sku": "MUG", "quantity": 1 }] });
    let put = api.api(Operator, "PUT /orders/1").json(&order);
    put.expect(201).await;
    let threshold = json!({ "threshold": 0 });
    let put = api.api(Operator, "PUT /low-stock-thresholds");
    put.json(&threshold).expect(200).await;
    let alias = json!({ "aliases": [{ "sku": "mug", "source_sku": "MUG" }] });
    let line = format!("PUT /inventory-sources/{}/aliases", shop.source);
    api.api(Operator, &line).json(&alias).expect(200).await;
    let kit =
        json!({ "kits": [{ "sku": "SET", "components": [{ "sku": "MUG", "quantity": 2 }] }] });
    let put = api.api(Operator, "PUT /kits").json(&kit);
    put.expect(200).await;
    let webhook = json!({ "url": "https://receiver.invalid/" });
    let made = api.api(Operator, "POST /webhooks").json(&webhook);
    made.expect(201).await;
    for name in ["somebody", "somebody else"] {
        add(api, name, Reader).await;
    }
    let users = api.parts.users.list(api.account).await.unwrap();
    let disabled = api.parts.users.disable(api.account, users[0].id).await;
    assert!(disabled.unwrap().disabled_at.is_some());
    assert_eq!(shop.api.account, api.account);
}

/// The forms that somebody finds who follows every link there is; each must lead somewhere that is theirs.
async fn offered(person: &Person<'_>, role: Role) -> BTreeSet<&'static str> {
    let user = person
        .api
        .parts
        .users
        .list(person.api.account)
        .await
        .unwrap();
    let own = user.iter().find(|user| user.name.as_str() == role.as_str());
    // Another session of one's own, which can be ended.
    let _other = Person::stranger(person.api)
        .signed_in(own.unwrap().name.as_str())
        .await;
    let (mut forms, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut ahead = VecDeque::from(["/orders".to_owned()]);
    while let Some(path) = ahead.pop_front() {
        let page = person.opens(&path).await;
        for action in sent(&page) {
            forms.insert(theirs("POST", &action, role, &path));
        }
        for link in links(&page) {
            theirs("GET", &link, role, &path);
            let is_asset = link.starts_with("/assets/");
            if !is_asset && seen.insert(link.clone()) {
                ahead.push_back(link);
            }
        }
    }
    forms
}

/// Where forms are sent to that have a button to press, with or without script.
fn sent(page: &Page) -> Vec<String> {
    let forms = page.forms().into_iter();
    let forms = forms.filter(|form| form.is_post && form.has_button);
    let actions = forms.map(|form| form.action);
    actions
        .chain(page.attributes("[hx-post]", "hx-post"))
        .collect()
}

/// The pages that it leads to, without the place in them, and but for the description of the API.
fn links(page: &Page) -> Vec<String> {
    let links = page.attributes("a[href]", "href").into_iter();
    let links = links.chain(page.attributes("[hx-get]", "hx-get"));
    let links = links.map(|link| link.split('#').next().unwrap_or_default().to_owned());
    links
        .filter(|link| !link.is_empty() && link != "/docs")
        .collect()
}

/// The route of an address that is offered, which must be one that this role may use.
fn theirs(method: &str, address: &str, role: Role, at: &str) -> &'static str {
    let line = routes::find(method, address);
    let line =
        line.unwrap_or_else(|| panic!("{at} leads {role:?} to no route: {method} {address}"));
    let may = line.least.is_none_or(|least| role >= least);
    assert!(
        may,
        "{at} offers {role:?} what is not theirs: {method} {address}"
    );
    line.pattern
}

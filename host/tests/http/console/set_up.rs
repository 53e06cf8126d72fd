//! The link that makes the first admin: good once, for a day, and it says when it is not.

use std::time::Duration;

use bestand::api_key::Role::Admin;

use super::page::Page;
use super::person::{PASSWORD, Person, add};
use crate::support::Api;

/// The path of a new link.
async fn link(api: &Api) -> String {
    let token = api.parts.users.new_set_up_token(api.account).await.unwrap();
    format!("/set-up?token={}", token.unwrap().reveal())
}

/// That it says what became of the link, and where to go, and asks for nothing.
fn assert_void(page: &Page, said: &str) {
    assert_eq!(page.status, 410, "{}", page.said());
    assert!(page.said().contains(said), "{}", page.said());
    assert!(!page.has("main input[name=password]"), "{}", page.source);
    assert_eq!(
        page.attribute("main a.main", "href").as_deref(),
        Some("/sign-in")
    );
}

#[tokio::test]
async fn the_first_admin_is_made_once_and_the_link_says_so_then() {
    let api = Api::open().await;
    let (link, person) = (link(&api).await, Person::stranger(&api));
    let form = person.opens(&link).await.form("/set-up");
    let form = form.with("name", "Ada").with("password", PASSWORD);
    let made = person.submits(&form).await;
    assert_eq!(made.leads_to(), "/orders");
    assert!(
        made.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("HttpOnly")
    );
    let users = api.parts.users.list(api.account).await.unwrap();
    assert_eq!((users.len(), users[0].role), (1, Admin));

    assert_void(&person.gets(&link).await, "This link was used");
    let german = Person::stranger(&api).reading_german();
    assert_void(&german.gets(&link).await, "Dieser Link ist verbraucht");
    // Whoever had the form open meanwhile.
    let late = person.submits(&form.with("name", "Eve")).await;
    assert_void(&late, "This link was used");
    assert_eq!(api.parts.users.list(api.account).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_that_is_old_replaced_or_made_up_is_told_before_a_form_is_filled_in() {
    let api = Api::open().await;
    let person = Person::stranger(&api);
    for made_up in ["/set-up", "/set-up?token=", "/set-up?token=nonsense"] {
        assert_void(&person.gets(made_up).await, "This link was used");
    }
    let (first, second) = (link(&api).await, link(&api).await);
    assert_void(&person.gets(&first).await, "This link was used");
    person.opens(&second).await;
    api.parts.clock.advance(Duration::from_secs(24 * 3600));
    assert_void(&person.gets(&second).await, "This link was used");
    let third = link(&api).await;
    person.opens(&third).await;
    add(&api, "Ada", Admin).await;
    let form = person.opens(&third).await.form("/set-up");
    let form = form.with("name", "Eve").with("password", PASSWORD);
    assert_void(&person.submits(&form).await, "This link was used");
}

#[tokio::test]
async fn what_is_wrong_with_the_first_admin_stands_beside_its_field_and_the_link_stays_good() {
    let api = Api::open().await;
    let (link, person) = (link(&api).await, Person::stranger(&api).reading_german());
    let form = person.opens(&link).await.form("/set-up");
    let weak = person
        .submits(&form.clone().with("name", "Ada").with("password", "kurz"))
        .await;
    assert_eq!(weak.status, 422);
    assert_eq!(
        weak.attribute("[name=name]", "value").as_deref(),
        Some("Ada")
    );
    assert_eq!(
        weak.attribute("[name=password]", "aria-invalid").as_deref(),
        Some("true")
    );
    assert!(
        weak.description_of("password")
            .contains("Mindestens 12 Zeichen"),
        "{}",
        weak.source
    );
    assert_eq!(weak.attribute("[name=password]", "value"), None);
    let nameless = person
        .submits(&form.clone().with("name", " ").with("password", PASSWORD))
        .await;
    assert!(
        nameless
            .description_of("name")
            .contains("1 bis 100 Zeichen"),
        "{}",
        nameless.source
    );
    let good = weak.form("/set-up").with("password", PASSWORD);
    assert_eq!(person.submits(&good).await.leads_to(), "/orders");
}

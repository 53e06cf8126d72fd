//! One's own page: where one is signed in, and the password.

use axum::body::Body;
use axum::http::header;
use bestand::api_key::Role::{Admin, Reader};

use super::form::Form;
use super::page::Page;
use super::person::{PASSWORD, Person, add};
use crate::support::Api;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
const ANOTHER: &str = "another long walk home";

#[tokio::test]
async fn a_session_is_called_after_its_browser_and_says_all_of_it_when_asked() {
    let api = Api::open().await;
    let reader = Person::of(&api, Reader).await;
    let body = format!("name=reader&password={}", PASSWORD.replace(' ', "+"));
    let request = Person::stranger(&api).request("POST", "/sign-in");
    let request = request
        .header(header::USER_AGENT, FIREFOX)
        .body(Body::from(body));
    let signed_in = Page::read("/sign-in", reader.answer(request.unwrap()).await).await;
    assert_eq!(signed_in.leads_to(), "/orders");
    let page = reader.opens("/me").await;
    let titles = page.attributes("tbody th span", "title");
    assert!(titles.contains(&FIREFOX.to_owned()), "{titles:?}");
    assert!(
        page.texts("tbody th")
            .contains(&"Firefox on Linux".to_owned()),
        "{}",
        page.said()
    );
    let german = reader.reading_german().opens("/me").await;
    assert!(
        german
            .texts("tbody th")
            .contains(&"Firefox unter Linux".to_owned())
    );
    assert!(
        german
            .texts("tbody th")
            .contains(&"Unbekannter Browser".to_owned())
    );
}

#[tokio::test]
async fn ones_other_sessions_are_ended_by_hand_and_nobody_elses() {
    let api = Api::open().await;
    let here = Person::of(&api, Reader).await;
    let there = Person::stranger(&api).signed_in("reader").await;
    let others = Person::of(&api, Admin).await;
    let end = the_only_end(&here.opens("/me").await);
    let own = the_only_end(&there.opens("/me").await);
    assert_eq!(others.submits(&own).await.status, 404);
    here.opens("/me").await;
    assert_eq!(here.submits(&end).await.leads_to(), "/me");
    assert!(
        there
            .gets("/orders")
            .await
            .leads_to()
            .starts_with("/sign-in")
    );
    here.opens("/me").await;
}

/// The form that ends the other session of two; the one a page is looked at in is ended by signing out.
fn the_only_end(page: &Page) -> Form {
    let forms = page.forms().into_iter();
    let mut ends = forms.filter(|form| form.action.ends_with("/end"));
    let end = ends.next().unwrap();
    assert!(ends.next().is_none(), "{}", page.source);
    end
}

#[tokio::test]
async fn another_password_ends_the_other_sessions_and_keeps_this_one() {
    let api = Api::open().await;
    let here = Person::of(&api, Reader).await.reading_german();
    let there = Person::stranger(&api).signed_in("reader").await;
    let form = here
        .opens("/me")
        .await
        .form("/me/password")
        .with("old", PASSWORD);
    let weak = here.submits(&form.clone().with("new", "kurz")).await;
    assert_eq!(weak.status, 422);
    assert!(
        weak.description_of("new").contains("Mindestens 12 Zeichen"),
        "{}",
        weak.source
    );
    there.opens("/orders").await;
    let changed = here.submits(&form.with("new", ANOTHER)).await;
    assert_eq!(
        (changed.status, changed.text("[role=status]").as_str()),
        (
            200,
            "Das Passwort ist geändert. Ihre anderen Sitzungen sind beendet."
        )
    );
    assert!(
        there
            .gets("/orders")
            .await
            .leads_to()
            .starts_with("/sign-in")
    );
    here.opens("/orders").await;
}

#[tokio::test]
async fn who_signs_out_is_out_though_the_cookie_is_kept() {
    let api = Api::open().await;
    add(&api, "ada", Reader).await;
    let ada = Person::stranger(&api).signed_in("ada").await;
    let form = ada.opens("/orders").await.form("/sign-out");
    assert_eq!(ada.submits(&form).await.leads_to(), "/sign-in");
    assert!(ada.gets("/orders").await.leads_to().starts_with("/sign-in"));
}

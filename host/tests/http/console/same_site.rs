//! What another site makes a visitor's browser send is refused, whatever it is.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use bestand::api_key::Role::Admin;

use super::page::Page;
use super::person::{PASSWORD, Person};
use super::routes::LINES;
use crate::support::Api;

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a browser says of where a form comes from: the site, or the origin where it knows of no sites.
const FROM_ELSEWHERE: [(Option<&str>, Option<&str>); 5] = [
    (Some("cross-site"), None),
    (Some("same-site"), Some("https://stock.example")),
    (None, Some("https://evil.example")),
    (None, Some("null")),
    (None, None),
];

/// Sends a form with these said of where it comes from.
async fn send(
    person: &Person<'_>,
    path: &str,
    body: &str,
    from: (Option<&str>, Option<&str>),
) -> Page {
    let request = person
        .request("POST", path)
        .body(Body::from(body.to_owned()));
    let mut request = request.unwrap();
    let headers = request.headers_mut();
    headers.remove(SITE);
    for (name, value) in [(SITE, from.0), (header::ORIGIN, from.1)] {
        if let Some(value) = value {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
    }
    Page::read(path, person.answer(request).await).await
}

#[tokio::test]
async fn no_form_is_taken_from_another_site() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await.reading_german();
    for line in LINES.into_iter().filter(|line| line.method == "POST") {
        for from in FROM_ELSEWHERE {
            let page = send(&admin, &line.address(), "", from).await;
            assert_eq!(page.status, 403, "{} {from:?}", line.pattern);
            let said = page.said();
            assert!(
                said.contains("Das hat eine andere Website"),
                "{}: {said}",
                line.pattern
            );
        }
    }
}

#[tokio::test]
async fn the_same_form_is_worked_on_only_when_it_is_our_own() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let form = format!(
        "name=eve&role=admin&password={}",
        PASSWORD.replace(' ', "+")
    );
    let users = async || api.parts.users.list(api.account).await.unwrap().len();
    for from in FROM_ELSEWHERE {
        send(&admin, "/users/new", &form, from).await;
        assert_eq!(users().await, 1, "{from:?}");
    }
    let own = (None, Some("https://stock.example"));
    assert_eq!(
        send(&admin, "/users/new", &form, own).await.leads_to(),
        "/users"
    );
    assert_eq!(users().await, 2);
}

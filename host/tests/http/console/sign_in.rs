//! Signing in by page: what guessing costs is told, and whoever is right after the wait gets in.

use std::time::Duration;

use bestand::api_key::Role::{Admin, Reader};

use super::page::Page;
use super::person::{PASSWORD, Person, add};
use crate::support::Api;

/// Wrong passwords that cost nothing; see the throttle.
const FREE_TRIES: usize = 10;

async fn try_with(person: &Person<'_>, password: &str) -> Page {
    let form = person
        .opens("/sign-in?next=%2Fproducts")
        .await
        .form("/sign-in");
    let form = form.with("name", "ada").with("password", password);
    person.submits(&form).await
}

#[tokio::test]
async fn whoever_guesses_is_told_how_long_to_wait_and_is_let_in_after_it() {
    let api = Api::open().await;
    add(&api, "Ada", Reader).await;
    let (english, german) = (
        Person::stranger(&api),
        Person::stranger(&api).reading_german(),
    );
    for _ in 0..FREE_TRIES {
        let wrong = try_with(&english, "not the password").await;
        assert_eq!(
            (wrong.status, wrong.text("#error").as_str()),
            (401, "The name or the password is wrong.")
        );
        assert_eq!(
            wrong.attribute("[name=name]", "value").as_deref(),
            Some("ada")
        );
        assert_eq!(wrong.form("/sign-in").value("next"), Some("/products"));
    }
    // The right password is not tried before the wait is over.
    let early = try_with(&english, PASSWORD).await;
    assert_eq!(
        (early.status, early.text("#error").as_str()),
        (429, "Too many tries. Try again in 1 second.")
    );
    api.parts.clock.advance(Duration::from_secs(1));
    assert_eq!(try_with(&german, "noch ein Versuch").await.status, 401);
    let told = try_with(&german, PASSWORD).await;
    let said = "Zu viele Versuche. Versuchen Sie es in 2 Sekunden noch einmal.";
    assert_eq!((told.status, told.text("#error").as_str()), (429, said));
    api.parts.clock.advance(Duration::from_secs(2));
    assert_eq!(try_with(&german, PASSWORD).await.leads_to(), "/products");
}

#[tokio::test]
async fn changing_ones_own_password_is_guessing_too() {
    let api = Api::open().await;
    let admin = Person::of(&api, Admin).await;
    let form = admin
        .opens("/me")
        .await
        .form("/me/password")
        .with("new", "another long walk home");
    for _ in 0..FREE_TRIES {
        let wrong = admin
            .submits(&form.clone().with("old", "not the password"))
            .await;
        assert_eq!(
            (wrong.status, wrong.description_of("old").as_str()),
            (422, "The password is wrong.")
        );
    }
    let right = form.with("old", PASSWORD);
    let early = admin.submits(&right).await;
    assert!(
        early.said().contains("Try again in 1 second."),
        "{}",
        early.said()
    );
    api.parts.clock.advance(Duration::from_secs(1));
    assert!(
        admin
            .submits(&right)
            .await
            .said()
            .contains("The password is changed.")
    );
}

#[tokio::test]
async fn nobody_is_led_to_another_host_by_signing_in() {
    let api = Api::open().await;
    add(&api, "ada", Reader).await;
    let person = Person::stranger(&api);
    let form = person
        .opens("/sign-in?next=//evil.example")
        .await
        .form("/sign-in");
    let form = form.with("name", "ada").with("password", PASSWORD);
    assert_eq!(person.submits(&form).await.leads_to(), "/orders");
    let forged = form.with("next", "https://evil.example");
    assert_eq!(person.submits(&forged).await.leads_to(), "/orders");
}

#[tokio::test]
async fn nobody_signs_in_who_is_disabled_and_who_knows_the_password_is_told_so() {
    let api = Api::open().await;
    add(&api, "the admin", Admin).await;
    let ada = add(&api, "ada", Reader).await;
    api.parts.users.disable(api.account, ada.id).await.unwrap();
    let person = Person::stranger(&api);
    let told = try_with(&person, PASSWORD).await;
    assert_eq!(told.text("#error"), "This user is disabled; ask an admin.");
    let guessed = try_with(&person, "not the password").await;
    assert_eq!(guessed.text("#error"), "The name or the password is wrong.");
}

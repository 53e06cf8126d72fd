//! Webhooks by page: made, tried out, changed, given a new secret, sent again, removed.

use bestand::api_key::Role::Operator;

use super::page::Page;
use super::person::Person;
use crate::support::Api;
use crate::support::undeliverable::fail_for_good;

/// Nobody answers there.
const URL: &str = "https://receiver.invalid/hooks?token=x";

/// Makes one, and answers the page that shows its secret and the path of its own page.
async fn make(operator: &Person<'_>) -> (Page, String) {
    let form = operator.opens("/webhooks").await.form("/webhooks/new");
    let form = form.ticked("type.source.recovered", "on");
    let issued = operator.submits(&form.with("url", URL)).await;
    assert_eq!(issued.status, 200, "{}", issued.said());
    let path = issued.attribute("[data-once]", "data-once").unwrap();
    (issued, path)
}

#[tokio::test]
async fn a_webhooks_secret_is_shown_once_and_a_new_one_again() {
    let api = Api::open().await;
    let operator = Person::of(&api, Operator).await;
    let (issued, path) = make(&operator).await;
    let secret = issued.text("#issued-secret");
    assert!(secret.starts_with("whsec_"));
    assert_eq!(issued.headers["cache-control"], "no-store");
    for shown in ["/webhooks", &path] {
        let page = operator.opens(shown).await;
        assert!(page.said().contains("receiver.invalid") && !page.source.contains("whsec_"));
    }
    let page = operator.opens(&path).await;
    let rotated = operator
        .submits(&page.form(&format!("{path}/rotate")))
        .await;
    assert_ne!(rotated.text("#issued-secret"), secret);
    assert!(
        rotated
            .said()
            .contains("The old secret signs as well until")
    );
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_in_the_visitors_language() {
    let api = Api::open().await;
    let operator = Person::of(&api, Operator).await.reading_german();
    let form = operator.opens("/webhooks").await.form("/webhooks/new");
    let form = form.with("url", "https://10.0.0.1/").with("skus", "MUG");
    let answer = operator.submits(&form).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer
            .text("#url-error")
            .contains("im eigenen Netz der Installation")
    );
    assert_eq!(
        answer.form("/webhooks/new").value("url"),
        Some("https://10.0.0.1/")
    );
}

#[tokio::test]
async fn a_change_keeps_what_is_ticked_and_one_based_on_an_older_page_is_refused() {
    let api = Api::open().await;
    let operator = Person::of(&api, Operator).await;
    let (_, path) = make(&operator).await;
    let form = operator.opens(&path).await.form(&format!("{path}/change"));
    let changed = operator.submits(&form.clone().with("name", "Shop")).await;
    assert_eq!(changed.leads_to(), path);
    let all = api.parts.webhooks.list(api.account).await.unwrap();
    let (webhook, _) = &all[0];
    assert_eq!((webhook.name.as_str(), webhook.enabled), ("Shop", true));
    assert_eq!(webhook.filter.types.len(), 1);
    let again = operator.submits(&form.with("name", "Older")).await;
    assert_eq!(again.status, 409, "{}", again.said());
}

#[tokio::test]
async fn a_trial_tells_what_came_back_and_what_is_undelivered_is_sent_again() {
    let api = Api::open().await;
    let operator = Person::of(&api, Operator).await;
    let (_, path) = make(&operator).await;
    let page = operator.opens(&path).await;
    let tried = operator.submits(&page.form(&format!("{path}/ping"))).await;
    assert!(
        tried.said().contains("The message did not arrive"),
        "{}",
        tried.said()
    );
    fail_for_good(&api).await;
    // So much time has passed that they have to sign in again.
    let operator = Person::stranger(&api).signed_in("operator").await;
    let page = operator.opens(&path).await;
    assert!(
        page.said().contains("Has undelivered messages")
            && page.source.contains("source.recovered")
    );
    let one = page.form(&format!("{path}/deliveries/1/resend"));
    assert_eq!(operator.submits(&one).await.leads_to(), path);
    let page = operator.opens(&path).await;
    assert!(!page.said().contains("Has undelivered messages"));
    let removed = operator
        .submits(&page.form(&format!("{path}/remove")))
        .await;
    assert_eq!(removed.leads_to(), "/webhooks");
    assert!(
        operator
            .opens("/webhooks")
            .await
            .said()
            .contains("No webhook yet")
    );
}

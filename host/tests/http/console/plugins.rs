//! Plugins by page: what does not run says why. What runs is seen end to end, with real libraries.

use bestand::api_key::Role::{Operator, Reader};

use super::person::Person;
use crate::support::Api;

#[tokio::test]
async fn a_library_that_is_none_is_shown_with_the_reason() {
    let api = Api::open().await;
    let reader = Person::of(&api, Reader).await;
    let page = reader.opens("/plugins").await;
    assert_eq!(page.text("article h3"), "broken.so");
    assert_eq!(page.text("article .chip"), "Refused");
    assert!(page.text("article .note").len() > 20, "{}", page.said());
    assert!(!page.has("main form"), "nothing to release");
}

#[tokio::test]
async fn only_what_is_there_can_be_released() {
    let api = Api::open().await;
    let operator = Person::of(&api, Operator).await;
    let missing = operator.sends("/plugins/finale/release", &[]).await;
    assert_eq!(missing.status, 404);
    api.parts.activity.settle().await;
    assert!(
        !operator
            .opens("/activity")
            .await
            .said()
            .contains("released")
    );
}

//! Activity by page: every event is a sentence, each filter finds its own, and what is older is a link away.

use std::time::Duration;

use bestand::activity::{Actor, Event, EventKind, Subject, SubjectKind};
use bestand::api_key::Role::Reader;
use serde_json::json;

use super::page::Page;
use super::person::Person;
use crate::support::Api;

/// Details of any event that pages have words for.
const DETAILS: [&str; 16] = [
    "created",
    "replaced",
    "lines_taken",
    "lines_refused",
    "moved",
    "source",
    "included",
    "adapter",
    "levels",
    "articles",
    "skus",
    "differing",
    "compared",
    "times",
    "grace_secs",
    "address",
];

/// The sort of thing that this kind of event happens to.
fn subject_kind(kind: EventKind) -> SubjectKind {
    let word = kind.as_str();
    let begins = |beginnings: &[&str]| {
        beginnings
            .iter()
            .any(|beginning| word.starts_with(beginning))
    };
    match () {
        () if begins(&["connection_", "first_sync_", "sync_"]) => SubjectKind::Connection,
        () if begins(&["source_changed", "stock_", "drift_"]) => SubjectKind::InventorySource,
        () if begins(&["ship_from_", "source_"]) => SubjectKind::ShipFromLocation,
        () if begins(&["orders_"]) => SubjectKind::Orders,
        () if begins(&["api_key_"]) => SubjectKind::ApiKey,
        () if begins(&["webhook_"]) => SubjectKind::Webhook,
        () if begins(&["adapter_"]) => SubjectKind::Adapter,
        () if begins(&["user_"]) => SubjectKind::User,
        () => panic!("{word} happens to what?"),
    }
}

/// Notes one event of every kind, of things called after their sort.
async fn note_all(api: &Api) {
    for kind in EventKind::ALL {
        let subject = subject_kind(*kind);
        let subject = Subject::new(subject, subject.as_str(), &format!("<{kind}>"));
        let event = Event::new(api.account, *kind, Actor::user("Ada"), subject);
        let event = event.with("reason", "said by others");
        api.parts.activity.note(event);
    }
    api.parts.activity.settle().await;
}

/// What each event on the page says.
fn sentences(page: &Page) -> Vec<String> {
    page.texts("ol.events > li p:first-child")
}

#[tokio::test]
async fn every_kind_of_event_is_a_sentence_of_its_own_in_both_languages() {
    let api = Api::open().await;
    note_all(&api).await;
    let reader = Person::of(&api, Reader).await;
    let english = sentences(&reader.opens("/activity").await);
    let german = sentences(&reader.reading_german().opens("/activity").await);
    let kinds = EventKind::ALL.iter().rev();
    for (kind, (english, german)) in kinds.zip(english.iter().zip(&german)) {
        for said in [english, german] {
            assert!(
                said.contains(&format!("<{kind}>")) && said.ends_with('.'),
                "{said}"
            );
            assert!(!said.contains("event-"), "{said}");
        }
        assert_ne!(english, german);
    }
    assert_eq!(
        (english.len(), german.len()),
        (EventKind::ALL.len(), EventKind::ALL.len())
    );
}

#[tokio::test]
async fn every_detail_of_an_event_has_a_name_in_both_languages() {
    let api = Api::open().await;
    let event = Event::new(
        api.account,
        EventKind::OrdersImported,
        Actor::COMMAND,
        Subject::orders("orders.csv"),
    );
    let event = DETAILS
        .iter()
        .fold(event, |event, name| event.with(name, json!(7)));
    api.parts.activity.note(event);
    api.parts.activity.settle().await;
    let reader = Person::of(&api, Reader).await;
    let names = |page: Page| page.texts("ol.events dt");
    let english = names(reader.opens("/activity").await);
    let german = names(reader.reading_german().opens("/activity").await);
    assert_eq!(
        (english.len(), german.len()),
        (DETAILS.len(), DETAILS.len())
    );
    for name in english.iter().chain(&german) {
        assert!(name.ends_with(':') && !name.contains("detail-"), "{name}");
    }
}

#[tokio::test]
async fn each_filter_finds_its_own_and_says_so_when_there_is_nothing() {
    let api = Api::open().await;
    note_all(&api).await;
    let reader = Person::of(&api, Reader).await;
    let page = reader.opens("/activity").await;
    let offered = page.attributes("#subject option", "value");
    let kinds = SubjectKind::ALL.iter().map(|kind| kind.as_str());
    assert_eq!(offered, [""].into_iter().chain(kinds).collect::<Vec<_>>());
    for subject in SubjectKind::ALL {
        let found = reader
            .opens(&format!("/activity?subject={}", subject.as_str()))
            .await;
        let expected = EventKind::ALL.iter().rev();
        let expected = expected.filter(|kind| subject_kind(**kind) == *subject);
        let said = sentences(&found);
        assert_eq!(said.len(), expected.clone().count(), "{said:?}");
        for (said, kind) in said.iter().zip(expected) {
            assert!(said.contains(&format!("<{kind}>")), "{said}");
        }
        let chosen = found.attribute("#subject option[selected]", "value");
        assert_eq!(chosen.as_deref(), Some(subject.as_str()));
    }
    let one = reader.opens("/activity?subject=adapter:adapter").await;
    assert_eq!(sentences(&one).len(), 6);
    assert_eq!(
        one.attribute("#subject option[selected]", "value")
            .as_deref(),
        Some("adapter:adapter")
    );
    let none = reader
        .reading_german()
        .opens("/activity?subject=adapter:no-such")
        .await;
    assert!(none.has(".empty a[href='/activity']"), "{}", none.source);
}

#[tokio::test]
async fn how_far_back_is_looked_goes_by_the_clock() {
    let api = Api::open().await;
    let reader = Person::of(&api, Reader).await;
    let note = async |name: &str| {
        let subject = Subject::new(SubjectKind::Adapter, name, name);
        let event = Event::new(
            api.account,
            EventKind::AdapterCrashed,
            Actor::DAEMON,
            subject,
        );
        api.parts.activity.note(event);
        api.parts.activity.settle().await;
    };
    note("old").await;
    // Less than a session lives.
    api.parts.clock.advance(Duration::from_secs(3_600 + 1));
    note("new").await;
    let count = async |since: &str| {
        sentences(&reader.opens(&format!("/activity?since={since}")).await).len()
    };
    assert_eq!(
        (count("").await, count("hour").await, count("day").await),
        (2, 1, 2)
    );
    let page = reader.opens("/activity?since=hour&subject=adapter").await;
    assert_eq!(
        page.attribute("#since option[selected]", "value")
            .as_deref(),
        Some("hour")
    );
    assert!(sentences(&page)[0].contains("new"));
}

#[tokio::test]
async fn what_is_older_is_a_link_away_and_keeps_the_filter() {
    let api = Api::open().await;
    for number in 0..120 {
        let subject = Subject::new(SubjectKind::Adapter, "acme", &format!("number {number}"));
        let event = Event::new(
            api.account,
            EventKind::AdapterCrashed,
            Actor::DAEMON,
            subject,
        );
        api.parts.activity.note(event);
    }
    api.parts.activity.settle().await;
    let reader = Person::of(&api, Reader).await;
    let mut address = Some("/activity?subject=adapter&since=day".to_owned());
    let (mut pages, mut said) = (0, Vec::new());
    while let Some(path) = address {
        let page = reader.opens(&path).await;
        assert!(path.contains("subject=adapter&since=day"), "{path}");
        said.extend(sentences(&page));
        address = page.attribute(".more a", "href");
        pages += 1;
    }
    assert_eq!((pages, said.len()), (3, 120));
    for (place, sentence) in said.iter().enumerate() {
        assert!(
            sentence.contains(&format!("number {} ", 119 - place)),
            "{place}: {sentence}"
        );
    }
}

#[tokio::test]
async fn what_was_typed_at_signing_in_is_shown_as_text() {
    let api = Api::open().await;
    let stranger = Person::stranger(&api);
    let form = stranger.opens("/sign-in").await.form("/sign-in");
    let form = form
        .with("name", "<script>alert(1)</script>")
        .with("password", "whatever it is");
    assert_eq!(stranger.submits(&form).await.status, 401);
    api.parts.activity.settle().await;
    let page = Person::of(&api, Reader).await.opens("/activity").await;
    assert!(
        page.said()
            .contains("<script>alert(1)</script> was refused"),
        "{}",
        page.said()
    );
    assert!(!page.source.contains("<script>alert"));
}

//! Standing in for each other.

use bestand_plugin_api::sources::{SourceKnowledge, SourceLevel};
use bestand_plugin_api::testing::FakeSource;
use bestand_plugin_api::{PartReason, Quantities, Tracking};
use serde_json::{Value, json};

use crate::support::{NOON, available, before_noon, combined, east, level, parts, west};

const USED: (bool, Option<PartReason>) = (true, None);
const NOT_NEEDED: (bool, Option<PartReason>) = (false, Some(PartReason::NotNeeded));

/// With these settings and sources, and so many needed: what is available, and what each source is to it.
async fn check(
    more: Value,
    sources: [FakeSource; 2],
    needed: Option<i64>,
    expected: (i64, [(bool, Option<PartReason>); 2]),
) {
    let mut settings = json!({ "mode": "fallback" });
    settings
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let (connection, _) = combined(settings, sources).await;
    let level = level(&connection, needed).await;
    assert_eq!(level.quantities, available(expected.0), "{more}");
    let told = parts(&level);
    let told = [0, 1].map(|at| (told[at].1, told[at].2));
    assert_eq!(told, expected.1, "{more}");
}

fn both(east_has: i64, west_has: i64) -> [FakeSource; 2] {
    [
        east().has("TEA-1", available(east_has), NOON),
        west().has("TEA-1", available(west_has), NOON),
    ]
}

#[tokio::test]
async fn the_first_source_answers_as_long_as_it_has_enough() {
    check(json!({}), both(5, 90), Some(5), (5, [USED, NOT_NEEDED])).await;
}

#[tokio::test]
async fn a_source_that_is_short_is_answered_by_the_next() {
    let short = (false, Some(PartReason::Short));
    check(json!({}), both(5, 9), Some(6), (9, [short, USED])).await;
    check(json!({}), both(0, 9), Some(1), (9, [short, USED])).await;
    let stay = json!({ "go_on_when_short": false });
    check(stay, both(5, 9), Some(6), (5, [USED, NOT_NEEDED])).await;
}

#[tokio::test]
async fn without_enough_anywhere_the_most_is_told() {
    let (short, most) = (
        (false, Some(PartReason::Short)),
        (true, Some(PartReason::Short)),
    );
    check(json!({}), both(5, 9), Some(10), (9, [short, most])).await;
    check(json!({}), both(5, 5), Some(10), (5, [most, short])).await;
    // What a list shows can ship whenever any of them has enough.
    check(json!({}), both(5, 9), None, (9, [short, most])).await;
}

#[tokio::test]
async fn a_source_that_is_stale_is_answered_by_the_next() {
    let sources = || {
        let old = SourceLevel::counted(available(5), before_noon(60)).stale();
        [
            east().says("TEA-1", old),
            west().has("TEA-1", available(2), NOON),
        ]
    };
    let stale = (false, Some(PartReason::Stale));
    check(json!({}), sources(), Some(1), (2, [stale, USED])).await;
    let stay = json!({ "go_on_when_stale": false });
    let used = (true, Some(PartReason::Stale));
    check(stay, sources(), Some(1), (5, [used, NOT_NEEDED])).await;
}

#[tokio::test]
async fn a_source_that_is_down_is_answered_by_the_next() {
    let sources = || {
        let [east, west] = both(5, 2);
        [east.down("the key is refused"), west]
    };
    let down = (false, Some(PartReason::Down));
    check(json!({}), sources(), Some(1), (2, [down, USED])).await;
    let stay = json!({ "go_on_when_down": false });
    let used = (true, Some(PartReason::Down));
    check(stay, sources(), Some(1), (5, [used, NOT_NEEDED])).await;
}

#[tokio::test]
async fn a_source_without_a_count_never_answers_and_one_without_the_article_is_short() {
    let says = |knowledge| {
        let told = SourceLevel::told(knowledge, NOON);
        [
            east().says("TEA-1", told),
            west().has("TEA-1", available(2), NOON),
        ]
    };
    let no_count = (false, Some(PartReason::NotCounted));
    let sources = says(SourceKnowledge::NotRetrieved);
    check(json!({}), sources, Some(1), (2, [no_count, USED])).await;
    let unknown = (false, Some(PartReason::UnknownSku));
    let sources = says(SourceKnowledge::UnknownSku);
    check(json!({}), sources, Some(1), (2, [unknown, USED])).await;
}

#[tokio::test]
async fn when_none_may_answer_the_newest_number_does_with_its_age() {
    let old = |minutes| SourceLevel::counted(available(5), before_noon(minutes)).stale();
    let sources = [east().says("TEA-1", old(60)), west().says("TEA-1", old(30))];
    let (connection, _) = combined(json!({ "mode": "fallback" }), sources).await;
    let level = level(&connection, Some(1)).await;
    assert_eq!(level.as_of, Some(before_noon(30)));
    let stale = Some(PartReason::Stale);
    assert_eq!(
        parts(&level),
        [("East", false, stale), ("West", true, stale)]
    );
}

#[tokio::test]
async fn when_nothing_is_known_anywhere_that_is_no_zero() {
    let down = |source: FakeSource| {
        source
            .says("TEA-1", SourceLevel::default())
            .down("the host is not found")
    };
    let sources = [down(east()), down(west())];
    let (connection, _) = combined(json!({ "mode": "fallback" }), sources).await;
    let level = level(&connection, Some(1)).await;
    assert_eq!(
        (level.tracking, &level.quantities),
        (Tracking::Incomplete, &Quantities::default())
    );
    assert_eq!(level.parts[1].said, "the host is not found");
}

#[tokio::test]
async fn a_source_that_is_gone_is_answered_by_the_next() {
    let (connection, host) = combined(json!({ "mode": "fallback" }), both(5, 2)).await;
    host.remove_source("east");
    let level = level(&connection, Some(1)).await;
    assert_eq!(level.quantities, available(2));
    assert_eq!(parts(&level)[0], ("east", false, Some(PartReason::Gone)));
}

//! Adding up.

use bestand_plugin_api::sources::{SourceKnowledge, SourceLevel};
use bestand_plugin_api::{PartReason, Quantities, Quantity, SkuErrorKind, Tracking};
use serde_json::json;

use crate::support::{NOON, answer, available, before_noon, combined, east, level, parts, west};

#[tokio::test]
async fn what_the_sources_have_is_added_exactly_and_is_as_old_as_the_oldest() {
    let counts =
        |text: &str, on_hand| Quantities::of(text.parse().unwrap(), Quantity::units(on_hand));
    let east = east().has("TEA-1", counts("0.1", 3), before_noon(5));
    let west = west().has("TEA-1", counts("0.200001", 4), before_noon(2));
    let (connection, _) = combined(json!({ "mode": "sum" }), [east, west]).await;
    let level = level(&connection, None).await;
    assert_eq!(
        level.quantities.available,
        Some("0.300001".parse().unwrap())
    );
    assert_eq!(level.quantities.on_hand, Some(Quantity::units(7)));
    assert_eq!(
        (level.fetched_at, level.as_of),
        (NOON, Some(before_noon(5)))
    );
    assert_eq!(parts(&level), [("East", true, None), ("West", true, None)]);
}

#[tokio::test]
async fn what_one_source_does_not_tell_is_not_added() {
    let east = east().has(
        "TEA-1",
        available(3).with_incoming(Quantity::units(9)),
        NOON,
    );
    let west = west().has("TEA-1", Quantities::on_hand(Quantity::units(4)), NOON);
    let (connection, _) = combined(json!({ "mode": "sum" }), [east, west]).await;
    let level = level(&connection, None).await;
    assert_eq!(
        level.quantities,
        available(7),
        "neither all incoming nor all on hand is known"
    );
}

#[tokio::test]
async fn a_source_that_does_not_have_the_article_adds_nothing() {
    let east = east().has("TEA-1", available(3), NOON);
    let (connection, _) = combined(json!({ "mode": "sum" }), [east, west()]).await;
    let level = level(&connection, None).await;
    assert_eq!(level.quantities, available(3));
    assert_eq!(
        parts(&level)[1],
        ("West", false, Some(PartReason::UnknownSku))
    );
}

#[tokio::test]
async fn an_article_that_no_source_has_is_unknown() {
    let (connection, _) = combined(json!({ "mode": "sum" }), [east(), west()]).await;
    let answers = answer(&connection, None).await.unwrap();
    assert_eq!(answers.levels, []);
    assert_eq!(answers.errors[0].kind, SkuErrorKind::NotFound);
}

#[tokio::test]
async fn unknown_is_not_zero() {
    let unknown = [
        (SourceKnowledge::NotRetrieved, PartReason::NotCounted),
        (SourceKnowledge::NotTracked, PartReason::NotTracked),
        (SourceKnowledge::Ambiguous, PartReason::NotCounted),
    ];
    for (knowledge, reason) in unknown {
        let sources = || {
            let west = west().says("TEA-1", SourceLevel::told(knowledge, NOON));
            [east().has("TEA-1", available(3), NOON), west]
        };
        let (strict, _) = combined(json!({ "mode": "sum" }), sources()).await;
        let no_sum = level(&strict, None).await;
        assert_eq!(no_sum.tracking, Tracking::Incomplete, "{knowledge:?}");
        assert_eq!(no_sum.quantities, Quantities::default());
        assert!(no_sum.parts[1].is_missing());
        let lenient = json!({ "mode": "sum", "require_all": false });
        let (lenient, _) = combined(lenient, sources()).await;
        let known = level(&lenient, None).await;
        assert_eq!(known.quantities, available(3));
        assert_eq!(parts(&known)[1], ("West", false, Some(reason)));
    }
}

#[tokio::test]
async fn a_source_that_is_down_or_stale_still_counts_with_its_age() {
    let east = east().says(
        "TEA-1",
        SourceLevel::counted(available(3), before_noon(60)).stale(),
    );
    let west = west()
        .has("TEA-1", available(4), before_noon(1))
        .down("the key is refused");
    let (connection, _) = combined(json!({ "mode": "sum" }), [east, west]).await;
    let level = level(&connection, None).await;
    assert_eq!(
        (&level.quantities, level.as_of),
        (&available(7), Some(before_noon(60)))
    );
    let expected = [
        ("East", true, Some(PartReason::Stale)),
        ("West", true, Some(PartReason::Down)),
    ];
    assert_eq!(parts(&level), expected);
    assert_eq!(level.parts[1].said, "the key is refused");
}

#[tokio::test]
async fn a_source_that_is_gone_leaves_a_gap() {
    let sources = [east().has("TEA-1", available(3), NOON), west()];
    let (connection, host) = combined(json!({ "mode": "sum" }), sources).await;
    host.remove_source("west");
    let level = level(&connection, None).await;
    assert_eq!(level.tracking, Tracking::Incomplete);
    assert_eq!(parts(&level)[1], ("west", false, Some(PartReason::Gone)));
}

//! Two sources, and what they are as one.

use std::time::Duration;

use bestand_plugin_api::testing::{Connection, FakeHost, FakeSource};
use bestand_plugin_api::{
    LevelPart, PartReason, Quantities, Quantity, Result, SkuAnswers, SkuQuery, StockLevel,
    Timestamp,
};
use serde_json::{Value, json};

pub(crate) const NOON: Timestamp = Timestamp::from_secs(1_790_000_000);

/// So many minutes before noon.
pub(crate) fn before_noon(minutes: u64) -> Timestamp {
    NOON.before(Duration::from_secs(minutes * 60))
}

pub(crate) fn available(units: i64) -> Quantities {
    Quantities::available(Quantity::units(units))
}

pub(crate) fn east() -> FakeSource {
    FakeSource::named("east", "East")
}

pub(crate) fn west() -> FakeSource {
    FakeSource::named("west", "West")
}

/// A connection over both, with these settings beside them.
pub(crate) async fn combined(more: Value, sources: [FakeSource; 2]) -> (Connection, FakeHost) {
    let host = FakeHost::at(NOON);
    for source in sources {
        host.source(source);
    }
    let mut settings = json!({ "sources": ["east", "west"] });
    settings
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let opened = Connection::open(bestand_plugin_combined::wiring, &settings, &host).await;
    (opened.unwrap(), host)
}

/// The answer for `TEA-1`, of which so many are needed.
pub(crate) async fn answer(connection: &Connection, needed: Option<i64>) -> Result<SkuAnswers> {
    let query = SkuQuery::of(vec!["TEA-1".parse().unwrap()]);
    let needed = needed.map(Quantity::units).into_iter().collect();
    connection.stock_by_sku(&query.needing(needed)).await
}

pub(crate) async fn level(connection: &Connection, needed: Option<i64>) -> StockLevel {
    answer(connection, needed).await.unwrap().levels.remove(0)
}

/// What each source said: its name, whether it is used, and why not.
pub(crate) fn parts(level: &StockLevel) -> Vec<(&str, bool, Option<PartReason>)> {
    let part = |part: &'_ LevelPart| (part.used, part.reason);
    let named = level
        .parts
        .iter()
        .map(|told| (told.name.as_str(), part(told)));
    named
        .map(|(name, (used, reason))| (name, used, reason))
        .collect()
}

//! Another inventory source of the account, played.

use serde::Deserialize;

use crate::sources::{SourceInfo, SourceKnowledge, SourceLevel};
use crate::{Quantities, Quantity, Sku, SourceId, SourceState, Timestamp};

/// Another inventory source of the account. An article that is not put into it is one that it does not have.
///
/// ```
/// use bestand_plugin_api::testing::FakeSource;
/// use bestand_plugin_api::{Quantities, Quantity, Timestamp};
///
/// let noon = Timestamp::from_secs(1_790_000_000);
/// let east = FakeSource::named("1", "East").has("TEA-1", Quantities::available(Quantity::units(3)), noon);
/// let west = FakeSource::named("2", "West").down("the key is refused");
/// ```
#[derive(Clone, Debug)]
pub struct FakeSource {
    info: SourceInfo,
    levels: Vec<(Sku, SourceLevel)>,
}

/// A source as a profile has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SourceSample {
    /// Its id, as the settings name it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Why its connection does not work, when that is so.
    #[serde(default)]
    pub down: Option<String>,
    /// What it has.
    #[serde(default)]
    pub levels: Vec<LevelSample>,
}

/// A level as a profile has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LevelSample {
    /// The article.
    pub sku: Sku,
    /// How many it has to sell.
    pub available: Quantity,
    /// How many are there.
    #[serde(default)]
    pub on_hand: Option<Quantity>,
}

// === impl FakeSource ===

impl FakeSource {
    /// A source that works and has nothing.
    #[must_use]
    pub fn named(id: &str, name: &str) -> Self {
        let mut info = SourceInfo::ready(id.into(), name);
        info.heading = "Other system".into();
        Self {
            info,
            levels: Vec::new(),
        }
    }

    /// The same with a count.
    ///
    /// # Panics
    /// When `sku` is no SKU.
    #[must_use]
    pub fn has(self, sku: &str, quantities: Quantities, as_of: Timestamp) -> Self {
        self.says(sku, SourceLevel::counted(quantities, as_of))
    }

    /// The same, saying this of an article.
    ///
    /// # Panics
    /// When `sku` is no SKU.
    #[must_use]
    pub fn says(mut self, sku: &str, level: SourceLevel) -> Self {
        let sku = Sku::new(sku).expect("the name of an article");
        self.info.as_of = self.info.as_of.max(level.as_of);
        self.levels.retain(|(known, _)| *known != sku);
        self.levels.push((sku, level));
        self
    }

    /// The same with a connection that does not work; what is stored of it stays.
    #[must_use]
    pub fn down(mut self, reason: &str) -> Self {
        self.info.state = SourceState::Down;
        self.info.reason = reason.into();
        self
    }

    pub(super) fn id(&self) -> &SourceId {
        &self.info.id
    }

    pub(super) fn info(&self) -> SourceInfo {
        self.info.clone()
    }

    pub(super) fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.levels.iter().map(|(sku, _)| sku)
    }

    /// What it knows at `now`.
    pub(super) fn level(&self, sku: &Sku, now: Timestamp) -> SourceLevel {
        let known = self.levels.iter().find(|(known, _)| known == sku);
        let unknown = || SourceLevel::told(SourceKnowledge::UnknownSku, now);
        known.map_or_else(unknown, |(_, level)| level.clone())
    }
}

// === impl SourceSample ===

impl SourceSample {
    /// The source, with levels that were true at `as_of`.
    #[must_use]
    pub fn played(&self, as_of: Timestamp) -> FakeSource {
        let source = FakeSource::named(&self.id, &self.name);
        let source = match &self.down {
            Some(reason) => source.down(reason),
            None => source,
        };
        self.levels.iter().fold(source, |source, level| {
            let mut quantities = Quantities::available(level.available);
            quantities.on_hand = level.on_hand;
            source.has(&level.sku, quantities, as_of)
        })
    }
}

//! What several sources are as one, of one article.

use bestand_plugin_api::sources::SourceKnowledge;
use bestand_plugin_api::{LevelPart, Quantities, Sku, SkuError, StockLevel, Timestamp, Tracking};

use crate::adapter::PLACE;
use crate::part::Part;

/// What several sources are as one, of one article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) told: Told,
    /// What each source said, in the order of the settings.
    pub(crate) parts: Vec<LevelPart>,
}

/// What is told of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// A count, and when all of it was true.
    Count(Quantities, Timestamp),
    /// Why there is none.
    NoCount(Tracking),
    /// No source has it.
    Unknown,
}

// === impl Told ===

impl Told {
    /// Where no source gives a number: what they all say, and unknown as soon as one of them does not know.
    pub(crate) fn without_count(parts: &[Part<'_>]) -> Self {
        let say = |knowledge| move |part: &Part<'_>| part.knowledge() == knowledge;
        let have_none = parts.iter().all(Part::has_none);
        match () {
            () if parts.iter().all(say(SourceKnowledge::NotTracked)) => {
                Self::NoCount(Tracking::NotTracked)
            }
            () if have_none && parts.iter().any(say(SourceKnowledge::NotStocked)) => {
                Self::NoCount(Tracking::NotStocked)
            }
            () if have_none => Self::Unknown,
            () => Self::NoCount(Tracking::Incomplete),
        }
    }
}

// === impl Outcome ===

impl Outcome {
    /// As a level that was put together at `asked_at`, or why there is none.
    pub(crate) fn into_level(self, sku: Sku, asked_at: Timestamp) -> Result<StockLevel, SkuError> {
        let Self { told, parts } = self;
        let place = PLACE.into();
        match told {
            Told::Count(quantities, as_of) => {
                let level = StockLevel::counted(sku, place, quantities, asked_at);
                Ok(level.with_parts(parts, as_of.min(asked_at)))
            }
            Told::NoCount(tracking) => {
                let as_of = parts.iter().filter_map(|part| part.as_of).min();
                let level = StockLevel::uncounted(sku, place, tracking, asked_at);
                Ok(level.with_parts(parts, as_of.unwrap_or(asked_at).min(asked_at)))
            }
            Told::Unknown => Err(SkuError::not_found(
                sku,
                "none of the combined sources has this article",
            )),
        }
    }
}

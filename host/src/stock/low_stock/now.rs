//! A level that is low now, and the place of it in a list.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::{Quantity, Sku, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::SourceId;

/// A level that is at its threshold or below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowStock {
    /// Where it lies.
    pub source_id: SourceId,
    /// The article.
    pub sku: Sku,
    /// What can be sold.
    pub available: Quantity,
    /// At this many, or fewer, it is low.
    pub threshold: Quantity,
    /// What that threshold is set for.
    pub threshold_for: ThresholdFor,
    /// The newest confirmation of the number: it was true then or later.
    pub as_of: Timestamp,
    /// Whether a complete listing no longer named it.
    pub absent: bool,
    /// When it fell to what is its threshold now; nothing when it has been that low since it was first seen, or for
    /// longer than changes are kept.
    pub since: Option<Timestamp>,
}

/// What a threshold is set for; of several the first of these goes before the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThresholdFor {
    /// This article at this source.
    ArticleAtSource,
    /// This article, wherever it lies.
    Article,
    /// All that lies at this source.
    Source,
    /// Everything.
    Everything,
}

/// The place of a level in a list by source and SKU, to go on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowPlace {
    /// Its source.
    pub source_id: SourceId,
    /// Its article.
    pub sku: Sku,
}

/// A text that is no place in a list of levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list of levels")]
pub struct InvalidLowPlace;

// === impl ThresholdFor ===

impl ThresholdFor {
    /// The word for it, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ArticleAtSource => "article_at_source",
            Self::Article => "article",
            Self::Source => "source",
            Self::Everything => "everything",
        }
    }
}

// === impl LowPlace ===

impl LowPlace {
    /// That of a level.
    #[must_use]
    pub fn of(level: &LowStock) -> Self {
        Self {
            source_id: level.source_id,
            sku: level.sku.clone(),
        }
    }
}

impl fmt::Display for LowPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.source_id, self.sku)
    }
}

impl FromStr for LowPlace {
    type Err = InvalidLowPlace;

    fn from_str(text: &str) -> Result<Self, InvalidLowPlace> {
        let (source, sku) = text.split_once(' ').ok_or(InvalidLowPlace)?;
        Ok(Self {
            source_id: source.parse().map_err(|_| InvalidLowPlace)?,
            sku: Sku::new(sku).map_err(|_| InvalidLowPlace)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_as_it_went_out() {
        let place = LowPlace {
            source_id: SourceId::new(),
            sku: Sku::new("Größe 42").unwrap(),
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        assert_eq!("MUG".parse::<LowPlace>(), Err(InvalidLowPlace));
    }
}

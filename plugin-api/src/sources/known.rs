//! What a source knows of one SKU.

use serde::{Deserialize, Serialize};

use crate::{Quantities, Quantity, Timestamp};

/// What a source knows of one SKU, and how long ago that was true.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceLevel {
    /// What sort of knowledge it is. Only `Counted` comes with numbers that are counts.
    #[serde(default)]
    pub knowledge: SourceKnowledge,
    /// The numbers.
    #[serde(default)]
    pub quantities: Quantities,
    /// When this was true; `None` when nothing is known.
    #[serde(default)]
    pub as_of: Option<Timestamp>,
    /// Whether that is longer ago than the operator allows of this source.
    #[serde(default)]
    pub stale: bool,
}

/// What sort of knowledge a source has of a SKU: only one of them is a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SourceKnowledge {
    /// It counts the article.
    Counted,
    /// It has the article and does not track it.
    NotTracked,
    /// It has the article, but not at this place.
    NotStocked,
    /// Several of its articles carry this SKU.
    Ambiguous,
    /// It was listed completely, or asked, and does not have the article.
    UnknownSku,
    /// Nobody knows; so is a sort that only a newer contract knows.
    #[default]
    #[serde(other)]
    NotRetrieved,
}

// === impl SourceLevel ===

impl SourceLevel {
    /// A count that was true at `as_of`.
    #[must_use]
    pub fn counted(quantities: Quantities, as_of: Timestamp) -> Self {
        Self {
            quantities,
            ..Self::told(SourceKnowledge::Counted, as_of)
        }
    }

    /// Something other than a count, true at `as_of`.
    #[must_use]
    pub fn told(knowledge: SourceKnowledge, as_of: Timestamp) -> Self {
        Self {
            knowledge,
            as_of: Some(as_of),
            ..Self::default()
        }
    }

    /// The same, older than the operator allows.
    #[must_use]
    pub fn stale(self) -> Self {
        Self {
            stale: true,
            ..self
        }
    }

    /// What can be sold: the source's own number, else what is on hand and not promised, as far as the source says.
    /// `None` without a count, which is not zero.
    #[must_use]
    pub fn sellable(&self) -> Option<Quantity> {
        let counts = &self.quantities;
        let on_hand = || Some(counts.on_hand? - counts.allocated.unwrap_or(Quantity::ZERO));
        match self.knowledge {
            SourceKnowledge::Counted => counts.available.or_else(on_hand),
            _ => None,
        }
    }
}

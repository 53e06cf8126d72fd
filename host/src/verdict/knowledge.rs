//! What is known of one SKU at one source: five different things, of which only one is a number.

use std::sync::Arc;

use bestand_plugin_api::{Quantity, Timestamp};

use super::trouble::Trouble;
use crate::stock::sellable;

/// What is known of one SKU at the source that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// The source counts it.
    Counted(Count),
    /// The source has the article and does not track it; whatever number it shows means nothing.
    NotTracked {
        /// When the source said so.
        as_of: Timestamp,
    },
    /// The source has the article, but not at this place.
    NotStocked {
        /// When the source said so.
        as_of: Timestamp,
    },
    /// Several articles of the source carry this SKU, so no single count is right.
    Ambiguous {
        /// When the source said so.
        as_of: Timestamp,
    },
    /// The count is put together from several sources, and one that belongs to it does not say how many it has.
    Incomplete {
        /// When the others said so.
        as_of: Timestamp,
    },
    /// The source was asked, or listed completely, and does not have the article.
    UnknownSku {
        /// When it was asked or listed.
        as_of: Timestamp,
    },
    /// Nobody knows: the source could not be asked, or has not been yet.
    NotRetrieved(Arc<Trouble>),
}

/// The numbers of a counted article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Sellable, where the source says so.
    pub available: Option<Quantity>,
    /// Physically there, where the source says so.
    pub on_hand: Option<Quantity>,
    /// Promised to orders, where the source says so.
    pub allocated: Option<Quantity>,
    /// On its way; shown, never counted on.
    pub incoming: Option<Quantity>,
    /// When the numbers were true.
    pub as_of: Timestamp,
}

// === impl Knowledge ===

impl Knowledge {
    /// When this was true; `None` when nothing is known.
    #[must_use]
    pub fn as_of(&self) -> Option<Timestamp> {
        match self {
            Self::Counted(Count { as_of, .. })
            | Self::NotTracked { as_of }
            | Self::NotStocked { as_of }
            | Self::Ambiguous { as_of }
            | Self::Incomplete { as_of }
            | Self::UnknownSku { as_of } => Some(*as_of),
            Self::NotRetrieved(_) => None,
        }
    }
}

// === impl Count ===

impl Count {
    /// What can be sold; `None` when the source does not say.
    #[must_use]
    pub fn sellable(&self) -> Option<Quantity> {
        sellable(self.available, self.on_hand, self.allocated)
    }
}

//! The answer to one line: a status, the numbers behind it, how old they are, and the cause when it is no plain yes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bestand_plugin_api::{LevelPart, Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};

use super::component::ComponentAnswer;
use super::knowledge::{Count, Knowledge};
use super::trouble::Trouble;
use super::{Item, Terms, Verdict};

/// The answer to one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineAnswer {
    /// The article.
    pub sku: Sku,
    /// How many this line asks for.
    pub requested: Quantity,
    /// How many all lines of this article ask for together.
    pub required: Quantity,
    /// The answer in one word.
    pub status: LineStatus,
    /// Why it is that answer.
    pub cause: Cause,
    /// What can be sold, the location's buffer taken off; none when there is no count.
    pub available: Option<Quantity>,
    /// How many are promised to this order; they are part of `available`.
    pub allocated: Quantity,
    /// How many of the sellable ones the buffer keeps back.
    pub withheld: Quantity,
    /// Physically there, where the source says so.
    pub on_hand: Option<Quantity>,
    /// On its way here; never part of `available`.
    pub incoming: Option<Quantity>,
    /// When this was true.
    pub as_of: Option<Timestamp>,
    /// Whether that is longer ago than the source's `max_age`.
    pub stale: bool,
    /// Why there is no count, or no fresher one.
    pub trouble: Option<Arc<Trouble>>,
    /// The sources it was put together from; empty for a source of its own.
    pub from: Vec<LevelPart>,
    /// What the source was asked for instead of the article: what it calls it, or the components of a kit. Empty where
    /// the article was asked for itself.
    pub components: Vec<ComponentAnswer>,
}

/// The answer to one line in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineStatus {
    /// As many as needed are there.
    InStock,
    /// Some are there, not as many as needed.
    Short,
    /// None is there.
    OutOfStock,
    /// The source does not have this article.
    UnknownSku,
    /// The source does not track this article.
    NotTracked,
    /// The count could not be retrieved.
    Unavailable,
}

/// Why a line has its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// As many as needed are there.
    Enough,
    /// As many as needed are promised to this order.
    Allocated,
    /// Some are there, not as many as needed.
    TooFew,
    /// The source counts zero.
    NoneLeft,
    /// The source has promised more than it has.
    Oversold,
    /// What is there is kept back by the location's buffer.
    HeldBack,
    /// The source has the article, but not at this place.
    NotStocked,
    /// The source does not have the article.
    NotListed,
    /// The source does not track the article.
    NotTracked,
    /// Several articles of the source carry this SKU.
    Ambiguous,
    /// The count is put together, and a source that belongs to it does not say how many it has.
    Incomplete,
    /// The source names the article and gives no number.
    NotCounted,
    /// The source could not be asked; see `trouble`.
    NotRetrieved,
}

// === impl LineAnswer ===

impl LineAnswer {
    /// Answers one item of which `required` are needed in all.
    pub(super) fn of(item: Item, required: Quantity, known: Knowledge, terms: &Terms) -> Self {
        let line = Self::without_count(item, required);
        match known {
            Knowledge::Counted(count) => line.counted(count, terms),
            Knowledge::NotTracked { as_of } => {
                line.told(LineStatus::NotTracked, Cause::NotTracked, as_of, terms)
            }
            Knowledge::NotStocked { as_of } => Self {
                available: Some(Quantity::ZERO),
                ..line.told(LineStatus::OutOfStock, Cause::NotStocked, as_of, terms)
            },
            Knowledge::Ambiguous { as_of } => {
                line.told(LineStatus::Unavailable, Cause::Ambiguous, as_of, terms)
            }
            Knowledge::Incomplete { as_of } => {
                line.told(LineStatus::Unavailable, Cause::Incomplete, as_of, terms)
            }
            Knowledge::UnknownSku { as_of } => {
                line.told(LineStatus::UnknownSku, Cause::NotListed, as_of, terms)
            }
            Knowledge::NotRetrieved(trouble) => Self {
                trouble: Some(trouble),
                ..line
            },
        }
    }

    /// The answer as long as nothing is known.
    pub(super) fn without_count(item: Item, required: Quantity) -> Self {
        Self {
            sku: item.sku,
            requested: item.quantity,
            required,
            status: LineStatus::Unavailable,
            cause: Cause::NotRetrieved,
            available: None,
            allocated: Quantity::ZERO,
            withheld: Quantity::ZERO,
            on_hand: None,
            incoming: None,
            as_of: None,
            stale: false,
            trouble: None,
            from: Vec::new(),
            components: Vec::new(),
        }
    }

    /// Counts what is promised to this order, by the source's SKUs, to what is there for it: its source counts it to
    /// nobody.
    pub(super) fn promise(self, allocated: &BTreeMap<&Sku, Quantity>) -> Self {
        let mut this = self;
        if this.components.is_empty() {
            if let Some(quantity) = allocated.get(&this.sku) {
                this.add_allocated(*quantity);
            }
            return this;
        }
        let parts = std::mem::take(&mut this.components).into_iter();
        let parts = parts.map(|part| ComponentAnswer {
            line: part.line.promise(allocated),
            ..part
        });
        let parts = parts.collect();
        this.made_of(parts)
    }

    fn add_allocated(&mut self, quantity: Quantity) {
        self.allocated = quantity;
        self.available = self.available.map(|available| available + quantity);
        if quantity >= self.required {
            (self.status, self.cause) = (LineStatus::InStock, Cause::Allocated);
        }
    }

    /// What the source said of the article, and how long ago.
    fn told(self, status: LineStatus, cause: Cause, as_of: Timestamp, terms: &Terms) -> Self {
        let stale = terms.is_stale(as_of);
        Self {
            status,
            cause,
            as_of: Some(as_of),
            stale,
            trouble: terms.trouble.as_ref().filter(|_| stale).cloned(),
            ..self
        }
    }

    fn counted(self, count: Count, terms: &Terms) -> Self {
        let Some(sellable) = count.sellable() else {
            return self.told(
                LineStatus::Unavailable,
                Cause::NotCounted,
                count.as_of,
                terms,
            );
        };
        let withheld = terms.buffer.withheld(sellable);
        let available = sellable - withheld;
        let (status, cause) = judge(sellable, available, self.required);
        Self {
            available: Some(available),
            withheld,
            on_hand: count.on_hand,
            incoming: count.incoming,
            ..self.told(status, cause, count.as_of, terms)
        }
    }
}

fn judge(sellable: Quantity, available: Quantity, required: Quantity) -> (LineStatus, Cause) {
    if sellable.is_negative() {
        (LineStatus::OutOfStock, Cause::Oversold)
    } else if sellable == Quantity::ZERO {
        (LineStatus::OutOfStock, Cause::NoneLeft)
    } else if available == Quantity::ZERO {
        (LineStatus::OutOfStock, Cause::HeldBack)
    } else if available < required {
        (LineStatus::Short, Cause::TooFew)
    } else {
        (LineStatus::InStock, Cause::Enough)
    }
}

// === impl LineStatus ===

impl LineStatus {
    /// What a line of this status makes of its order.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::InStock => Verdict::CanShip,
            Self::Short | Self::OutOfStock => Verdict::Short,
            Self::UnknownSku | Self::NotTracked | Self::Unavailable => Verdict::Unknown,
        }
    }

    /// The word used in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InStock => "in_stock",
            Self::Short => "short",
            Self::OutOfStock => "out_of_stock",
            Self::UnknownSku => "unknown_sku",
            Self::NotTracked => "not_tracked",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for LineStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

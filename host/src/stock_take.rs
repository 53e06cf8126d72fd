//! Stock takes: goods of a source are counted, and what differs from what was held is written to its system.
//!
//! What is written is the difference between what was counted and what was held *when it was counted*, as an adjustment:
//! what is shipped or arrives between the count and the commit is neither lost nor taken back by it. Each count has an
//! operation id of its own, so that a commit that was cut off is finished by committing again, and nothing is done twice.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::{LocationId, Quantity, Sku, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{AccountId, SourceId, StockTakeId};
use crate::operation::OperationState;

mod count_sheet;
mod error;
mod refusal;

pub use count_sheet::{CountSheet, Sheet, Uncounted};
pub use error::StockTakeError;
pub use refusal::CountRefusal;

/// Most counts of one request: what an adapter is asked about within the time of a request.
pub const COUNTS_PER_REQUEST_MAX: usize = 1_000;
/// Most counts of one take: the largest warehouses have so many places with goods.
pub const COUNTS_MAX: u64 = 100_000;
/// Longest note, in characters: a sentence or two.
pub const NOTE_CHARS_MAX: usize = 500;

/// A stock take of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockTake {
    /// Its id.
    pub id: StockTakeId,
    /// Whose it is.
    pub account_id: AccountId,
    /// Where goods are counted.
    pub source_id: SourceId,
    /// What it is about.
    pub note: Option<String>,
    /// How far it is.
    pub state: TakeState,
    /// Who began it.
    pub started_by: String,
    /// When.
    pub started_at: Timestamp,
    /// Who committed or cancelled it.
    pub closed_by: Option<String>,
    /// When.
    pub closed_at: Option<Timestamp>,
}

/// How far a stock take is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TakeState {
    /// Goods are counted.
    Open,
    /// Differences are written. One that stays so was cut off: commit it again.
    Committing,
    /// All differences were written.
    Committed,
    /// Given up; nothing was written.
    Cancelled,
}

/// What was counted of an article at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The article.
    pub sku: Sku,
    /// The place within the source; `None` for the source as a whole.
    pub place: Option<LocationId>,
    /// The operation that a commit sends.
    pub operation_id: String,
    /// How many there are.
    pub counted: Quantity,
    /// How many the source had on hand when they were counted.
    pub held: Quantity,
    /// When.
    pub counted_at: Timestamp,
    /// Who counted.
    pub counted_by: String,
    /// What became of the difference; nothing before the commit, and where there is none.
    pub outcome: Option<(OperationState, Option<String>)>,
}

/// A word that is no state of a stock take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no state of a stock take; they are open, committing, committed and cancelled")]
pub struct InvalidTakeState(String);

/// What all counts of a take come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct TakeTotals {
    /// How many counts there are.
    pub counts: u64,
    /// How many of them differ from what was held.
    pub differences: u64,
    /// How many pieces more were found than were held, over all counts that found more.
    #[schema(value_type = f64)]
    pub more: Quantity,
    /// How many fewer, over all counts that found fewer.
    #[schema(value_type = f64)]
    pub fewer: Quantity,
    /// How many differences are written.
    pub written: u64,
    /// How many were refused, or are unknown.
    pub not_written: u64,
}

// === impl StockTake ===

impl StockTake {
    /// A new one.
    #[must_use]
    pub fn new(
        (account_id, source_id): (AccountId, SourceId),
        note: Option<String>,
        started_by: &str,
        now: Timestamp,
    ) -> Self {
        Self {
            id: StockTakeId::new(),
            account_id,
            source_id,
            note,
            state: TakeState::Open,
            started_by: started_by.to_owned(),
            started_at: now,
            closed_by: None,
            closed_at: None,
        }
    }
}

// === impl Count ===

impl Count {
    /// How many more there are than were held.
    #[must_use]
    pub fn difference(&self) -> Quantity {
        self.counted - self.held
    }
}

// === impl TakeState ===

impl TakeState {
    const ALL: [Self; 4] = [
        Self::Open,
        Self::Committing,
        Self::Committed,
        Self::Cancelled,
    ];

    /// The word for it, in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Committing => "committing",
            Self::Committed => "committed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for TakeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for TakeState {
    type Err = InvalidTakeState;

    fn from_str(word: &str) -> Result<Self, InvalidTakeState> {
        let state = Self::ALL.into_iter().find(|state| state.as_str() == word);
        state.ok_or_else(|| InvalidTakeState(word.chars().take(40).collect()))
    }
}

//! What a level was put together from.

use serde::{Deserialize, Serialize};

use crate::{Quantity, SourceId, Timestamp};

/// One of the inventory sources that a level was put together from, and what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LevelPart {
    /// The source.
    pub source: SourceId,
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// What it has to sell; `None` when it says no count, which is not zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<Quantity>,
    /// When that was true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// Whether its number is the level's, or a part of it.
    #[serde(default)]
    pub used: bool,
    /// Why it is not used, or what is wrong with it though it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<PartReason>,
    /// What its system says of that, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
}

/// Why a source is not used in a level, or what is wrong with it though it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartReason {
    /// Another one before it answers already.
    NotNeeded,
    /// Its number is older than the operator allows.
    Stale,
    /// Its connection does not work.
    Down,
    /// It has fewer than are needed.
    Short,
    /// It does not have the article.
    UnknownSku,
    /// It has the article, but not at this place.
    NotStocked,
    /// It does not track the article.
    NotTracked,
    /// It is no longer there.
    Gone,
    /// It says no count; so is a reason that only a newer contract knows.
    #[serde(other)]
    NotCounted,
}

// === impl LevelPart ===

impl LevelPart {
    /// A source of which nothing is known yet, and which is not used.
    #[must_use]
    pub fn new(source: SourceId, name: impl Into<String>) -> Self {
        Self {
            source,
            name: name.into(),
            available: None,
            as_of: None,
            used: false,
            reason: None,
            said: String::new(),
        }
    }

    /// Whether the level would be another one if this source said how many it has.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        let missing = [
            PartReason::Down,
            PartReason::NotTracked,
            PartReason::Gone,
            PartReason::NotCounted,
        ];
        !self.used && self.reason.is_some_and(|reason| missing.contains(&reason))
    }
}

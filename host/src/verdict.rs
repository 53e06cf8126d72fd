//! The verdict on an order, as a pure function: what is asked and what is known go in, the answer comes out.
//!
//! **Invariant:** no I/O and no clock in here; `now` is an argument. Unknown is never turned into zero, and every
//! answer that is not a plain count carries its cause. Finding out what is known is left to
//! [`availability`](crate::availability).

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{LevelPart, Quantity, Sku, Timestamp};

use crate::ship_from::Buffer;
use serde::{Deserialize, Serialize};

pub mod component;
pub mod consequence;
pub mod explain;
pub mod knowledge;
pub mod line;
pub mod part;
pub mod trouble;
pub mod unanswered;

use knowledge::Knowledge;
use line::{LineAnswer, LineStatus};
use trouble::Trouble;

#[cfg(test)]
mod tests;

/// Whether the stock to ship an order is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All of it is there, or nothing on it has to be.
    CanShip,
    /// At least one article is known not to be there in the number needed.
    Short,
    /// Nothing is known to be short, but not every article has a count.
    Unknown,
}

/// One thing asked for: a line of goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The article.
    pub sku: Sku,
    /// How many; above zero.
    pub quantity: Quantity,
}

/// What the answer depends on besides stock.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Safety stock of the ship-from location, taken off what is available.
    pub buffer: Buffer,
    /// How old a count of this source may be before it is called stale.
    pub max_age: Duration,
    /// The time of the answer.
    pub now: Timestamp,
    /// Why the source could not be asked just now; told with every count that is stale because of it.
    pub trouble: Option<Arc<Trouble>>,
}

/// The answer: a verdict, and a line for every item in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The answer in one word.
    pub verdict: Verdict,
    /// The answer per item.
    pub lines: Vec<LineAnswer>,
    /// How many lines of the order nobody could read, so that nobody knows what they ask for.
    pub unreadable: usize,
}

/// Decides. `known[i]` is what is known of the article of `items[i]`.
///
/// What is needed is summed per SKU: two lines of three are both short when five are there.
///
/// # Panics
/// When the two differ in length, which is a fault of the caller.
#[must_use]
pub fn decide(items: Vec<Item>, known: Vec<Knowledge>, terms: &Terms) -> Decision {
    assert_eq!(items.len(), known.len(), "one knowledge per item");
    let required = required_per_sku(&items);
    let lines: Vec<LineAnswer> = items
        .into_iter()
        .zip(known)
        .zip(required)
        .map(|((item, known), required)| LineAnswer::of(item, required, known, terms))
        .collect();
    let verdict = Verdict::of(lines.iter().map(|line| line.status));
    Decision {
        verdict,
        lines,
        unreadable: 0,
    }
}

/// For every item, how many of its SKU all items need together.
fn required_per_sku(items: &[Item]) -> Vec<Quantity> {
    let mut required: Vec<Quantity> = items.iter().map(|item| item.quantity).collect();
    let mut by_sku: Vec<usize> = (0..items.len()).collect();
    by_sku.sort_unstable_by(|&a, &b| compare(&items[a].sku, &items[b].sku));
    for same in by_sku.chunk_by(|&a, &b| items[a].sku == items[b].sku) {
        if same.len() > 1 {
            let total = same.iter().map(|&at| items[at].quantity).sum();
            same.iter().for_each(|&at| required[at] = total);
        }
    }
    required
}

/// Any order that brings equal SKUs together will do; comparing lengths first spares most of the bytes.
fn compare(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

// === impl Terms ===

impl Terms {
    /// For an answer without any counts, where nothing but the time matters.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self {
            buffer: Buffer::NONE,
            max_age: Duration::ZERO,
            now,
            trouble: None,
        }
    }

    /// Whether what was true then is stale now.
    #[must_use]
    pub fn is_stale(&self, as_of: Timestamp) -> bool {
        self.now.since(as_of) > self.max_age
    }
}

// === impl Decision ===

impl Decision {
    /// The decision with what each line was put together from, one for each line.
    #[must_use]
    pub fn with_parts(mut self, parts: Vec<Vec<LevelPart>>) -> Self {
        for (line, parts) in self.lines.iter_mut().zip(parts) {
            line.from = parts;
        }
        self
    }

    /// The decision on an order to which so many are promised, by the source's SKUs: those are there for it and for nobody else.
    #[must_use]
    pub fn with_allocated(mut self, allocated: &BTreeMap<&Sku, Quantity>) -> Self {
        let lines = self.lines.into_iter();
        self.lines = lines.map(|line| line.promise(allocated)).collect();
        self.verdict = Verdict::of(self.lines.iter().map(|line| line.status));
        self
    }

    /// The decision on an order that has lines nobody could read: what they ask for is unknown.
    #[must_use]
    pub fn with_unreadable(self, unreadable: usize) -> Self {
        let verdict = match unreadable {
            0 => self.verdict,
            _ => self.verdict.and(Verdict::Unknown),
        };
        Self {
            verdict,
            unreadable,
            ..self
        }
    }
}

// === impl Verdict ===

impl Verdict {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::CanShip, Self::Short, Self::Unknown];

    /// The verdict of this word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verdict| verdict.as_str() == word)
    }

    /// The verdict on lines of these kinds: short beats unknown, unknown beats all is there.
    #[must_use]
    pub fn of(lines: impl Iterator<Item = LineStatus>) -> Self {
        lines
            .map(LineStatus::verdict)
            .fold(Self::CanShip, Self::and)
    }

    /// The word used in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CanShip => "can_ship",
            Self::Short => "short",
            Self::Unknown => "unknown",
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Short, _) | (_, Self::Short) => Self::Short,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::CanShip, Self::CanShip) => Self::CanShip,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

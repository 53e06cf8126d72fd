//! Why every number is what it is: [`StockLedger`].

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::{
    Adapter, Condition, Ctx, Cursor, Listing, LocationId, Quantity, Result, Sku, Timestamp,
};

/// Tells every change of the stock it keeps, and proves that they add up to what is there.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl StockLedger for Shelf {
///     async fn list_ledger(&self, ctx: &Ctx, query: LedgerQuery) -> Result<Listing<LedgerEntry>> {
///         let request = ctx.http().post("https://api.shelf.example/ledger").json(&query)?;
///         Ok(Listing::done(request.send().await?.json().await?))
///     }
///
///     async fn verify_ledger(&self, ctx: &Ctx, _: Option<Cursor>) -> Result<LedgerCheck> {
///         let mut answer = ctx.http().post("https://api.shelf.example/ledger/check").send().await?;
///         Ok(LedgerCheck::new(1, 1, Listing::done(answer.json().await?)))
///     }
/// }
/// ```
pub trait StockLedger: Adapter {
    /// One page of changes: newest first where a SKU is named, otherwise by SKU and number. Called when somebody looks.
    /// Deadline 30 s.
    ///
    /// # Errors
    /// What happened; [`NotFound`](crate::ErrorKind::NotFound) when the cursor cannot be read.
    fn list_ledger(
        &self,
        ctx: &Ctx,
        query: LedgerQuery,
    ) -> impl Future<Output = Result<Listing<LedgerEntry>>> + Send;

    /// Adds up the changes of the next articles and says where they do not come to what is held. Changes nothing.
    /// Called when an operator asks. Deadline 30 s a step.
    ///
    /// # Errors
    /// What happened; the check goes on from the same cursor.
    fn verify_ledger(
        &self,
        ctx: &Ctx,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<LedgerCheck>> + Send;
}

/// Which changes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerQuery {
    /// Of this article alone.
    #[serde(default)]
    pub sku: Option<Sku>,
    /// At this place, or inside it.
    #[serde(default)]
    pub location: Option<LocationId>,
    /// The page.
    #[serde(default)]
    pub cursor: Option<Cursor>,
}

/// One change of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerEntry {
    /// The article.
    pub sku: Sku,
    /// Counts the changes of this article from 1.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// What sort of change.
    pub kind: LedgerKind,
    /// The operation it was made by, if any.
    #[serde(default)]
    pub op_id: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// Free text.
    #[serde(default)]
    pub note: Option<String>,
    /// Who wanted it.
    #[serde(default)]
    pub author: Option<String>,
    /// What it came to, place by place.
    #[serde(default)]
    pub lines: Vec<LedgerLine>,
    /// What one cost on average after it, where that is known.
    #[serde(default)]
    pub unit_cost: Option<Quantity>,
}

/// What sort of change an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LedgerKind {
    /// Goods came in.
    Increment,
    /// Goods went out.
    Decrement,
    /// They were counted.
    Adjust,
    /// They were moved, are in another condition, or cost something else.
    Modify,
    /// They were promised.
    Reserve,
    /// A promise was taken back.
    Release,
    /// Promised goods went out.
    Ship,
    /// Their place was removed.
    Removed,
    /// A sort that only a newer contract knows.
    #[serde(other)]
    Unknown,
}

/// What a change came to at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerLine {
    /// The place.
    pub location: LocationId,
    /// How many more are there.
    #[serde(default)]
    pub on_hand: Quantity,
    /// How many more are promised.
    #[serde(default)]
    pub allocated: Quantity,
    /// In which condition they are.
    #[serde(default)]
    pub condition: Condition,
    /// The lot they are of.
    #[serde(default)]
    pub lot: Option<String>,
}

/// One step of a check, and how far it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerCheck {
    /// How many articles this step has added up.
    pub articles: u64,
    /// How many entries it has read.
    pub entries: u64,
    /// What is wrong with them, and where to go on.
    pub findings: Listing<LedgerFinding>,
}

/// Something that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerFinding {
    /// The article.
    pub sku: Sku,
    /// The number of an entry that is missing; `None` where a sum is wrong.
    #[serde(default)]
    pub missing: Option<u64>,
    /// What the entries come to.
    #[serde(default)]
    pub ledger: Option<LedgerLine>,
    /// What is held of the same goods at the same place.
    #[serde(default)]
    pub held: Option<LedgerLine>,
}

// === impl LedgerKind ===

impl LedgerKind {
    /// The word for it, as it is written: `increment`, `decrement`, `adjust`, `modify`, `reserve`, `release`, `ship`, `removed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Increment => "increment",
            Self::Decrement => "decrement",
            Self::Adjust => "adjust",
            Self::Modify => "modify",
            Self::Reserve => "reserve",
            Self::Release => "release",
            Self::Ship => "ship",
            Self::Removed => "removed",
            Self::Unknown => "unknown",
        }
    }
}

// === impl LedgerQuery ===

impl LedgerQuery {
    /// All changes of an article.
    #[must_use]
    pub fn of(sku: Sku) -> Self {
        Self {
            sku: Some(sku),
            ..Self::default()
        }
    }

    /// The same at a place, or inside it.
    #[must_use]
    pub fn at(self, location: LocationId) -> Self {
        Self {
            location: Some(location),
            ..self
        }
    }

    /// The page after.
    #[must_use]
    pub fn after(self, cursor: Option<Cursor>) -> Self {
        Self { cursor, ..self }
    }
}

// === impl LedgerEntry ===

impl LedgerEntry {
    /// An entry with nothing but what is needed.
    #[must_use]
    pub fn new(sku: Sku, number: u64, at: Timestamp, kind: LedgerKind) -> Self {
        Self {
            sku,
            number,
            at,
            kind,
            op_id: None,
            reason: None,
            note: None,
            author: None,
            lines: Vec::new(),
            unit_cost: None,
        }
    }
}

// === impl LedgerLine ===

impl LedgerLine {
    /// Sellable goods of no lot.
    #[must_use]
    pub fn new(location: LocationId, on_hand: Quantity, allocated: Quantity) -> Self {
        Self {
            location,
            on_hand,
            allocated,
            condition: Condition::Sellable,
            lot: None,
        }
    }
}

// === impl LedgerCheck ===

impl LedgerCheck {
    /// A step that has added up this many articles of this many entries.
    #[must_use]
    pub fn new(articles: u64, entries: u64, findings: Listing<LedgerFinding>) -> Self {
        Self {
            articles,
            entries,
            findings,
        }
    }
}

// === impl LedgerFinding ===

impl LedgerFinding {
    /// An entry is missing.
    #[must_use]
    pub fn missing(sku: Sku, number: u64) -> Self {
        Self {
            sku,
            missing: Some(number),
            ledger: None,
            held: None,
        }
    }

    /// The entries come to something else than what is held.
    #[must_use]
    pub fn differs(sku: Sku, ledger: LedgerLine, held: LedgerLine) -> Self {
        Self {
            sku,
            missing: None,
            ledger: Some(ledger),
            held: Some(held),
        }
    }
}

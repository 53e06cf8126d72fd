//! Changes that are sent to a system: [`StockWrites`].

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::{Adapter, Ctx, Currency, ItemRef, LocationId, Quantity, Result, Sku, Timestamp};

mod change;
mod condition;
mod outcome;

pub use change::StockChange;
pub use condition::Condition;
pub use outcome::WriteOutcome;

/// Sends changes to the system.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl StockWrites for Shelf {
///     const MAX_BATCH: usize = 1;
///     const IDEMPOTENCY: Idempotency = Idempotency::Native;
///
///     async fn write_stock(&self, ctx: &Ctx, operations: Vec<StockOperation>) -> Result<Vec<WriteOutcome>> {
///         let mut outcomes = Vec::new();
///         for operation in operations {
///             let (StockChange::Adjust { delta }, Basis::OnHand) = (&operation.change, operation.basis) else {
///                 outcomes.push(WriteOutcome::rejected("the shelf only takes adjustments of what is on hand"));
///                 continue;
///             };
///             let row = serde_json::json!({ "sku": operation.sku, "delta": delta });
///             let sent = ctx.http().post("https://api.shelf.example/adjust");
///             let sent = sent.header("idempotency-key", &operation.op_id).json(&row)?.send().await;
///             outcomes.push(match sent {
///                 Ok(answer) if answer.is_success() => WriteOutcome::Applied,
///                 Ok(answer) => WriteOutcome::rejected(format!("the shelf answered {}", answer.status())),
///                 Err(error) => WriteOutcome::unknown(error.message),
///             });
///         }
///         Ok(outcomes)
///     }
/// }
/// ```
pub trait StockWrites: Adapter {
    /// How many operations one call may carry; at least one.
    const MAX_BATCH: usize;
    /// What keeps a repeat from counting twice.
    const IDEMPOTENCY: Idempotency;

    /// Does the operations and tells what became of each, in order. One that is refused leaves the others alone.
    /// An answer that was lost is [`WriteOutcome::Unknown`], and the host asks again with the same operation id.
    /// Called when somebody changes stock; several calls may be under way at once. Deadline 30 s.
    ///
    /// # Errors
    /// Only when certainly nothing was done.
    fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> impl Future<Output = Result<Vec<WriteOutcome>>> + Send;
}

/// One change. `op_id` is the host's and never reused: it makes a retry recognisable.
///
/// ```
/// use bestand_plugin_api::*;
///
/// let change = StockChange::Adjust { delta: Quantity::units(-2) };
/// let operation = StockOperation::new("0197-…", Sku::new("TEA-1")?, "shelf".into(), change)
///     .with_reason("damaged")
///     .with_note("fell off the shelf");
/// assert_eq!(operation.basis, Basis::OnHand);
/// # Ok::<(), InvalidSku>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StockOperation {
    /// A UUID, the same on every retry of the same intent.
    pub op_id: String,
    /// The system's reference, when the host knows it.
    #[serde(default)]
    pub item: Option<ItemRef>,
    /// The article.
    pub sku: Sku,
    /// The place.
    pub location: LocationId,
    /// What to do.
    pub change: StockChange,
    /// Which number it is about.
    #[serde(default)]
    pub basis: Basis,
    /// Why: a code or a word of the operator's.
    #[serde(default)]
    pub reason: Option<String>,
    /// Free text for the ledger.
    #[serde(default)]
    pub note: Option<String>,
    /// The batch, where the system keeps them.
    #[serde(default)]
    pub lot: Option<String>,
    /// The goods in this condition alone; `None` means the sellable ones, and for a `Set` all that is there. Only ever one
    /// of [`Manifest::conditions`](crate::Manifest::conditions): the host refuses any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// When the lot named expires, for goods coming in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// What one of the goods coming in has cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Quantity>,
    /// What the cost is told in, here or in a `Recost`; `None` is the system's own currency. A system that keeps another
    /// one refuses: it does not convert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Who wants it, for the ledger; filled in by the host. A repeat may name somebody else and is the same operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}

/// Which number a change is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Basis {
    /// What is physically there.
    #[default]
    OnHand,
    /// What can be sold.
    Available,
    /// A number that only a newer contract knows. Refused, never guessed at.
    #[serde(other)]
    Unknown,
}

/// How an adapter keeps a repeated operation from counting twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Idempotency {
    /// The system knows operation ids.
    Native,
    /// The adapter writes only if the old number is still there.
    CompareAndSet,
    /// The adapter leaves our operation id in the system and looks for it before it repeats.
    LookUp,
    /// A repeat counts twice; so, to be safe, is a way that only a newer contract knows.
    #[serde(other)]
    None,
}

// === impl StockOperation ===

impl StockOperation {
    /// A change of what is on hand, with nothing but what is needed.
    #[must_use]
    pub fn new(
        op_id: impl Into<String>,
        sku: Sku,
        location: LocationId,
        change: StockChange,
    ) -> Self {
        Self {
            op_id: op_id.into(),
            item: None,
            sku,
            location,
            change,
            basis: Basis::OnHand,
            reason: None,
            note: None,
            lot: None,
            condition: None,
            expires_at: None,
            unit_cost: None,
            currency: None,
            author: None,
        }
    }

    /// The same with the system's own reference to the article.
    #[must_use]
    pub fn with_item(self, item: impl Into<ItemRef>) -> Self {
        Self {
            item: Some(item.into()),
            ..self
        }
    }

    /// The same about another number.
    #[must_use]
    pub fn with_basis(self, basis: Basis) -> Self {
        Self { basis, ..self }
    }

    /// The same with why.
    #[must_use]
    pub fn with_reason(self, reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..self
        }
    }

    /// The same with free text for the ledger.
    #[must_use]
    pub fn with_note(self, note: impl Into<String>) -> Self {
        Self {
            note: Some(note.into()),
            ..self
        }
    }

    /// The same for one batch.
    #[must_use]
    pub fn with_lot(self, lot: impl Into<String>) -> Self {
        Self {
            lot: Some(lot.into()),
            ..self
        }
    }

    /// The same for the goods in this condition alone.
    #[must_use]
    pub fn with_condition(self, condition: Condition) -> Self {
        Self {
            condition: Some(condition),
            ..self
        }
    }

    /// The same with when the lot named expires.
    #[must_use]
    pub fn with_expires_at(self, moment: Timestamp) -> Self {
        Self {
            expires_at: Some(moment),
            ..self
        }
    }

    /// The same with what one of the goods has cost, in the system's own currency.
    #[must_use]
    pub fn with_unit_cost(self, unit_cost: Quantity) -> Self {
        Self {
            unit_cost: Some(unit_cost),
            ..self
        }
    }

    /// The same with what its cost is told in.
    #[must_use]
    pub fn with_currency(self, currency: Currency) -> Self {
        Self {
            currency: Some(currency),
            ..self
        }
    }

    /// The same with who wants it.
    #[must_use]
    pub fn with_author(self, author: impl Into<String>) -> Self {
        Self {
            author: Some(author.into()),
            ..self
        }
    }
}

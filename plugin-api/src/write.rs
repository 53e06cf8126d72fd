//! Changes that are sent to a system: [`StockWrites`].

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::{Adapter, Ctx, ItemRef, LocationId, Result, Sku};

mod change;
mod outcome;

pub use change::StockChange;
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
}

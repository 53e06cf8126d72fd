//! Some SKUs at once, which is what an order needs: [`StockBySku`].

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::{Adapter, Ctx, LocationId, Quantity, Result, Sku, StockLevel};

/// Answers for some SKUs at once: what an order's query uses.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl StockBySku for Shelf {
///     const MAX_BATCH: usize = 50;
///
///     async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
///         let skus: Vec<&str> = query.skus.iter().map(Sku::as_str).collect();
///         let url = "https://api.shelf.example/stock/search";
///         let mut answer = ctx.http().post(url).json(&skus)?.send().await?;
///         let rows: Vec<Row> = answer.json().await?;
///         let mut answers = SkuAnswers::default();
///         for sku in query.skus {
///             if !rows.iter().any(|row| row.sku == sku) {
///                 answers.errors.push(SkuError::not_found(sku, "the shelf has no such article"));
///             }
///         }
///         answers.levels.extend(rows.into_iter().map(|row| row.level(answer.sent_at())));
///         Ok(answers)
///     }
/// }
/// ```
pub trait StockBySku: Adapter {
    /// How many SKUs one call may name; at least one.
    const MAX_BATCH: usize;

    /// The levels of these SKUs at these locations (all, when empty). A SKU the system does not know goes into
    /// [`SkuAnswers::errors`]; it is never a level of zero. Levels of SKUs that were not asked for are dropped.
    ///
    /// Called while somebody looks at an order whose numbers are old, after a hint, and after a write. Questions
    /// that come at the same time are put into one call. Deadline 2 s, or what the operator lets an order wait when
    /// that is more.
    ///
    /// # Errors
    /// Only what keeps the whole call from being answered.
    fn stock_by_sku(
        &self,
        ctx: &Ctx,
        query: SkuQuery,
    ) -> impl Future<Output = Result<SkuAnswers>> + Send;
}

/// Which SKUs, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SkuQuery {
    /// At most [`StockBySku::MAX_BATCH`], without duplicates.
    pub skus: Vec<Sku>,
    /// Empty means all.
    #[serde(default)]
    pub locations: Vec<LocationId>,
    /// How many of each are needed, in the order of `skus`; empty when nobody says. Told to adapters that choose
    /// between [sources](crate::SourceReads); others answer with what there is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needed: Vec<Quantity>,
}

/// What is known of the SKUs asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SkuAnswers {
    /// What was found; one level for each place that has the article.
    pub levels: Vec<StockLevel>,
    /// What was not, SKU by SKU.
    #[serde(default)]
    pub errors: Vec<SkuError>,
}

/// Why there is no level for a SKU.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SkuError {
    /// The SKU as it was asked for.
    pub sku: Sku,
    /// Why.
    pub kind: SkuErrorKind,
    /// For people: lower case, no final dot.
    #[serde(default)]
    pub message: String,
}

/// Why there is no level for a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SkuErrorKind {
    /// The system does not know it.
    NotFound,
    /// It could not be read this time; so is a reason that only a newer contract knows.
    #[serde(other)]
    Failed,
}

// === impl SkuQuery ===

impl SkuQuery {
    /// These SKUs, wherever they are.
    #[must_use]
    pub fn of(skus: Vec<Sku>) -> Self {
        Self {
            skus,
            locations: Vec::new(),
            needed: Vec::new(),
        }
    }

    /// The same, with how many of each are needed.
    #[must_use]
    pub fn needing(self, needed: Vec<Quantity>) -> Self {
        Self { needed, ..self }
    }

    /// The same, at these places only.
    #[must_use]
    pub fn at(self, locations: Vec<LocationId>) -> Self {
        Self { locations, ..self }
    }
}

// === impl SkuAnswers ===

impl SkuAnswers {
    /// What was found.
    #[must_use]
    pub fn found(levels: Vec<StockLevel>) -> Self {
        Self {
            levels,
            errors: Vec::new(),
        }
    }

    /// The same with what was not found.
    #[must_use]
    pub fn with_errors(self, errors: Vec<SkuError>) -> Self {
        Self { errors, ..self }
    }
}

// === impl SkuError ===

impl SkuError {
    /// The system does not know `sku`.
    #[must_use]
    pub fn not_found(sku: Sku, message: impl Into<String>) -> Self {
        Self {
            sku,
            kind: SkuErrorKind::NotFound,
            message: message.into(),
        }
    }

    /// `sku` could not be read this time.
    #[must_use]
    pub fn failed(sku: Sku, message: impl Into<String>) -> Self {
        Self {
            sku,
            kind: SkuErrorKind::Failed,
            message: message.into(),
        }
    }
}

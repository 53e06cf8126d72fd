//! What changed since the last time: [`StockChanges`].

use std::future::Future;

use serde::{Deserialize, Serialize};

use crate::{Adapter, Ctx, Cursor, Result, StockLevel};

/// Brings in what changed, between full listings.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl StockChanges for Shelf {
///     const MISSES: &'static str = "articles that were deleted";
///
///     async fn stock_changes(
///         &self,
///         ctx: &Ctx,
///         since: Option<Checkpoint>,
///         _: Option<Cursor>,
///     ) -> Result<Changes<StockLevel>> {
///         // Taken before the question: what changes meanwhile comes twice rather than never.
///         let now = ctx.now().await?.to_string();
///         let Some(Checkpoint(since)) = since else {
///             return Ok(Changes::last(Vec::new(), now));
///         };
///         let url = format!("https://api.shelf.example/stock?changed_since={since}");
///         let mut answer = ctx.http().get(url).send().await?;
///         let rows: Vec<Row> = answer.json().await?;
///         let levels = rows.into_iter().map(|row| row.level(answer.sent_at())).collect();
///         Ok(Changes::last(levels, now))
///     }
/// }
/// ```
pub trait StockChanges: Adapter {
    /// What the changes miss, for the operator; empty when they are complete. Full listings go on in any case.
    const MISSES: &'static str;

    /// What changed since `since`; with `None`, nothing but a first checkpoint. Inclusive bounds, clock skew and
    /// windows are the adapter's business: an item may come twice, but none may be left out.
    ///
    /// Called with `None` before each full listing, and with the last checkpoint every few minutes
    /// (`sync.interval_secs`) and after a hint; `cursor` is that of the page before. Deadline 2 min a page, at most
    /// 10,000 pages.
    ///
    /// # Errors
    /// What happened; asked again from the same checkpoint. [`NotFound`](crate::ErrorKind::NotFound) when it is too
    /// old or cannot be read: a full listing follows.
    fn stock_changes(
        &self,
        ctx: &Ctx,
        since: Option<Checkpoint>,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Changes<StockLevel>>> + Send;
}

/// Up to where changes are known; only the adapter that made it can read it. At most [`CURSOR_BYTES_MAX`](crate::CURSOR_BYTES_MAX).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Checkpoint(pub String);

/// One step of the changes since a checkpoint, made with [`page`](Self::page) or [`last`](Self::last).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Changes<T> {
    /// What changed.
    pub items: Vec<T>,
    /// Where to go on, when there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Cursor>,
    /// Up to where changes are known once the last page is stored. The host keeps it only then.
    pub checkpoint: Checkpoint,
}

// === impl Changes ===

impl<T> Changes<T> {
    /// Some changes, and where to go on.
    #[must_use]
    pub fn page(items: Vec<T>, next: impl Into<Cursor>, checkpoint: impl Into<Checkpoint>) -> Self {
        Self {
            items,
            next: Some(next.into()),
            checkpoint: checkpoint.into(),
        }
    }

    /// The last changes, after which all is known up to `checkpoint`.
    #[must_use]
    pub fn last(items: Vec<T>, checkpoint: impl Into<Checkpoint>) -> Self {
        Self {
            items,
            next: None,
            checkpoint: checkpoint.into(),
        }
    }
}

// === impl Checkpoint ===

impl From<String> for Checkpoint {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Checkpoint {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

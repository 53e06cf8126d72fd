//! Every level of a connection: [`StockListing`], and the steps in which long answers come.

use std::future::Future;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Adapter, Ctx, Result, StockLevel};

/// Longest [`Cursor`] or [`Checkpoint`](crate::Checkpoint) that the host keeps, in bytes; a longer one fails the call.
pub const CURSOR_BYTES_MAX: usize = 64 * 1024;

/// Brings in every level of the connection, page by page.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/shelf.rs"));
/// # fn main() {}
/// impl StockListing for Shelf {
///     async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
///         let page: u32 = match &cursor {
///             Some(Cursor(page)) => page.parse().map_err(|_| AdapterError::not_found("an older release's cursor"))?,
///             None => 1,
///         };
///         let mut answer = ctx.http().get(format!("https://api.shelf.example/stock?page={page}")).send().await?;
///         let rows: Vec<Row> = answer.json().await?;
///         let is_last = rows.is_empty();
///         let levels = rows.into_iter().map(|row| row.level(answer.sent_at())).collect();
///         Ok(match is_last {
///             true => Listing::done(levels),
///             false => Listing::page(levels, (page + 1).to_string()),
///         })
///     }
/// }
/// ```
pub trait StockListing: Adapter {
    /// One page. Called with `None` first, then with the cursor of the page before, also after a restart of the
    /// daemon or an upgrade of the adapter. A whole listing runs every few minutes (`sync.interval_secs`), or once a
    /// day (`sync.reconcile_secs`) for an adapter that serves [`StockChanges`](crate::StockChanges); never two at
    /// once for one connection. Deadline 5 min a page.
    ///
    /// Only a complete listing says what is absent: SKUs that it did not name then mean what
    /// [`Semantics::absent`](crate::Semantics) declares.
    ///
    /// # Errors
    /// What happened; the run goes on later from the same cursor. [`NotFound`](crate::ErrorKind::NotFound) when the
    /// cursor has died or cannot be read: the run starts over.
    fn list_stock(
        &self,
        ctx: &Ctx,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Listing<StockLevel>>> + Send;
}

/// Where to go on; only the adapter that made it can read it. At most [`CURSOR_BYTES_MAX`].
///
/// It is stored by the host and survives its restart, so it must not name anything that dies with the process.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// One step of a listing, made with [`page`](Self::page), [`done`](Self::done) or [`pending`](Self::pending).
///
/// A step that only a newer contract knows cannot be read: the call fails as
/// [`Protocol`](crate::ErrorKind::Protocol), because a listing of which a part is not understood is not complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Listing<T> {
    /// Some items, and where to go on. Pages of about a thousand items are right.
    #[non_exhaustive]
    Page {
        /// The items of this page; may be empty.
        items: Vec<T>,
        /// Where to go on; another one than this page was asked with.
        next: Cursor,
    },
    /// The last items: the listing is complete.
    #[non_exhaustive]
    Done {
        /// The items of this page; may be empty.
        items: Vec<T>,
    },
    /// The system is still working on it (a report, a bulk operation).
    #[non_exhaustive]
    Pending {
        /// Milliseconds to wait before asking again with `cursor`; the host waits between 0.1 s and 10 min.
        poll_after_ms: u64,
        /// What to ask with.
        cursor: Cursor,
    },
}

// === impl Listing ===

impl<T> Listing<T> {
    /// Some items, and where to go on.
    #[must_use]
    pub fn page(items: Vec<T>, next: impl Into<Cursor>) -> Self {
        Self::Page {
            items,
            next: next.into(),
        }
    }

    /// The last items, or a whole listing in one step.
    #[must_use]
    pub fn done(items: Vec<T>) -> Self {
        Self::Done { items }
    }

    /// Nothing yet: ask again with `cursor` after `wait`, which the host keeps between 0.1 s and 10 min.
    #[must_use]
    pub fn pending(wait: Duration, cursor: impl Into<Cursor>) -> Self {
        Self::Pending {
            poll_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            cursor: cursor.into(),
        }
    }
}

// === impl Cursor ===

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Cursor {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

//! All shelves, page by page, in the order of their keys.

use bestand_plugin_api::state::{Entry, EntryRange};
use bestand_plugin_api::{Ctx, Result, call};

use crate::keys;
use crate::shelf::Shelf;

/// Articles per page; a removal makes two writes of each, and a commit takes 10,000.
const PAGE: usize = 1000;

/// Some shelves, and where to go on.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) shelves: Vec<(Entry, Shelf)>,
    /// The last key of this page, unless it is the last page.
    pub(crate) next: Option<String>,
}

/// The shelves after the key `after`. Articles that come or go meanwhile neither hide nor repeat any other.
pub(crate) async fn page(ctx: &Ctx, after: Option<String>) -> Result<Page> {
    let mut range = EntryRange::prefix(keys::STOCK).limit(PAGE);
    range.after = after;
    let entries = ctx.state().list(&range).await?;
    let next = entries.get(PAGE - 1).map(|last| last.key.clone());
    let read = |entry: Entry| call::decode(&entry.value).map(|shelf| (entry, shelf));
    let shelves = entries.into_iter().map(read).collect::<Result<_>>()?;
    Ok(Page { shelves, next })
}

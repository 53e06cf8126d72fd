//! The full listing: three collections, summed once and handed out page by page.
//!
//! Finale has no paging of its own, cuts a collection at 120,000 rows, and lets `inventoryitem/` not be filtered. An
//! account behind that cut is listed through GraphQL instead, whose pages do not end.

use std::sync::Arc;

use bestand_plugin_api::{
    AdapterError, Ctx, Cursor, ItemRef, Listing, LocationId, Result, Sku, StockLevel, StockListing,
    Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::Finale;
use crate::client::Failure;
use crate::graphql::{Node, page_query, product_page};
use crate::layout::{Layout, LocationColumns};
use crate::products::Products;
use crate::snapshot::{Snapshot, Taken, ambiguous, quantities};

/// About as many levels as a page should have.
const PAGE_LEVELS: usize = 1_000;

/// Where a listing goes on.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "through", rename_all = "snake_case")]
enum Position {
    /// Behind this SKU of the snapshot of that time, or, when it is gone, of a new one: the order is the same.
    Snapshot { fetched_at: Timestamp, after: Sku },
    /// Behind this cursor of Finale's, where the page ended with this SKU.
    GraphQl {
        after: String,
        #[serde(default)]
        last: Option<Sku>,
    },
}

impl StockListing for Finale {
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        match cursor.map(|cursor| Position::read(&cursor)).transpose()? {
            None => match self.take_snapshot(ctx).await? {
                Some(snapshot) => Ok(self.snapshot_page(snapshot, None)),
                None => self.graphql_page(ctx, None, None).await,
            },
            Some(Position::Snapshot { fetched_at, after }) => {
                let snapshot = match self.snapshot.of(fetched_at) {
                    Some(kept) => kept,
                    None => self.take_snapshot(ctx).await?.ok_or_else(cut_meanwhile)?,
                };
                Ok(self.snapshot_page(snapshot, Some(&after)))
            }
            Some(Position::GraphQl { after, last }) => {
                self.graphql_page(ctx, Some(&after), last).await
            }
        }
    }
}

impl Finale {
    /// The whole stock, or nothing when Finale cuts the list of it, or of the products that have none.
    pub(crate) async fn take_snapshot(&self, ctx: &Ctx) -> Result<Option<Arc<Snapshot>>> {
        self.snapshot.let_go();
        let facilities = self.facilities(ctx).await?;
        let products = self.client.collection(ctx, "product", None).await?;
        let products = Products::parse(&products.bytes)?;
        if products.is_cut() {
            return Ok(cut("products"));
        }
        let items = self.client.collection(ctx, "inventoryitem", None).await?;
        match Snapshot::take(
            &items.bytes,
            items.sent_at,
            &facilities,
            products,
            &self.settings,
        )? {
            Taken::Whole(snapshot) => Ok(Some(Arc::new(snapshot))),
            Taken::Cut => Ok(cut("stock")),
        }
    }

    fn snapshot_page(&self, snapshot: Arc<Snapshot>, after: Option<&Sku>) -> Listing<StockLevel> {
        let (items, last) = snapshot.page(after.map(Sku::as_str), PAGE_LEVELS);
        let Some(after) = last else {
            self.snapshot.let_go();
            return Listing::done(items);
        };
        let next = Position::Snapshot {
            fetched_at: snapshot.fetched_at,
            after,
        }
        .cursor();
        self.snapshot.keep(snapshot.fetched_at, snapshot);
        Listing::page(items, next)
    }

    /// One page of the products in the order of their SKUs, so that two of one SKU are neighbours.
    async fn graphql_page(
        &self,
        ctx: &Ctx,
        after: Option<&str>,
        mut last: Option<Sku>,
    ) -> Result<Listing<StockLevel>> {
        let layout = self.layout(ctx).await?;
        let columns = open_locations(&layout)?;
        let names: Vec<&str> = columns
            .iter()
            .flat_map(|(_, columns)| columns.names())
            .collect();
        let answer = self.client.graphql(ctx, &page_query(after, &names)).await;
        let answer = answer.map_err(|failure| match failure {
            Failure::GraphQl(why) if after.is_some() => {
                AdapterError::not_found(format!("Finale does not go on with the listing: {why}"))
            }
            other => other.into(),
        })?;
        let page = product_page(&answer.data)?;
        let nodes = page.nodes.into_iter();
        let mut products = nodes
            .filter_map(|node| Some((node.sku()?, node)))
            .peekable();
        let mut items = Vec::new();
        while let Some((sku, node)) = products.next() {
            let next = products.peek().map(|(sku, _)| sku);
            let is_one_of_several = [last.as_ref(), next].contains(&Some(&sku));
            for (location, columns) in &columns {
                items.push(match is_one_of_several {
                    true => ambiguous(sku.clone(), location.clone(), answer.sent_at),
                    false => self.node_level(&sku, location, columns, node, answer.sent_at)?,
                });
            }
            last = Some(sku);
        }
        Ok(match page.next {
            Some(after) => {
                let after = after.to_owned();
                Listing::page(items, Position::GraphQl { after, last }.cursor())
            }
            None => Listing::done(items),
        })
    }

    /// What GraphQL says of a product at a location.
    pub(crate) fn node_level(
        &self,
        sku: &Sku,
        location: &LocationId,
        columns: &LocationColumns,
        node: Node<'_>,
        fetched_at: Timestamp,
    ) -> Result<StockLevel> {
        let stock = columns.stock(node)?;
        let quantities = quantities(
            stock.on_hand,
            stock.reserved,
            stock.on_order,
            self.settings.available,
        );
        let mut level = StockLevel::counted(sku.clone(), location.clone(), quantities, fetched_at);
        level.item = node.product_url().map(|url| ItemRef(url.to_owned()));
        Ok(level)
    }
}

/// The active locations with their columns; one without columns would be missing from the listing.
fn open_locations(layout: &Layout) -> Result<Vec<(LocationId, LocationColumns)>> {
    let open = layout
        .facilities
        .locations()
        .filter(|location| location.active);
    open.map(|location| Ok((location.id.clone(), layout.columns(location)?)))
        .collect()
}

fn cut<T>(list: &str) -> Option<T> {
    tracing::info!("Finale cuts the list of {list}; stock is read through GraphQL instead");
    None
}

fn cut_meanwhile() -> AdapterError {
    AdapterError::not_found("Finale has begun to cut the list of stock since the listing began")
}

// === impl Position ===

impl Position {
    fn read(cursor: &Cursor) -> Result<Self> {
        serde_json::from_str(&cursor.0).map_err(|error| {
            AdapterError::not_found(format!("the cursor is not one of this adapter's: {error}"))
        })
    }

    fn cursor(&self) -> Cursor {
        Cursor(serde_json::to_string(self).expect("a position has nothing JSON cannot say"))
    }
}

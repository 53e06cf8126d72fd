//! The full listing: all active products, page by page.

use bestand_plugin_api::{
    AdapterError, Ctx, Cursor, Listing, Result, Sku, StockLevel, StockListing, Timestamp,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Ecomdash;
use crate::by_sku::SKUS_MAX;
use crate::client::Read;
use crate::kits::{self, Parts};
use crate::product::Product;
use crate::settings::Kits;

/// A product's SKU, and its levels or why there are none.
pub(crate) type Counted = (Sku, Result<Vec<StockLevel>, String>);

/// Where a listing goes on.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Position {
    /// The page that comes next; the first is 1.
    pub(crate) page: u32,
}

impl StockListing for Ecomdash {
    async fn list_stock(&self, ctx: &Ctx, cursor: Option<Cursor>) -> Result<Listing<StockLevel>> {
        let Position { page } = cursor.as_ref().map_or(Ok(Position::FIRST), read)?;
        let read = self.client.products(ctx, page, None).await?;
        let pages = read.value.pagination.total_number_of_pages;
        let items = self.listed(ctx, read.value.items, read.sent_at).await?;
        Ok(match u64::from(page) < pages {
            true => Listing::page(items, written(&Position { page: page + 1 })),
            false => Listing::done(items),
        })
    }
}

impl Ecomdash {
    /// The levels of the products of one page. A kit that cannot be counted is left out: nothing is known of it.
    pub(crate) async fn listed(
        &self,
        ctx: &Ctx,
        products: Vec<Product>,
        sent_at: Timestamp,
    ) -> Result<Vec<StockLevel>> {
        let read = Read {
            sent_at,
            value: products,
        };
        let mut uncounted = Vec::new();
        let mut levels = Vec::new();
        for (sku, counted) in self.count(ctx, read).await? {
            match counted {
                Ok(own) => levels.extend(own),
                Err(why) => uncounted.push(format!("`{sku}`: {why}")),
            }
        }
        if let Some(first) = uncounted.first() {
            tracing::warn!(
                kits = uncounted.len(),
                "there are kits that cannot be counted, which are left out; the first: {first}"
            );
        }
        Ok(levels)
    }

    /// The levels of each product that has a SKU, or why there are none. Components that are needed and not among the
    /// products are looked up.
    pub(crate) async fn count(&self, ctx: &Ctx, read: Read<Vec<Product>>) -> Result<Vec<Counted>> {
        let Read {
            sent_at,
            value: products,
        } = read;
        let products = products
            .into_iter()
            .filter_map(|product| Some((product.sku()?, product)));
        let mut parts: Parts = products.collect();
        let skus: Vec<_> = parts.keys().cloned().collect();
        let mut counted_at = sent_at;
        let of_parts = parts
            .values()
            .filter(|product| self.counts_components(product));
        let missing = kits::missing(of_parts, &parts);
        for batch in missing.chunks(SKUS_MAX) {
            let found = self.client.find(ctx, batch).await?;
            counted_at = counted_at.min(found.sent_at);
            let found = found.value.into_iter();
            parts.extend(found.filter_map(|product| Some((product.sku()?, product))));
        }
        let levels = |sku: Sku| {
            let product = &parts[&sku];
            let levels = match self.counts_components(product) {
                false => Ok(product.levels(&sku, sent_at)),
                true => kits::makeable(product, &parts)
                    .map(|on_hand| product.levels_of(&sku, on_hand, counted_at)),
            };
            (sku, levels)
        };
        Ok(skus.into_iter().map(levels).collect())
    }

    fn counts_components(&self, product: &Product) -> bool {
        product.is_kit() && self.settings.kits == Kits::FromComponents
    }
}

// === impl Position ===

impl Position {
    /// Where every listing begins.
    pub(crate) const FIRST: Self = Self { page: 1 };
}

/// What a cursor of ours holds.
///
/// # Errors
/// `NotFound` for one that is none.
pub(crate) fn read<T: DeserializeOwned>(cursor: &Cursor) -> Result<T> {
    serde_json::from_str(&cursor.0).map_err(|error| {
        AdapterError::not_found(format!("the cursor is of another release: {error}"))
    })
}

pub(crate) fn written(position: &impl Serialize) -> Cursor {
    Cursor(serde_json::to_string(position).expect("a position is plain data"))
}

//! The adapter: one location, pages of levels, and an answer for any SKU.

use bestand_plugin_api::{
    Absent, Account, Adapter, AdapterError, Ctx, Cursor, Listing, Location, Manifest, Result,
    Semantics, SkuAnswers, SkuError, SkuQuery, StockBySku, StockListing,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::article;

/// The one place all the stock is at.
pub const LOCATION: &str = "reservoir";

/// Levels of a page: the largest the contract is meant for.
const PAGE_LEVELS: u64 = 10_000;

/// A connection's settings.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Settings {
    /// How many levels there are.
    pub levels: u64,
    /// Levels of a page.
    #[serde(default = "page_levels")]
    pub page_levels: u64,
}

/// An instance: as many levels as its settings say.
#[derive(Debug)]
pub struct Flood {
    levels: u64,
    page_levels: u64,
}

fn page_levels() -> u64 {
    PAGE_LEVELS
}

impl Adapter for Flood {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let mut manifest = Manifest::new("flood", "Flood", env!("CARGO_PKG_VERSION"));
        manifest.publisher = "Bestand".into();
        manifest.description = "Synthetic stock without end, for benchmarks.".into();
        manifest.semantics = Semantics::new("what the article's number says", Absent::Zero);
        manifest
    }

    fn open(settings: Settings) -> Result<Self> {
        let Settings {
            levels,
            page_levels,
        } = settings;
        if levels > article::ARTICLES_MAX {
            let message = format!("there are no more than {} articles", article::ARTICLES_MAX);
            return Err(AdapterError::config("levels", message));
        }
        if page_levels == 0 {
            return Err(AdapterError::config(
                "page_levels",
                "a page has at least one level",
            ));
        }
        Ok(Self {
            levels,
            page_levels,
        })
    }

    async fn check(&self, _: &Ctx) -> Result<Account> {
        Ok(Account::named("Flood"))
    }

    async fn locations(&self, _: &Ctx, _: Option<Cursor>) -> Result<Listing<Location>> {
        Ok(Listing::done(vec![Location::site(LOCATION, "Reservoir")]))
    }
}

impl StockListing for Flood {
    async fn list_stock(
        &self,
        ctx: &Ctx,
        cursor: Option<Cursor>,
    ) -> Result<Listing<bestand_plugin_api::StockLevel>> {
        let fetched_at = ctx.now().await?;
        let first = match cursor {
            None => 0,
            Some(Cursor(text)) => text.parse().map_err(|_| {
                AdapterError::not_found(format!("`{text}` is no cursor of this adapter"))
            })?,
        };
        let end = self.levels.min(first + self.page_levels);
        let items = (first..end)
            .map(|n| article::level(n, fetched_at))
            .collect();
        Ok(match end {
            end if end < self.levels => Listing::page(items, Cursor(end.to_string())),
            _ => Listing::done(items),
        })
    }
}

impl StockBySku for Flood {
    const MAX_BATCH: usize = 100;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let fetched_at = ctx.now().await?;
        let mut answers = SkuAnswers::default();
        for sku in query.skus {
            match article::find(&sku, self.levels) {
                Some(n) => answers.levels.push(article::level(n, fetched_at)),
                None => answers
                    .errors
                    .push(SkuError::not_found(sku, "not one of the articles")),
            }
        }
        Ok(answers)
    }
}

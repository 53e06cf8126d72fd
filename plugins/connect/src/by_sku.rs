//! The live answer to an order: `/inventory_fetch` with `criteria.skus`.

use std::collections::HashSet;
use std::time::Duration;

use bestand_plugin_api::{
    AdapterError, Ctx, Result, Sku, SkuAnswers, SkuError, SkuQuery, StockBySku, StockLevel,
    Timestamp, Tracking,
};

use crate::Connect;
use crate::answer::{Answer, BrokenItem, Item, ItemError, Next};
use crate::contract::Criteria;
use crate::level::levels;

/// Pages of one answer: a module that sends more does not keep to the SKUs that it is asked for.
const PAGES_MAX: usize = 20;
/// How long a module may prepare an answer: an order waits two seconds.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// What a module knows of some SKUs.
#[derive(Debug)]
pub(crate) struct Found {
    /// Before the first page was asked for.
    pub(crate) sent_at: Timestamp,
    pub(crate) items: Vec<Item>,
    broken: Vec<BrokenItem>,
    errors: Vec<ItemError>,
}

impl StockBySku for Connect {
    /// The contract names no limit; a request of this size stays small.
    const MAX_BATCH: usize = 100;

    async fn stock_by_sku(&self, ctx: &Ctx, query: SkuQuery) -> Result<SkuAnswers> {
        let found = self.find(ctx, &query.skus).await?;
        let known = levels(&found.items, found.sent_at);
        let mut answers = SkuAnswers::default();
        for sku in &query.skus {
            let own: Vec<_> = known.iter().filter(|level| level.sku == *sku).collect();
            match own.is_empty() {
                true => answers.errors.push(found.why_not(sku)),
                false => answers
                    .levels
                    .extend(at_places(&own, &query, found.sent_at)),
            }
        }
        Ok(answers)
    }
}

impl Connect {
    /// All that the module says of these SKUs.
    pub(crate) async fn find(&self, ctx: &Ctx, skus: &[Sku]) -> Result<Found> {
        let wanted: HashSet<&Sku> = skus.iter().collect();
        let criteria = Criteria {
            skus,
            from_date_time: None,
        };
        let mut found = Found::begun(ctx.now().await?);
        let (mut after, mut waited) = (None::<String>, Duration::ZERO);
        for _ in 0..PAGES_MAX {
            let answer = self.page(ctx, criteria, after.as_deref()).await?.answer;
            match found.take(answer, &wanted) {
                Next::Done => return Ok(found),
                Next::Page(next) => after = Some(next),
                Next::Later(wait, next) => {
                    waited += wait;
                    if waited > WAIT_MAX {
                        return Err(AdapterError::transient(
                            "the module prepares its answers for longer than an order can wait",
                        ));
                    }
                    ctx.sleep(wait).await?;
                    after = next.or(after);
                }
            }
        }
        Err(AdapterError::protocol(format!(
            "the module sends more than {PAGES_MAX} pages for some SKUs: it does not keep to those that it is asked for"
        )))
    }
}

/// The levels at the places that are asked for; what is known elsewhere only is not stocked there.
fn at_places(own: &[&StockLevel], query: &SkuQuery, sent_at: Timestamp) -> Vec<StockLevel> {
    if query.locations.is_empty() {
        return own.iter().map(|level| (*level).clone()).collect();
    }
    let at = query.locations.iter().map(|place| {
        let here = own.iter().find(|level| level.location == *place);
        here.map_or_else(
            || {
                let sku = own[0].sku.clone();
                StockLevel::uncounted(sku, place.clone(), Tracking::NotStocked, sent_at)
            },
            |level| (*level).clone(),
        )
    });
    at.collect()
}

// === impl Found ===

impl Found {
    fn begun(sent_at: Timestamp) -> Self {
        Self {
            sent_at,
            items: Vec::new(),
            broken: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Keeps what is wanted of an answer, and tells how it goes on.
    fn take(&mut self, answer: Answer, wanted: &HashSet<&Sku>) -> Next {
        let asked_for = |item: &Item| wanted.contains(&item.sku);
        self.items
            .extend(answer.items.into_iter().filter(asked_for));
        self.broken.extend(answer.broken);
        self.errors.extend(answer.errors);
        answer.next
    }

    /// Why there is no item for a SKU. An error that names no article may be about any.
    fn why_not(&self, sku: &Sku) -> SkuError {
        if let Some(broken) = self
            .broken
            .iter()
            .find(|item| item.sku.as_deref() == Some(sku))
        {
            let message = format!("the module's item cannot be read: {}", broken.why);
            return SkuError::failed(sku.clone(), message);
        }
        let own = self.errors.iter().find(|error| error.is_about(sku));
        match own.or_else(|| self.errors.iter().find(|error| error.names_no_sku())) {
            Some(error) if error.is_not_found() => SkuError::not_found(sku.clone(), error.told()),
            Some(error) => SkuError::failed(sku.clone(), error.told()),
            None => SkuError::not_found(sku.clone(), format!("the module has no article `{sku}`")),
        }
    }
}

// === impl ItemError ===

impl ItemError {
    /// Whether it is about this SKU. Modules whose ids are SKUs may name the id only.
    pub(crate) fn is_about(&self, sku: &Sku) -> bool {
        let own = self.sku.as_deref().filter(|text| !text.is_empty());
        own.or(self.integration_inventory_item_id.as_deref()) == Some(sku)
    }

    fn names_no_sku(&self) -> bool {
        self.sku.as_deref().is_none_or(str::is_empty)
    }

    pub(crate) fn is_not_found(&self) -> bool {
        self.category.as_deref() == Some("not_found")
    }

    /// What happened, for people.
    pub(crate) fn told(&self) -> String {
        let said: String = self.message.trim().chars().take(200).collect();
        match self.category.as_deref() {
            Some("not_found") => format!("the module does not know the article: {said}"),
            Some("resource_locked") => {
                format!(
                    "the system behind the module has locked the article, so try again later: {said}"
                )
            }
            _ => format!("the module could not do it for this article: {said}"),
        }
    }
}

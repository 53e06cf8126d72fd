//! Articles of open orders that a source does not know, and what it may mean by them.

use std::collections::BTreeSet;

use bestand_plugin_api::Sku;

use super::{Answer, Availability, Look};
use crate::article::{Suggestion, Suggestions};
use crate::order::OrderStatus;
use crate::source::InventorySource;
use crate::store::order::Filter;
use crate::store::{self, Error};
use crate::verdict::line::LineStatus;

/// Orders looked at: a second or two.
const ORDERS_MAX: usize = 20_000;
/// Orders read at once.
const ORDERS_PER_READ: u32 = 200;
/// Unknown articles that suggestions are looked for: each is compared with all that the source lists.
const UNKNOWN_MAX: usize = 200;
/// SKUs of the source read at once.
const SKUS_PER_READ: u32 = 5_000;

// === impl Availability ===

impl Availability {
    /// The articles of orders awaiting shipment from a source that it does not know, in the order of their SKUs, each
    /// with what the source may call it.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn suggest(
        &self,
        source: &InventorySource,
    ) -> Result<Vec<(Sku, Vec<Suggestion>)>, Error> {
        let unknown = self.unknown(source).await?;
        let mut suggestions = Suggestions::new(unknown.into_iter().collect());
        let mut after: Option<Sku> = None;
        while !suggestions.is_empty() {
            let (ids, all) = ([source.id], [String::new()]);
            let (db, account) = (&self.shared.db, source.account_id);
            let listed =
                store::level::skus(db, account, &ids, &all, after.as_ref(), SKUS_PER_READ).await?;
            listed.iter().for_each(|sku| suggestions.look_at(sku));
            match listed.into_iter().last() {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        Ok(suggestions.found())
    }

    async fn unknown(&self, source: &InventorySource) -> Result<BTreeSet<Sku>, Error> {
        let filter = Filter {
            status: Some(OrderStatus::AwaitingShipment),
            ..Filter::default()
        };
        let (mut unknown, mut seen, mut next) = (BTreeSet::new(), 0, None);
        loop {
            let orders = &self.shared.orders;
            let page = orders.list(source.account_id, &filter, next.as_ref(), ORDERS_PER_READ);
            let page = page.await?;
            for order in &page.orders {
                let answer = self.of_order(order, Look::Stored).await?;
                if answer.source().is_some_and(|asked| asked.id == source.id) {
                    unknown.extend(not_known(&answer));
                }
                if unknown.len() >= UNKNOWN_MAX {
                    return Ok(unknown.into_iter().take(UNKNOWN_MAX).collect());
                }
            }
            seen += page.orders.len();
            next = page.next;
            if next.is_none() || seen >= ORDERS_MAX {
                return Ok(unknown);
            }
        }
    }
}

/// What the source does not know, of what it was asked for under our own names.
fn not_known(answer: &Answer) -> Vec<Sku> {
    let is_unknown = |status| status == LineStatus::UnknownSku;
    let mut unknown = Vec::new();
    for line in &answer.decision.lines {
        if line.components.is_empty() && is_unknown(line.status) {
            unknown.push(line.sku.clone());
        }
        let parts = line.components.iter();
        let parts = parts.filter(|part| part.component.sku == part.component.source_sku);
        let parts = parts.filter(|part| is_unknown(part.line.status));
        unknown.extend(parts.map(|part| part.component.sku.clone()));
    }
    unknown
}

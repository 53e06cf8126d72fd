//! Many orders at once: lists by verdict, and how many there are of each.

use super::{Answer, Availability, Look};
use crate::id::AccountId;
use crate::order::Order;
use crate::store::Error;
use crate::store::order::{Filter, Place};
use crate::verdict::Verdict;

/// Orders read at once while a list is searched for a verdict.
const ORDERS_PER_READ: u32 = 200;

/// Orders looked at for one page. A list in which the wanted verdict is rare comes in short pages, rather than late.
const ORDERS_PER_PAGE_MAX: usize = 2_000;

/// An order and its answer.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The order.
    pub order: Order,
    /// Whether it can ship.
    pub answer: Answer,
}

/// A part of a list of orders with their answers.
#[derive(Clone, Debug)]
pub struct JudgedPage {
    /// The orders; fewer than asked for, even none, does not mean that there are no more.
    pub orders: Vec<Judged>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<Place>,
}

/// How many orders there are of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All there, or nothing has to be.
    pub can_ship: u64,
    /// Known not to be all there.
    pub short: u64,
    /// Not known.
    pub unknown: u64,
}

// === impl Availability ===

impl Availability {
    /// Orders with their answers by what is stored, those of one verdict or all.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn list(
        &self,
        account: AccountId,
        filter: &Filter,
        verdict: Option<Verdict>,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<JudgedPage, Error> {
        let (mut found, mut seen, mut next) = (Vec::new(), 0, after.cloned());
        let per_read = verdict.map_or(limit, |_| ORDERS_PER_READ);
        while seen < ORDERS_PER_PAGE_MAX {
            let page = self
                .shared
                .orders
                .list(account, filter, next.as_ref(), per_read)
                .await?;
            let mut orders = page.orders.into_iter();
            while let Some(order) = orders.next() {
                seen += 1;
                let answer = self.of_order(&order, Look::Stored).await?;
                if verdict.is_some_and(|verdict| answer.decision.verdict != verdict) {
                    continue;
                }
                let place = order.place();
                found.push(Judged { order, answer });
                if found.len() >= limit as usize {
                    let more = orders.len() > 0;
                    let next = if more { Some(place) } else { page.next };
                    return Ok(JudgedPage {
                        orders: found,
                        next,
                    });
                }
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        Ok(JudgedPage {
            orders: found,
            next,
        })
    }

    /// How many orders there are of each verdict, by what is stored.
    ///
    /// # Errors
    /// When the store is out of reach.
    pub async fn tally(&self, account: AccountId, filter: &Filter) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        let mut next: Option<Place> = None;
        loop {
            let page = self
                .shared
                .orders
                .list(account, filter, next.as_ref(), ORDERS_PER_READ)
                .await?;
            for order in &page.orders {
                let answer = self.of_order(order, Look::Stored).await?;
                tally.count(answer.decision.verdict);
            }
            next = page.next;
            if next.is_none() {
                return Ok(tally);
            }
        }
    }
}

// === impl Tally ===

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::CanShip => self.can_ship += 1,
            Verdict::Short => self.short += 1,
            Verdict::Unknown => self.unknown += 1,
        }
    }
}

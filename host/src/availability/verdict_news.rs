//! Tells programs when the answer on an open order is another one than they were told last.
//!
//! Much can change an answer: stock, the order, its location's link or buffer, a listing that ends. So nothing is
//! followed back from its cause: all open orders are answered anew, from memory, and what is new is told. An order that
//! is not open any more is left as it is.

use super::{Answer, Availability, Look};
use crate::event_log::news::{LineInTrouble, OrderVerdictChanged};
use crate::event_log::{EventLog, News};
use crate::id::AccountId;
use crate::order::{Order, OrderStatus};
use crate::store::order::{Filter, Place};
use crate::store::{self, Db, Error};
use crate::verdict::Verdict;
use crate::verdict::line::{LineAnswer, LineStatus};

/// The orders that still have to ship.
const OPEN: [OrderStatus; 2] = [OrderStatus::AwaitingShipment, OrderStatus::OnHold];
/// Orders answered at once.
const ORDERS_PER_READ: u32 = 200;
/// Most lines of one event: the longest invoice shall not make a message that receivers refuse.
const LINES_MAX: usize = 100;

/// Tells what is new of open orders.
#[derive(Clone)]
pub struct VerdictNews {
    db: Db,
    availability: Availability,
    event_log: EventLog,
}

// === impl VerdictNews ===

impl VerdictNews {
    /// Tells what these answers are, in this log.
    #[must_use]
    pub fn new(db: Db, availability: Availability, event_log: EventLog) -> Self {
        Self {
            db,
            availability,
            event_log,
        }
    }

    /// Answers all open orders of the account, and tells what is new. Answers of how many that was.
    ///
    /// # Errors
    /// When the store is out of reach; what was told before that stays told.
    pub async fn tell(&self, account: AccountId) -> Result<usize, Error> {
        let mut told = 0;
        for status in OPEN {
            let filter = Filter {
                status: Some(status),
                ..Filter::default()
            };
            let mut next: Option<Place> = None;
            loop {
                let orders = &self.availability.shared.orders;
                let page = orders.list(account, &filter, next.as_ref(), ORDERS_PER_READ);
                let page = page.await?;
                told += self.tell_some(account, &page.orders).await?;
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
        }
        Ok(told)
    }

    async fn tell_some(&self, account: AccountId, orders: &[Order]) -> Result<usize, Error> {
        let told = store::order::told(&self.db, account, orders).await?;
        let mut changed = Vec::new();
        for order in orders {
            let answer = self.availability.of_order(order, Look::Stored).await?;
            let before = told.get(order.number.as_str()).copied();
            if before != Some(answer.decision.verdict) {
                changed.push((order, before, answer));
            }
        }
        if changed.is_empty() {
            return Ok(0);
        }
        self.commit(account, changed).await
    }

    async fn commit(
        &self,
        account: AccountId,
        changed: Vec<(&Order, Option<Verdict>, Answer)>,
    ) -> Result<usize, Error> {
        let tx = self.db.begin().await?;
        let mut news = Vec::with_capacity(changed.len());
        for (order, before, answer) in changed {
            let verdict = answer.decision.verdict;
            if store::order::tell(&tx, account, &order.number, before, verdict).await? {
                news.push(event(order, before, &answer));
            }
        }
        self.event_log.commit_with(tx, account, &news).await?;
        Ok(news.len())
    }
}

fn event(order: &Order, before: Option<Verdict>, answer: &Answer) -> News {
    let in_trouble = |line: &&LineAnswer| line.status != LineStatus::InStock;
    let lines = answer.decision.lines.iter().filter(in_trouble);
    let lines = lines.take(LINES_MAX).map(|line| LineInTrouble {
        sku: line.sku.clone(),
        requested: line.requested,
        available: line.available,
        status: line.status,
    });
    News::OrderVerdictChanged(OrderVerdictChanged {
        order_number: order.number.clone(),
        status: order.status,
        ship_from_location_id: answer.ship_from().map(|location| location.id),
        source_id: answer.source().map(|source| source.id),
        before,
        verdict: answer.decision.verdict,
        lines: lines.collect(),
    })
}

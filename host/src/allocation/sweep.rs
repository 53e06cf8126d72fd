//! Goes through an account: what has become of orders that are promised something, and whom something can be promised.

use super::allocator::ACTOR;
use super::plan::covers;
use super::{AllocationMode, Allocator, Refusal};
use crate::availability::{Availability, Look};
use crate::id::AccountId;
use crate::order::{Order, OrderNumber, OrderStatus};
use crate::ship_from::ShipFromLocation;
use crate::store::order::{Filter, Place, ShipsFrom};
use crate::store::{self, Db, Error};
use crate::verdict::Verdict;

/// Orders read at once.
const ORDERS_PER_READ: u32 = 200;

/// Goes through accounts. Cheap to clone.
#[derive(Clone)]
pub struct Sweep {
    db: Db,
    allocator: Allocator,
    availability: Availability,
}

// === impl Sweep ===

impl Sweep {
    /// Has this allocator do what is to be done.
    #[must_use]
    pub fn new(db: Db, allocator: Allocator, availability: Availability) -> Self {
        Self {
            db,
            allocator,
            availability,
        }
    }

    /// Brings what is promised in line with what has become of its orders, and then promises orders their goods where
    /// that goes by itself, the oldest first. One that cannot be promised all is left out and keeps nobody waiting.
    ///
    /// # Errors
    /// When the store is out of reach; what was done before that is done.
    pub async fn run(&self, account: AccountId) -> Result<(), Error> {
        self.follow(account).await?;
        let locations = store::ship_from::list(&self.db, account).await?;
        for location in locations.iter().filter(|location| is_automatic(location)) {
            let from = ShipsFrom {
                id: location.id,
                is_default: location.is_default,
            };
            self.allocate(account, from).await?;
        }
        Ok(())
    }

    async fn follow(&self, account: AccountId) -> Result<(), Error> {
        let mut last: Option<OrderNumber> = None;
        loop {
            let numbers =
                store::allocation::to_follow(&self.db, account, last.as_ref(), ORDERS_PER_READ)
                    .await?;
            for number in &numbers {
                let followed = self.allocator.follow(account, number).await;
                told(number, followed.map(|_| ()))?;
            }
            last = numbers.into_iter().last();
            if last.is_none() {
                return Ok(());
            }
        }
    }

    async fn allocate(&self, account: AccountId, from: ShipsFrom) -> Result<(), Error> {
        let filter = Filter {
            status: Some(OrderStatus::AwaitingShipment),
            ship_from: Some(from),
            ..Filter::default()
        };
        let mut next: Option<Place> = None;
        loop {
            let page =
                store::order::list(&self.db, account, &filter, next.as_ref(), ORDERS_PER_READ)
                    .await?;
            for order in &page.orders {
                self.allocate_one(order).await?;
            }
            next = page.next;
            if next.is_none() {
                return Ok(());
            }
        }
    }

    /// Asks the warehouse only for what is there by all that is known.
    async fn allocate_one(&self, order: &Order) -> Result<(), Error> {
        if order.overridden_by.is_some() || order.goods().is_empty() {
            return Ok(());
        }
        let answer = self.availability.of_order(order, Look::Stored).await?;
        if answer.decision.verdict != Verdict::CanShip {
            return Ok(());
        }
        let naming = match answer.source() {
            Some(source) => Some(
                self.allocator
                    .articles
                    .at(order.account_id, source.id)
                    .await?,
            ),
            None => None,
        };
        if covers(order, naming.as_ref(), &order.allocations) {
            return Ok(());
        }
        let allocated = self
            .allocator
            .allocate(order.account_id, ACTOR, &order.number)
            .await;
        told(&order.number, allocated)
    }
}

fn is_automatic(location: &ShipFromLocation) -> bool {
    location.allocation == AllocationMode::Automatic && location.source_id.is_some()
}

/// What keeps one order from its goods keeps no other from theirs; only the store does.
fn told(number: &OrderNumber, done: Result<(), Refusal>) -> Result<(), Error> {
    match done {
        Err(Refusal::Store(error @ Error::Unavailable(_))) => Err(error),
        Err(refusal) => {
            tracing::debug!(order = %number, %refusal, "an order is not allocated");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

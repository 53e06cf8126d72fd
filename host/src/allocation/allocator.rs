//! Brings about what is to become of one order's allocations.
//!
//! One order of an account at a time: what two orders want of the same shelf is decided by who comes first, and neither
//! holds back what the other needs for nothing. Another daemon on the same database is kept out by the warehouse itself,
//! which promises nothing twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::plan::{Plan, covers, demand, plan};
use super::{Allocation, AllocationMode, AllocationState, Refusal};
use crate::article::{Articles, SourceNaming};
use crate::connection::Connections;
use crate::id::{AccountId, SourceId};
use crate::order::{Order, OrderNumber, OrderStatus};
use crate::ship_from::ShipFromLocation;
use crate::source::InventorySource;
use crate::store::{self, Db, Error};

/// Promises orders their goods. Cheap to clone; clones wait for each other.
#[derive(Clone)]
pub struct Allocator {
    pub(super) db: Db,
    pub(super) connections: Connections,
    pub(super) articles: Articles,
    /// One turn per account, as many as there are accounts. Locked only to look one up.
    turns: Arc<Mutex<HashMap<AccountId, Turn>>>,
}

type Turn = Arc<tokio::sync::Mutex<()>>;

/// Who is said to have changed stock where nobody has asked for it.
pub(super) const ACTOR: &str = "allocation";

// === impl Allocator ===

impl Allocator {
    /// Promises what lies at sources of these connections.
    #[must_use]
    pub fn new(db: Db, connections: Connections) -> Self {
        Self {
            articles: Articles::new(db.clone()),
            db,
            connections,
            turns: Arc::default(),
        }
    }

    /// Promises an order all its goods, or none. Promised already, it stays so.
    ///
    /// # Errors
    /// Why nothing is promised.
    pub async fn allocate(
        &self,
        account: AccountId,
        actor: &str,
        number: &OrderNumber,
    ) -> Result<(), Refusal> {
        let turn = self.turn(account);
        let _turn = turn.lock().await;
        let order = self.order(account, number).await?;
        check(&order)?;
        let source = self.own_source(&order).await?;
        let naming = self.articles.at(account, source.id).await?;
        if covers(&order, Some(&naming), &order.allocations) {
            return Ok(());
        }
        // Before anything is kept: nothing shall be set out on that cannot be sent.
        self.connections.can_write_now(&source)?;
        // What was promised before is of an order that was another one.
        self.clear(account, actor, &order).await?;
        self.reserve(account, actor, &order, &naming).await
    }

    /// Takes back what is promised to an order.
    ///
    /// # Errors
    /// Why it is not.
    pub async fn release(
        &self,
        account: AccountId,
        actor: &str,
        number: &OrderNumber,
    ) -> Result<(), Refusal> {
        let turn = self.turn(account);
        let _turn = turn.lock().await;
        let order = self.order(account, number).await?;
        let location = self.location(&order).await?;
        let is_automatic =
            |location: &ShipFromLocation| location.allocation == AllocationMode::Automatic;
        if order.status == OrderStatus::AwaitingShipment
            && order.overridden_by.is_none()
            && location.as_ref().is_some_and(is_automatic)
        {
            return Err(Refusal::Automatic);
        }
        self.clear(account, actor, &order).await
    }

    /// Lets an order ship without its goods being promised, or takes that back. What is promised is released, and
    /// nothing is deducted when it ships.
    ///
    /// # Errors
    /// Why not.
    pub async fn override_by(
        &self,
        account: AccountId,
        number: &OrderNumber,
        who: Option<&str>,
    ) -> Result<(), Refusal> {
        let turn = self.turn(account);
        let _turn = turn.lock().await;
        let order = self.order(account, number).await?;
        if who.is_some() {
            self.clear(account, who.unwrap_or(ACTOR), &order).await?;
        }
        Ok(store::allocation::set_overridden(&self.db, account, number, who).await?)
    }

    /// Brings an order's allocations in line with what has become of it. Answers whether anything was to be done.
    ///
    /// # Errors
    /// Why it is not done yet.
    pub async fn follow(&self, account: AccountId, number: &OrderNumber) -> Result<bool, Refusal> {
        let turn = self.turn(account);
        let _turn = turn.lock().await;
        let order = store::order::find(&self.db, account, number).await?;
        let allocations = store::allocation::of_order(&self.db, account, number).await?;
        let source = match &order {
            Some(order) => self
                .location(order)
                .await?
                .and_then(|location| location.source_id),
            None => None,
        };
        let naming = match source {
            Some(source) => Some(self.articles.at(account, source).await?),
            None => None,
        };
        match plan(order.as_ref(), naming.as_ref(), &allocations) {
            Plan::Keep => {
                let version = order.map_or(0, |order| order.version);
                store::allocation::confirm(&self.db, account, number, version).await?;
                return Ok(false);
            }
            Plan::GoOn => self.go_on(account, &allocations).await?,
            Plan::Release => self.release_all(account, ACTOR, &allocations).await?,
            Plan::Ship => self.ship(account, &allocations).await?,
        }
        Ok(true)
    }

    async fn reserve(
        &self,
        account: AccountId,
        actor: &str,
        order: &Order,
        naming: &SourceNaming,
    ) -> Result<(), Refusal> {
        let wanted = demand(order, naming)
            .into_iter()
            .map(|(sku, quantity)| Allocation {
                order_number: order.number.clone(),
                sku,
                source_id: naming.source(),
                quantity,
                state: AllocationState::Reserving,
                operation_id: String::new(),
                order_version: order.version,
            });
        let wanted: Vec<Allocation> = wanted.collect();
        let steps = self
            .set_out(account, &wanted, AllocationState::Reserving)
            .await?;
        let taken = match self.take(account, actor, &steps).await {
            Ok(taken) => taken,
            Err(refusal @ Refusal::Adapter(_)) => {
                // Nothing was sent.
                self.forget(account, &steps).await?;
                return Err(refusal);
            }
            Err(refusal) => return Err(refusal),
        };
        if taken.is_under_way {
            return Err(Refusal::UnderWay);
        }
        let Some((sku, reason)) = taken.refused.into_iter().next() else {
            return Ok(());
        };
        let promised = store::allocation::of_order(&self.db, account, &order.number).await?;
        self.release_all(account, actor, &promised).await?;
        Err(Refusal::Short { sku, reason })
    }

    /// Takes a step up again that was broken off. Promising an order only a part is never left at that.
    async fn go_on(&self, account: AccountId, allocations: &[Allocation]) -> Result<(), Refusal> {
        let was_reserving = |each: &Allocation| each.state == AllocationState::Reserving;
        let is_reserving = allocations.iter().any(was_reserving);
        let under_way = allocations
            .iter()
            .filter(|each| each.state.change(each.quantity).is_some());
        let under_way: Vec<Allocation> = under_way.cloned().collect();
        let taken = self.take(account, ACTOR, &under_way).await?;
        if is_reserving && !taken.is_under_way && !taken.refused.is_empty() {
            let number = &allocations[0].order_number;
            let promised = store::allocation::of_order(&self.db, account, number).await?;
            self.release_all(account, ACTOR, &promised).await?;
        }
        Ok(())
    }

    /// Leaves nothing promised to an order.
    async fn clear(&self, account: AccountId, actor: &str, order: &Order) -> Result<(), Refusal> {
        let is = |state| move |each: &Allocation| each.state == state;
        if order.allocations.iter().any(is(AllocationState::Shipped)) {
            return Err(Refusal::Shipped);
        }
        if plan(None, None, &order.allocations) == Plan::GoOn {
            self.go_on(account, &order.allocations).await?;
        }
        let left = store::allocation::of_order(&self.db, account, &order.number).await?;
        self.release_all(account, actor, &left).await
    }

    async fn release_all(
        &self,
        account: AccountId,
        actor: &str,
        allocations: &[Allocation],
    ) -> Result<(), Refusal> {
        let reserved = allocations
            .iter()
            .filter(|each| each.state == AllocationState::Reserved);
        let reserved: Vec<Allocation> = reserved.cloned().collect();
        let is_other = |each: &Allocation| each.state.change(each.quantity).is_some();
        if allocations.iter().any(is_other) {
            return Err(Refusal::UnderWay);
        }
        let steps = self
            .set_out(account, &reserved, AllocationState::Releasing)
            .await?;
        match self.take(account, actor, &steps).await?.is_under_way {
            true => Err(Refusal::UnderWay),
            false => Ok(()),
        }
    }

    /// Deducts what was promised. What its warehouse does not have any more is not deducted and not promised either.
    async fn ship(&self, account: AccountId, allocations: &[Allocation]) -> Result<(), Refusal> {
        let steps = self
            .set_out(account, allocations, AllocationState::Shipping)
            .await?;
        let taken = self.take(account, ACTOR, &steps).await?;
        if taken.refused.is_empty() {
            return Ok(());
        }
        for (sku, reason) in &taken.refused {
            let order = &allocations[0].order_number;
            tracing::warn!(%order, %sku, reason, "an order has shipped whose goods cannot be deducted");
        }
        let number = &allocations[0].order_number;
        let left = store::allocation::of_order(&self.db, account, number).await?;
        self.release_all(account, ACTOR, &left).await
    }

    async fn forget(&self, account: AccountId, steps: &[Allocation]) -> Result<(), Refusal> {
        for step in steps {
            store::allocation::reach(&self.db, account, step, None).await?;
        }
        Ok(())
    }

    async fn order(&self, account: AccountId, number: &OrderNumber) -> Result<Order, Error> {
        let found = store::order::find(&self.db, account, number).await?;
        found.ok_or_else(|| Error::not_found("order", number))
    }

    /// Where an order ships from; none when that is gone, or nothing is the default.
    pub(super) async fn location(&self, order: &Order) -> Result<Option<ShipFromLocation>, Error> {
        match order.ship_from_id {
            Some(id) => store::ship_from::find(&self.db, order.account_id, id).await,
            None => store::ship_from::find_default(&self.db, order.account_id).await,
        }
    }

    /// The source that an order ships from, when that is the installation's own.
    async fn own_source(&self, order: &Order) -> Result<InventorySource, Refusal> {
        let location = self.location(order).await?.ok_or(Refusal::NoSource)?;
        let id = location.source_id.ok_or(Refusal::NoSource)?;
        let source = self.find_source(order.account_id, id).await?;
        if !self.connections.is_built_in(source.connection_id) {
            return Err(Refusal::NotOwn {
                source_name: source.name,
            });
        }
        Ok(source)
    }

    async fn find_source(
        &self,
        account: AccountId,
        id: SourceId,
    ) -> Result<InventorySource, Refusal> {
        let found = store::source::find(&self.db, account, id).await?;
        found.ok_or(Refusal::NoSource)
    }

    fn turn(&self, account: AccountId) -> Turn {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry(account).or_default())
    }
}

/// Whether an order's goods may be promised at all.
fn check(order: &Order) -> Result<(), Refusal> {
    if order.status != OrderStatus::AwaitingShipment {
        return Err(Refusal::Status(order.status));
    }
    if let Some(who) = &order.overridden_by {
        return Err(Refusal::Overridden(who.clone()));
    }
    if order.unreadable() > 0 {
        return Err(Refusal::Unreadable);
    }
    match order.goods().is_empty() {
        true => Err(Refusal::NoGoods),
        false => Ok(()),
    }
}

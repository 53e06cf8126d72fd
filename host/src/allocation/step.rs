//! One step of an order's allocations: kept under its operation's id, sent, and settled by what came of it.

use std::collections::BTreeMap;

use bestand_plugin_api::{Sku, StockOperation, WriteOutcome};
use uuid::Uuid;

use super::allocator::Allocator;
use super::{Allocation, AllocationState, Refusal};
use crate::id::{AccountId, SourceId};
use crate::source::InventorySource;
use crate::store;

/// What came of a step that was taken.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Allocations that did not get there, and why.
    pub(super) refused: Vec<(Sku, String)>,
    /// Whether some are still on their way.
    pub(super) is_under_way: bool,
}

impl Allocator {
    /// Sets out to bring an order's allocations to `state`.
    pub(super) async fn set_out(
        &self,
        account: AccountId,
        allocations: &[Allocation],
        state: AllocationState,
    ) -> Result<Vec<Allocation>, Refusal> {
        let next = allocations.iter().map(|allocation| Allocation {
            state,
            operation_id: Uuid::now_v7().to_string(),
            ..allocation.clone()
        });
        let next: Vec<Allocation> = next.collect();
        store::allocation::set_out(&self.db, account, allocations, &next).await?;
        Ok(next)
    }

    /// Sends what the steps under way need, and keeps what came of it. What is sent again is done once.
    pub(super) async fn take(
        &self,
        account: AccountId,
        actor: &str,
        allocations: &[Allocation],
    ) -> Result<Taken, Refusal> {
        let mut by_source: BTreeMap<SourceId, Vec<&Allocation>> = BTreeMap::new();
        for allocation in allocations {
            by_source
                .entry(allocation.source_id)
                .or_default()
                .push(allocation);
        }
        let mut taken = Taken::default();
        for (source, allocations) in by_source {
            let source = store::source::find(&self.db, account, source).await?;
            let source = source.ok_or(Refusal::NoSource)?;
            self.send(account, actor, &source, &allocations, &mut taken)
                .await?;
        }
        Ok(taken)
    }

    async fn send(
        &self,
        account: AccountId,
        actor: &str,
        source: &InventorySource,
        allocations: &[&Allocation],
        taken: &mut Taken,
    ) -> Result<(), Refusal> {
        let operations = allocations
            .iter()
            .filter_map(|allocation| operation(allocation, source));
        let operations: Vec<StockOperation> = operations.collect();
        let sent = self
            .connections
            .write_stock(account, actor, source, operations);
        let outcomes = sent.await?;
        for (allocation, outcome) in allocations.iter().zip(outcomes) {
            self.settle(account, allocation, outcome, taken).await?;
        }
        Ok(())
    }

    async fn settle(
        &self,
        account: AccountId,
        allocation: &Allocation,
        outcome: WriteOutcome,
        taken: &mut Taken,
    ) -> Result<(), Refusal> {
        let done = match outcome {
            WriteOutcome::Applied | WriteOutcome::Accepted => after(allocation.state),
            WriteOutcome::Rejected { reason } => {
                taken.refused.push((allocation.sku.clone(), reason));
                instead(allocation.state)
            }
            _ => {
                taken.is_under_way = true;
                return Ok(());
            }
        };
        Ok(store::allocation::reach(&self.db, account, allocation, done).await?)
    }
}

/// Where a step leads; nothing when the allocation is gone then.
fn after(state: AllocationState) -> Option<AllocationState> {
    match state {
        AllocationState::Reserving | AllocationState::Reserved => Some(AllocationState::Reserved),
        AllocationState::Shipping | AllocationState::Shipped => Some(AllocationState::Shipped),
        AllocationState::Releasing => None,
    }
}

/// Where a step that was refused leaves an allocation. What the warehouse no longer has promised is not promised: it
/// was put right there by hand.
fn instead(state: AllocationState) -> Option<AllocationState> {
    match state {
        AllocationState::Shipping => Some(AllocationState::Reserved),
        AllocationState::Shipped => Some(AllocationState::Shipped),
        AllocationState::Reserving | AllocationState::Releasing | AllocationState::Reserved => None,
    }
}

fn operation(allocation: &Allocation, source: &InventorySource) -> Option<StockOperation> {
    let change = allocation.state.change(allocation.quantity)?;
    let operation = StockOperation::new(
        allocation.operation_id.as_str(),
        allocation.sku.clone(),
        source.location_id.clone(),
        change,
    );
    Some(
        operation
            .with_reason("order")
            .with_note(allocation.order_number.as_str()),
    )
}

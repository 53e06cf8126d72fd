//! One change of what lies somewhere: increment, decrement, adjust, modify. Written through the adapter of the place's
//! building, so that it is refused or done as a whole, and readable here when it is answered.
//!
//! With a condition, `adjust` sets how many there are in it; without one, how many there are at all. Goods that are
//! usable until a moment and of no lot become a lot of their own, called after its date.

mod asked;
mod change;
mod cost;

use bestand_plugin_api::{Condition, Sku, StockOperation, Timestamp, WriteOutcome};
use serde::Deserialize;
use uuid::Uuid;

use super::super::text_or_number::whole;
use super::place::{self, Place};
use crate::api_key::Caller;
use crate::daemon::Parts;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::AccountId;
use crate::source::InventorySource;
use asked::{Asked, Type};
use change::Step;
pub(super) use cost::Cost;

/// A change, as it is sent.
#[derive(Debug, Deserialize)]
pub(super) struct Transaction {
    transaction_type: Option<Type>,
    inventory_location_id: Option<String>,
    sku: Option<Sku>,
    #[serde(default, deserialize_with = "whole")]
    quantity: Option<i64>,
    condition: Option<Condition>,
    lot: Option<String>,
    reason: Option<String>,
    notes: Option<String>,
    new_inventory_location_id: Option<String>,
    new_condition: Option<Condition>,
    #[serde(default, deserialize_with = "cost::read")]
    new_cost: Option<Cost>,
    #[serde(default, deserialize_with = "cost::read")]
    cost: Option<Cost>,
    /// What has no place of its own goes into the note of the ledger.
    effective_at: Option<String>,
    usable_start_date: Option<String>,
    usable_end_date: Option<String>,
}

// === impl Transaction ===

impl Transaction {
    /// Does it.
    pub(super) async fn run(&self, parts: &Parts, caller: &Caller) -> Result<(), Problem> {
        let account = caller.account_id;
        let asked = Asked::of(self)?;
        let place = place_of(parts, account, "inventory_location_id", asked.place).await?;
        let source = &place.building.source;
        let may_write = parts.connections.may_write(source);
        may_write.map_err(Problem::from)?;
        let to = new_place(parts, account, &asked, &place).await?;
        let mut done: Vec<&str> = Vec::new();
        for step in change::steps(parts, account, &asked, &place, to.as_ref()).await? {
            let deed = step.deed;
            let operation = self.operation(parts, source, &asked, step);
            let written = parts
                .connections
                .write_stock(account, &caller.name, source, vec![operation])
                .await;
            let told = written.map_err(Problem::from).and_then(told);
            told.map_err(|problem| after(&done, problem))?;
            done.push(deed);
        }
        if let Some(to) = to.filter(|to| to.building.source.id != source.id) {
            let skus = vec![asked.sku];
            parts
                .connections
                .read_again(account, &caller.name, &to.building.source, skus)
                .await;
        }
        Ok(())
    }

    fn operation(
        &self,
        parts: &Parts,
        source: &InventorySource,
        asked: &Asked<'_>,
        step: Step,
    ) -> StockOperation {
        let id = Uuid::now_v7().to_string();
        let mut operation = StockOperation::new(id, asked.sku.clone(), step.at, step.change);
        let keeps_apart = parts.connections.keeps_conditions(source.connection_id);
        let lot_by_date = asked.usable_until.filter(|_| keeps_apart).map(lot_until);
        operation.lot = asked.lot.map(str::to_owned).or(lot_by_date);
        operation.condition = step.condition;
        operation.reason.clone_from(&self.reason);
        operation.note = self.note(asked);
        if asked.brings_goods() {
            operation.unit_cost = step.cost.map(|cost| cost.amount);
            let has_lot = operation.lot.is_some();
            operation.expires_at = asked.usable_until.filter(|_| has_lot);
        }
        operation.currency = step.cost.and_then(|cost| cost.currency);
        operation
    }

    fn note(&self, asked: &Asked<'_>) -> Option<String> {
        let said = |name: &str, text: &Option<String>| Some(format!("{name} {}", text.as_ref()?));
        let cost = asked.cost.filter(|_| !asked.brings_goods());
        let currency = |cost: Cost| cost.currency.map_or_else(String::new, String::from);
        let parts = [
            self.notes.clone(),
            cost.map(|cost| format!("cost {} {}", cost.amount, currency(cost))),
            said("effective", &self.effective_at),
            said("usable from", &self.usable_start_date),
            said("usable until", &self.usable_end_date),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// What a lot is called of which nothing is known but until when it is usable.
fn lot_until(moment: Timestamp) -> String {
    let moment = moment.to_string();
    format!("until {}", moment.split('T').next().unwrap_or_default())
}

/// A problem with a step says what was done before it.
fn after(done: &[&str], problem: Problem) -> Problem {
    match done {
        [] => problem,
        done => {
            let detail = format!(
                "{}; before that, it was {}",
                problem.detail(),
                done.join(" and ")
            );
            Problem::new(problem.kind(), detail)
        }
    }
}

/// Where a modified quantity goes.
async fn new_place(
    parts: &Parts,
    account: AccountId,
    asked: &Asked<'_>,
    from: &Place,
) -> Result<Option<Place>, Problem> {
    let field = "new_inventory_location_id";
    let (Type::Modify, Some(id)) = (asked.kind, asked.new_place) else {
        return Ok(None);
    };
    let to = place_of(parts, account, field, id).await?;
    match to.building.source.connection_id == from.building.source.connection_id {
        true => Ok(Some(to)),
        false => Err(Problem::field(
            field,
            "it lies in another system; decrement there and increment here",
        )),
    }
}

async fn place_of(
    parts: &Parts,
    account: AccountId,
    field: &str,
    id: &str,
) -> Result<Place, Problem> {
    let found = place::find(parts, account, id).await;
    found.map_err(|problem| match problem.status().as_u16() {
        404 => Problem::field(field, problem.detail()),
        _ => problem,
    })
}

fn told(outcomes: Vec<WriteOutcome>) -> Result<(), Problem> {
    match outcomes.into_iter().next() {
        Some(WriteOutcome::Applied | WriteOutcome::Accepted) => Ok(()),
        Some(WriteOutcome::Rejected { reason }) => {
            Err(Problem::new(ProblemKind::Malformed, reason))
        }
        Some(WriteOutcome::Unknown { reason }) => {
            let detail =
                format!("it may or may not have been done; look before it is sent again: {reason}");
            Err(Problem::new(ProblemKind::Unavailable, detail))
        }
        _ => Err(Problem::new(
            ProblemKind::Unavailable,
            "the adapter did not answer",
        )),
    }
}

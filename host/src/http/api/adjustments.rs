//! Adjustments: changes of stock, written back to the system where it lies.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use bestand_plugin_api::{
    Basis, Condition, Currency, LocationId, Quantity, Sku, StockChange, StockOperation, Timestamp,
    WriteOutcome,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::inventory_sources::find;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::id::SourceId;
use crate::operation::OperationState;
use crate::source::InventorySource;
use crate::store;

/// Most adjustments of one request: what most systems take within the time of a request; more goes into an import.
const ADJUSTMENTS_MAX: usize = 1_000;
const CONDITIONS: &str = "it is no condition; they are sellable, damaged, expired and qa_hold";
/// Longest operation id, in bytes; a UUID has 36.
const OPERATION_ID_BYTES_MAX: usize = 100;

/// Adjust stock
///
/// Changes stock where it lies, through the adapter of the source. Each adjustment is written down before it is sent,
/// and is done or refused by itself; one whose answer was lost is `unknown` and is never sent again blindly: see
/// `/operations`. A source of another system takes none unless its direction is `write` or `both`. Reservations are
/// not made here: they belong to the orders they are made for, and a system's own are left to it.
#[utoipa::path(post, path = "/inventory-sources/{id}/adjustments", operation_id = "adjust_stock",
    tag = "Write-back", params(("id" = SourceId, Path)), request_body = Adjustments,
    responses((status = 200, description = "What became of each, in order", body = Adjusted)))]
pub(in crate::http) async fn adjust(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<SourceId>,
    Json(sent): Json<Adjustments>,
) -> Result<Json<Adjusted>, Problem> {
    let source = find(&parts, &caller, id).await?;
    let operations = sent.operations(&parts, &source).await?;
    let outcomes = write(&parts, &caller.0.name, &source, operations.clone()).await?;
    Ok(Json(Adjusted::of(&source, operations, outcomes)))
}

/// Writes operations of `actor` to a source that takes them.
pub(in crate::http) async fn write(
    parts: &Parts,
    actor: &str,
    source: &InventorySource,
    operations: Vec<StockOperation>,
) -> Result<Vec<WriteOutcome>, Problem> {
    let written = parts
        .connections
        .write_stock(source.account_id, actor, source, operations)
        .await;
    written.map_err(Problem::from)
}

/// Changes of stock at one source.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Adjustments {
    /// The changes, done in this order.
    #[schema(min_items = 1, max_items = 1000)]
    adjustments: Vec<Adjustment>,
}

/// A change of stock.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Adjustment {
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What is done.
    change: ChangeWord,
    /// How many: of `set` the new number, of `adjust` how many more (or, negative, fewer), of `move` and `regrade` how
    /// many. `recost` is about all there are unless it says how many.
    #[schema(value_type = Option<f64>)]
    quantity: Option<Quantity>,
    /// Of `set`: only if it is this number now.
    #[schema(value_type = Option<f64>)]
    expected: Option<Quantity>,
    /// Of `move`: the source to move it to, of the same connection.
    to_source_id: Option<SourceId>,
    /// Of `move`: the place to move it to, as the system's own id of it, where that is no source.
    to_location_id: Option<String>,
    /// The place within the source, as the system's own id of it, where the system keeps single bins.
    location_id: Option<String>,
    /// Which number is changed: `on_hand` unless said otherwise.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "on_hand")]
    basis: Basis,
    /// Why: a code or a word.
    #[schema(example = "damaged")]
    reason: Option<String>,
    /// Free text for the ledger of its system.
    note: Option<String>,
    /// The batch, where the system keeps them.
    lot: Option<String>,
    /// The goods in this condition alone: `sellable`, `damaged`, `expired` or `qa_hold`; where the system keeps them apart.
    #[schema(value_type = Option<String>, example = "damaged")]
    condition: Option<Condition>,
    /// Of `regrade`: the condition they are in now.
    #[schema(value_type = Option<String>, example = "damaged")]
    to_condition: Option<Condition>,
    /// When the lot of goods coming in expires, as RFC 3339.
    #[schema(example = "2027-06-30T00:00:00Z")]
    expires_at: Option<String>,
    /// What one of the goods coming in has cost, and of `recost` what one costs.
    #[schema(value_type = Option<f64>)]
    unit_cost: Option<Quantity>,
    /// What the cost is told in, as its ISO 4217 code; the system's own currency where it is left out. Nothing is
    /// converted: a system that keeps another one refuses.
    #[schema(value_type = Option<String>, example = "EUR")]
    currency: Option<Currency>,
    /// The same on every retry of the same intent, so that it is done once; made up when it is left out.
    operation_id: Option<String>,
}

/// What is done to stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChangeWord {
    Set,
    Adjust,
    Move,
    Regrade,
    Recost,
}

/// What became of adjustments.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Adjusted {
    /// Where.
    source_id: SourceId,
    /// One for each, in order.
    operations: Vec<AdjustedOperation>,
}

/// What became of one.
#[derive(Debug, Serialize, ToSchema)]
struct AdjustedOperation {
    /// Its operation id, for `/operations/{id}`.
    id: String,
    /// The article.
    #[schema(value_type = String)]
    sku: Sku,
    /// What became of it.
    state: OperationState,
    /// Why it was rejected, or is unknown.
    reason: Option<String>,
}

// === impl Adjustments ===

impl Adjustments {
    async fn operations(
        self,
        parts: &Parts,
        source: &InventorySource,
    ) -> Result<Vec<StockOperation>, Problem> {
        let count = self.adjustments.len();
        if !(1..=ADJUSTMENTS_MAX).contains(&count) {
            let reason = format!("there must be from 1 to {ADJUSTMENTS_MAX} of them");
            return Err(Problem::field("adjustments", reason));
        }
        let may_write = parts.connections.may_write(source);
        may_write.map_err(Problem::from)?;
        let others =
            store::source::list_of_connection(&parts.db, source.account_id, source.connection_id)
                .await?;
        let places = others
            .into_iter()
            .map(|other| (other.id, other.location_id))
            .collect();
        let each = self.adjustments.into_iter().enumerate();
        each.map(|(index, adjustment)| adjustment.operation(index, source, &places))
            .collect()
    }
}

// === impl Adjustment ===

impl Adjustment {
    fn operation(
        self,
        index: usize,
        source: &InventorySource,
        places: &HashMap<SourceId, LocationId>,
    ) -> Result<StockOperation, Problem> {
        let refused = |field: &str, reason: &str| {
            Problem::field(format!("adjustments[{index}].{field}"), reason)
        };
        let change = self
            .change(places)
            .map_err(|(field, reason)| refused(field, reason))?;
        let expires_at = self.expires_at.as_deref().map(str::parse::<Timestamp>);
        let expires_at = expires_at.transpose().map_err(|_| {
            refused(
                "expires_at",
                "it is no moment, such as 2027-06-30T00:00:00Z",
            )
        })?;
        if self.condition == Some(Condition::Unknown) {
            return Err(refused("condition", CONDITIONS));
        }
        let id = self
            .operation_id
            .unwrap_or_else(|| Uuid::now_v7().to_string());
        if id.is_empty() || id.len() > OPERATION_ID_BYTES_MAX {
            return Err(refused("operation_id", "it must have from 1 to 100 bytes"));
        }
        let place = self.location_id.map(LocationId);
        let place = place.unwrap_or_else(|| source.location_id.clone());
        let mut operation = StockOperation::new(id, self.sku, place, change);
        operation.basis = self.basis;
        operation.reason = self.reason;
        operation.note = self.note;
        operation.lot = self.lot;
        operation.condition = self.condition;
        operation.expires_at = expires_at;
        if self.change != ChangeWord::Recost {
            operation.unit_cost = self.unit_cost;
        }
        operation.currency = self.currency;
        Ok(operation)
    }

    fn change(
        &self,
        places: &HashMap<SourceId, LocationId>,
    ) -> Result<StockChange, (&'static str, &'static str)> {
        if self.expected.is_some() && self.change != ChangeWord::Set {
            return Err(("expected", "it goes with `set` alone"));
        }
        if self.to_condition.is_some() != (self.change == ChangeWord::Regrade) {
            return Err((
                "to_condition",
                "it goes with `regrade`, and `regrade` with it",
            ));
        }
        let to = self.destination(places)?;
        if self.change == ChangeWord::Recost {
            return self.recost(to);
        }
        let quantity = self.quantity.ok_or(("quantity", "it is required"))?;
        match (self.change, to) {
            (ChangeWord::Set, None) => Ok(StockChange::Set {
                quantity,
                expected: self.expected,
            }),
            (ChangeWord::Adjust, None) => Ok(StockChange::Adjust { delta: quantity }),
            (ChangeWord::Regrade, None) => match self.to_condition {
                Some(to) if to != Condition::Unknown => Ok(StockChange::Regrade { quantity, to }),
                _ => Err(("to_condition", CONDITIONS)),
            },
            (ChangeWord::Move, Some(to)) => Ok(StockChange::Move { quantity, to }),
            (ChangeWord::Move, None) => Err((
                "to_source_id",
                "say where it is moved to, by this or `to_location_id`",
            )),
            (_, Some(_)) => Err(("change", "only `move` goes to another place")),
            (ChangeWord::Recost, None) => self.recost(None),
        }
    }

    fn recost(&self, to: Option<LocationId>) -> Result<StockChange, (&'static str, &'static str)> {
        if to.is_some() {
            return Err(("change", "only `move` goes to another place"));
        }
        let unit_cost = self.unit_cost.ok_or(("unit_cost", "`recost` needs it"))?;
        Ok(StockChange::Recost {
            quantity: self.quantity,
            unit_cost,
        })
    }

    fn destination(
        &self,
        places: &HashMap<SourceId, LocationId>,
    ) -> Result<Option<LocationId>, (&'static str, &'static str)> {
        match (&self.to_source_id, &self.to_location_id) {
            (Some(_), Some(_)) => Err(("to_location_id", "`to_source_id` says it already")),
            (Some(id), None) => match places.get(id) {
                Some(place) => Ok(Some(place.clone())),
                None => Err((
                    "to_source_id",
                    "it is no source of the same connection; take it out here and put it in there",
                )),
            },
            (None, place) => Ok(place.clone().map(LocationId)),
        }
    }
}

// === impl Adjusted ===

impl Adjusted {
    fn of(
        source: &InventorySource,
        operations: Vec<StockOperation>,
        outcomes: Vec<WriteOutcome>,
    ) -> Self {
        let told = |(operation, outcome): (StockOperation, WriteOutcome)| {
            let (state, reason) = OperationState::of(&outcome);
            AdjustedOperation {
                id: operation.op_id,
                sku: operation.sku,
                state,
                reason: reason.map(str::to_owned),
            }
        };
        Self {
            source_id: source.id,
            operations: operations.into_iter().zip(outcomes).map(told).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The change that is sent, or the field that is refused.
    fn check(sent: Value, expected: Result<StockChange, &'static str>) {
        let shown = sent.to_string();
        let adjustment: Adjustment = serde_json::from_value(sent).unwrap();
        let change = adjustment.change(&HashMap::new());
        assert_eq!(change.map_err(|(field, _)| field), expected, "{shown}");
    }

    #[test]
    fn goods_are_regraded_and_recosted() {
        let regraded = StockChange::Regrade {
            quantity: Quantity::units(3),
            to: Condition::Damaged,
        };
        let regrade = json!({ "sku": "A", "change": "regrade", "quantity": 3 });
        let mut to_damaged = regrade.clone();
        to_damaged["to_condition"] = json!("damaged");
        check(to_damaged, Ok(regraded));
        check(regrade.clone(), Err("to_condition"));
        let mut to_nothing = regrade;
        to_nothing["to_condition"] = json!("petrified");
        check(to_nothing, Err("to_condition"));

        let unit_cost = Quantity::units(2);
        let recost = json!({ "sku": "A", "change": "recost", "unit_cost": 2 });
        let recosted = |quantity| StockChange::Recost {
            quantity,
            unit_cost,
        };
        check(recost.clone(), Ok(recosted(None)));
        let mut some = recost;
        some["quantity"] = json!(1);
        check(some, Ok(recosted(Some(Quantity::units(1)))));
        check(json!({ "sku": "A", "change": "recost" }), Err("unit_cost"));
        check(json!({ "sku": "A", "change": "set" }), Err("quantity"));
    }
}

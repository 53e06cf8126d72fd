//! One change of what lies somewhere: increment, decrement, adjust, modify. Written through the adapter of the place's
//! building, so that it is refused or done as a whole, and readable here when it is answered.

use bestand_plugin_api::{LocationId, Quantity, Sku, StockChange, StockOperation, WriteOutcome};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::super::text_or_number::whole;
use super::envelope::REQUIRED;
use super::lying::{self, Lying};
use super::place::{self, Extent, Place};
use crate::api_key::Caller;
use crate::daemon::Parts;
use crate::http::problem::{FieldError, Kind as ProblemKind, Problem};
use crate::id::AccountId;

/// The only condition that is kept.
const SELLABLE: &str = "sellable";
/// Most units of one change: more than anybody counts, and far inside a [`Quantity`].
const UNITS_MAX: i64 = 1_000_000_000_000;

/// A change, as it is sent.
#[derive(Debug, Deserialize)]
pub(super) struct Transaction {
    transaction_type: Option<Type>,
    inventory_location_id: Option<String>,
    sku: Option<Sku>,
    #[serde(default, deserialize_with = "whole")]
    quantity: Option<i64>,
    condition: Option<String>,
    lot: Option<String>,
    reason: Option<String>,
    notes: Option<String>,
    new_inventory_location_id: Option<String>,
    new_condition: Option<String>,
    /// What has no place of its own goes into the note of the ledger.
    cost: Option<Value>,
    effective_at: Option<String>,
    usable_start_date: Option<String>,
    usable_end_date: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Type {
    Increment,
    Decrement,
    Adjust,
    Modify,
}

/// A change with all that it needs.
struct Asked<'a> {
    kind: Type,
    place: &'a str,
    sku: Sku,
    quantity: Quantity,
}

// === impl Transaction ===

impl Transaction {
    /// Does it.
    pub(super) async fn run(&self, parts: &Parts, caller: &Caller) -> Result<(), Problem> {
        let account = caller.account_id;
        let asked = self.checked()?;
        let place = place_of(parts, account, "inventory_location_id", asked.place).await?;
        let source = &place.building.source;
        let may_write = parts.connections.may_write(source);
        may_write.map_err(Problem::from)?;
        let to = self.to(parts, account, &asked, &place).await?;
        let change = change(parts, account, &asked, &place, to.as_ref()).await?;
        let operation = self.operation(&asked, place.location.clone(), change);
        let written = parts
            .connections
            .write_stock(account, &caller.name, source, vec![operation])
            .await;
        let outcomes = written.map_err(Problem::from)?;
        told(outcomes)?;
        if let Some(to) = to.filter(|to| to.building.source.id != source.id) {
            let skus = vec![asked.sku];
            parts
                .connections
                .read_again(account, &caller.name, &to.building.source, skus)
                .await;
        }
        Ok(())
    }

    /// All that is missing or cannot be, at once.
    fn checked(&self) -> Result<Asked<'_>, Problem> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, reason: &str| errors.push(FieldError::new(field, reason));
        if self.quantity.is_some_and(|quantity| quantity < 0) {
            refuse("quantity", "it must not be negative");
        }
        if self.quantity.is_some_and(|units| units > UNITS_MAX) {
            refuse("quantity", "it must not be more than a million millions");
        }
        let conditions = [
            ("condition", &self.condition),
            ("new_condition", &self.new_condition),
        ];
        for (field, condition) in conditions {
            if condition
                .as_deref()
                .is_some_and(|condition| condition != SELLABLE)
            {
                refuse(
                    field,
                    "only sellable stock is kept here; take what is not out of it",
                );
            }
        }
        if self.transaction_type == Some(Type::Modify) && self.new_inventory_location_id.is_none() {
            refuse(
                "new_inventory_location_id",
                "it is required: nothing but where stock lies can be modified here",
            );
        }
        let missing = [
            ("transaction_type", self.transaction_type.is_none()),
            (
                "inventory_location_id",
                self.inventory_location_id.is_none(),
            ),
            ("sku", self.sku.is_none()),
            ("quantity", self.quantity.is_none()),
        ];
        for (field, _) in missing.iter().filter(|(_, is_missing)| *is_missing) {
            refuse(field, REQUIRED);
        }
        match (
            self.transaction_type,
            &self.inventory_location_id,
            &self.sku,
            self.quantity,
        ) {
            (Some(kind), Some(place), Some(sku), Some(units)) if errors.is_empty() => Ok(Asked {
                kind,
                place,
                sku: sku.clone(),
                quantity: Quantity::units(units),
            }),
            _ => Err(Problem::fields(errors)),
        }
    }

    /// Where a modified quantity goes.
    async fn to(
        &self,
        parts: &Parts,
        account: AccountId,
        asked: &Asked<'_>,
        from: &Place,
    ) -> Result<Option<Place>, Problem> {
        let field = "new_inventory_location_id";
        let (Type::Modify, Some(id)) = (asked.kind, &self.new_inventory_location_id) else {
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

    fn operation(&self, asked: &Asked<'_>, at: LocationId, change: StockChange) -> StockOperation {
        let id = Uuid::now_v7().to_string();
        let mut operation = StockOperation::new(id, asked.sku.clone(), at, change);
        operation.reason.clone_from(&self.reason);
        operation.lot.clone_from(&self.lot);
        operation.note = self.note();
        operation
    }

    fn note(&self) -> Option<String> {
        let said = |name: &str, text: &Option<String>| Some(format!("{name} {}", text.as_ref()?));
        let cost = self.cost.as_ref().filter(|cost| !cost.is_null());
        let parts = [
            self.notes.clone(),
            cost.map(|cost| {
                format!(
                    "cost {} {}",
                    plain(&cost["amount"]),
                    plain(&cost["currency"])
                )
            }),
            said("effective", &self.effective_at),
            said("usable from", &self.usable_start_date),
            said("usable until", &self.usable_end_date),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
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

async fn change(
    parts: &Parts,
    account: AccountId,
    asked: &Asked<'_>,
    place: &Place,
    to: Option<&Place>,
) -> Result<StockChange, Problem> {
    let lying = lying_in_bins(parts, account, asked, place).await?;
    let takes = matches!(asked.kind, Type::Decrement | Type::Modify);
    if let (Some(lying), true) = (&lying, takes) {
        enough(lying, asked.quantity)?;
    }
    Ok(match (asked.kind, to) {
        (Type::Increment, _) => StockChange::Adjust {
            delta: asked.quantity,
        },
        (Type::Modify, Some(to)) => StockChange::Move {
            quantity: asked.quantity,
            to: to.location.clone(),
        },
        (Type::Decrement | Type::Modify, _) => StockChange::Adjust {
            delta: -asked.quantity,
        },
        (Type::Adjust, _) => adjusted(asked.quantity, lying.as_ref()),
    })
}

/// What lies in the bins of a building that is changed as a whole; nothing when it has none, or a bin is changed.
async fn lying_in_bins(
    parts: &Parts,
    account: AccountId,
    asked: &Asked<'_>,
    place: &Place,
) -> Result<Option<Lying>, Problem> {
    if place.extent == Extent::Bin || asked.kind == Type::Increment {
        return Ok(None);
    }
    let all = place::all(parts, account, std::slice::from_ref(&place.building)).await?;
    let bins = all
        .places
        .into_iter()
        .filter(|place| place.extent == Extent::Bin);
    let bins: Vec<LocationId> = bins.map(|bin| bin.location).collect();
    if bins.is_empty() {
        return Ok(None);
    }
    let skus = std::slice::from_ref(&asked.sku);
    let lying = lying::ask(parts, account, &place.building, &bins, skus).await;
    let mut lying = lying.map_err(Problem::from)?;
    Ok(lying.remove(&asked.sku))
}

/// An adapter takes from bins what lies nowhere else; here, a location is asked for what lies there itself.
fn enough(lying: &Lying, wanted: Quantity) -> Result<(), Problem> {
    let there = lying
        .rest()
        .and_then(|rest| rest.on_hand)
        .unwrap_or(Quantity::ZERO);
    match there < wanted {
        true => Err(Problem::new(
            ProblemKind::Malformed,
            format!("only {there} of {wanted} are there"),
        )),
        false => Ok(()),
    }
}

/// A building's own number is that of all its bins together, so they are added; and only if they are still the same.
fn adjusted(quantity: Quantity, lying: Option<&Lying>) -> StockChange {
    let whole = lying.and_then(|lying| lying.whole?.on_hand);
    let rest = lying.and_then(|lying| lying.rest()?.on_hand);
    match (whole, rest) {
        (Some(whole), Some(rest)) => StockChange::Set {
            quantity: whole - rest + quantity,
            expected: Some(whole),
        },
        _ => StockChange::Set {
            quantity,
            expected: None,
        },
    }
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

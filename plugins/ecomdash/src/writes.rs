//! Counts on hand that are set, each for a product in a warehouse.
//!
//! Ecomdash has no adjustments and no operation ids: a repeat sets the same count again.

use bestand_plugin_api::{
    Basis, Ctx, Idempotency, LocationId, Quantity, Result, StockChange, StockOperation,
    StockWrites, WriteOutcome,
};
use serde_json::{Value, json};

use crate::Ecomdash;
use crate::answer::{Envelope, Status, quotes};
use crate::by_sku::SKUS_MAX;
use crate::client::Failure;
use crate::kits::Parts;

impl StockWrites for Ecomdash {
    /// As many as are looked up at once before.
    const MAX_BATCH: usize = SKUS_MAX;
    /// Nothing tells a repeat from a new wish. Only counts are set, so a repeat undoes what was counted in between.
    const IDEMPOTENCY: Idempotency = Idempotency::None;

    async fn write_stock(
        &self,
        ctx: &Ctx,
        operations: Vec<StockOperation>,
    ) -> Result<Vec<WriteOutcome>> {
        let products = self.products_of(ctx, &operations).await?;
        let plans: Vec<_> = operations
            .iter()
            .map(|operation| plan(operation, &products))
            .collect();
        let counts: Vec<&Value> = plans.iter().flatten().collect();
        let told = match counts.is_empty() {
            true => vec![WriteOutcome::Applied; operations.len()],
            false => match self.client.set_on_hand(ctx, &json!(counts)).await {
                Ok(body) => told(&body, &operations),
                Err(failure) if failure.is_certain() => return Err(failure.into()),
                Err(Failure::NoAnswer(error) | Failure::Status { error, .. }) => {
                    vec![WriteOutcome::unknown(error.message); operations.len()]
                }
            },
        };
        let outcome = |(plan, told): (Result<Value, String>, WriteOutcome)| match plan {
            Err(reason) => WriteOutcome::rejected(reason),
            Ok(_) => told,
        };
        Ok(plans.into_iter().zip(told).map(outcome).collect())
    }
}

impl Ecomdash {
    async fn products_of(&self, ctx: &Ctx, operations: &[StockOperation]) -> Result<Parts> {
        let mut skus: Vec<_> = operations
            .iter()
            .map(|operation| operation.sku.clone())
            .collect();
        skus.sort();
        skus.dedup();
        let found = self.client.find(ctx, &skus).await?.value.into_iter();
        Ok(found
            .filter_map(|product| Some((product.sku()?, product)))
            .collect())
    }
}

/// The count that is sent, or why none is.
fn plan(operation: &StockOperation, products: &Parts) -> Result<Value, String> {
    let StockChange::Set { quantity, expected } = &operation.change else {
        return Err("Ecomdash takes counts only: no adjustments, reservations or moves".into());
    };
    if operation.basis != Basis::OnHand {
        return Err("Ecomdash counts what is on hand, nothing else".into());
    }
    let there = there(operation, products)?;
    match expected {
        Some(expected) if *expected != there => {
            Err(format!("Ecomdash has {there}, not {expected}"))
        }
        _ => Ok(json!({
            "Sku": operation.sku,
            "Quantity": quantity,
            "WarehouseId": warehouse_id(&operation.location)?,
        })),
    }
}

/// What is there now.
fn there(operation: &StockOperation, products: &Parts) -> Result<Quantity, String> {
    let (sku, place) = (&operation.sku, &operation.location);
    let product = products
        .get(sku)
        .ok_or_else(|| format!("Ecomdash has no active product `{sku}`"))?;
    if product.is_kit() {
        return Err(format!(
            "`{sku}` is a kit: set the counts of its components"
        ));
    }
    let there = product.on_hand().get(place).copied();
    there.ok_or_else(|| format!("Ecomdash does not have `{sku}` in warehouse {place}"))
}

fn warehouse_id(place: &LocationId) -> Result<i64, String> {
    let id = place.0.parse();
    id.map_err(|_| format!("`{place}` is no warehouse of Ecomdash"))
}

/// What became of each count that was sent. The messages tell which failed by their SKUs; what their index counts
/// from is not documented.
fn told(body: &[u8], operations: &[StockOperation]) -> Vec<WriteOutcome> {
    let envelope = match Envelope::read(body) {
        Ok(envelope) => envelope,
        Err(error) => return vec![WriteOutcome::unknown(error.message); operations.len()],
    };
    let messages = envelope.messages();
    let of = |operation: &StockOperation| match envelope.status {
        Status::Success => WriteOutcome::Applied,
        Status::Failure => {
            let own = messages
                .iter()
                .find(|message| quotes(message, &operation.sku));
            let said = own.cloned().unwrap_or_else(|| messages.join("; "));
            WriteOutcome::rejected(format!("Ecomdash refuses the count: {said}"))
        }
        Status::Partial => of_partial(operation, operations, &messages),
    };
    operations.iter().map(of).collect()
}

/// Of some that were taken, whether this one was.
fn of_partial(
    operation: &StockOperation,
    operations: &[StockOperation],
    messages: &[String],
) -> WriteOutcome {
    let of_sku = operations.iter().filter(|other| other.sku == operation.sku);
    let is_alone = of_sku.count() == 1;
    let is_told = |message: &String| operations.iter().any(|other| quotes(message, &other.sku));
    let own = messages
        .iter()
        .find(|message| quotes(message, &operation.sku));
    match own {
        Some(own) if is_alone => {
            WriteOutcome::rejected(format!("Ecomdash refuses the count: {own}"))
        }
        None if !messages.is_empty() && messages.iter().all(is_told) => WriteOutcome::Applied,
        _ => WriteOutcome::unknown(format!(
            "Ecomdash took some of the counts and does not tell which: {}",
            messages.join("; ")
        )),
    }
}

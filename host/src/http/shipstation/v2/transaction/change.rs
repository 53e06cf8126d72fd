//! What a change comes to: one operation, or of a modification several, each about what the one before has left.

use bestand_plugin_api::{LocationId, Quantity, StockChange};

use super::super::lying::{self, Lying};
use super::super::place::{self, Extent, Place};
use super::asked::{Asked, Type};
use super::cost::Cost;
use crate::daemon::Parts;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::id::AccountId;
use bestand_plugin_api::Condition;

/// One operation.
pub(super) struct Step {
    pub(super) change: StockChange,
    pub(super) at: LocationId,
    /// The goods in this condition alone.
    pub(super) condition: Option<Condition>,
    /// What is said of goods coming in, or of all of a recosting.
    pub(super) cost: Option<Cost>,
    /// What it does, for whom it is refused after others were done.
    pub(super) deed: &'static str,
}

/// The operations of a change, in order.
pub(super) async fn steps(
    parts: &Parts,
    account: AccountId,
    asked: &Asked<'_>,
    place: &Place,
    to: Option<&Place>,
) -> Result<Vec<Step>, Problem> {
    let lying = lying_in_bins(parts, account, asked, place).await?;
    let quantity = asked.quantity;
    if let (Some(lying), Type::Decrement | Type::Modify) = (&lying, asked.kind) {
        enough(lying, quantity)?;
    }
    let here = |change, deed| Step {
        change,
        at: place.location.clone(),
        condition: asked.condition,
        cost: asked.cost,
        deed,
    };
    Ok(match asked.kind {
        Type::Increment => vec![here(StockChange::Adjust { delta: quantity }, "incremented")],
        Type::Decrement => vec![here(
            StockChange::Adjust { delta: -quantity },
            "decremented",
        )],
        Type::Adjust => {
            let whole = lying.is_some();
            let mut step = here(adjusted(quantity, lying.as_ref()), "adjusted");
            // What bins hold is known of all that is there alone.
            step.condition = step.condition.filter(|_| !whole);
            vec![step]
        }
        Type::Modify => modified(asked, place, to),
    })
}

/// Costs first, as they change nothing that the others look for; then the place, then the condition there.
fn modified(asked: &Asked<'_>, place: &Place, to: Option<&Place>) -> Vec<Step> {
    let quantity = asked.quantity;
    let step = |change, at: &Place, deed| Step {
        change,
        at: at.location.clone(),
        condition: asked.condition,
        cost: None,
        deed,
    };
    let recost = asked.new_cost.map(|cost| Step {
        cost: Some(cost),
        ..step(
            StockChange::Recost {
                quantity: Some(quantity),
                unit_cost: cost.amount,
            },
            place,
            "recosted",
        )
    });
    let moved = to.map(|to| {
        let to = to.location.clone();
        step(StockChange::Move { quantity, to }, place, "moved")
    });
    let regraded = asked.new_condition.map(|to_condition| {
        let change = StockChange::Regrade {
            quantity,
            to: to_condition,
        };
        step(change, to.unwrap_or(place), "regraded")
    });
    recost.into_iter().chain(moved).chain(regraded).collect()
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
    if asked.is_picky() {
        let reason = "goods in a condition or of a lot lie at its own locations: name one of them";
        return Err(Problem::field("inventory_location_id", reason));
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

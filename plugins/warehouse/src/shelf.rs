//! All of one article: what lies where, what is promised, and what an operation comes to.
//!
//! **Invariant:** this module does no I/O, and is told the time; it works out lines, or says why there are none.

use std::collections::{BTreeMap, BTreeSet};

use bestand_plugin_api::{
    Basis, Condition, LocationId, Lot, Quantity, Sku, StockChange, StockOperation, Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::batch::{BATCHES_MAX, Batch, Lots, Pick};
use crate::cost;
use crate::ledger::Line;
use crate::places;

/// Most places one article may lie at: keeps an entry near 10 KiB, so that thousands fit into one message.
pub(crate) const SLOTS_MAX: usize = 200;

/// Most of one article at one place: small enough that the sum over all places cannot overflow.
const QUANTITY_MAX: Quantity = Quantity::units(40_000_000_000);

/// All of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shelf {
    pub(crate) sku: Sku,
    /// Grows with every change; also the number of its latest ledger entry.
    pub(crate) revision: u64,
    pub(crate) updated_at: Timestamp,
    slots: BTreeMap<LocationId, Count>,
    /// What of it is not plain: in another condition than sellable, or of a lot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    batches: Vec<Batch>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    lots: Lots,
    /// What one costs on average, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unit_cost: Option<Quantity>,
}

/// How many there are at one place, or in one warehouse altogether.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) on_hand: Quantity,
    pub(crate) allocated: Quantity,
    /// What of it cannot be sold; worked out, never stored.
    #[serde(skip)]
    pub(crate) unsellable: Quantity,
}

/// How far a number may fall when something is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Floor {
    /// No more is taken than is there.
    Zero,
    /// As much as is wanted, which the operator allows.
    None,
}

/// Why an operation is refused, for the operator.
pub(crate) type Refusal = String;

// === impl Shelf ===

impl Shelf {
    pub(crate) fn new(sku: Sku) -> Self {
        Self {
            sku,
            revision: 0,
            updated_at: Timestamp::default(),
            slots: BTreeMap::new(),
            batches: Vec::new(),
            lots: Lots::new(),
            unit_cost: None,
        }
    }

    /// What is there: at the bin, or altogether in the warehouse. `None` when it was never brought there.
    pub(crate) fn count(&self, place: &LocationId, now: Timestamp) -> Option<Count> {
        let covered = self
            .slots
            .iter()
            .filter(|(slot, _)| places::covers(place, slot));
        let count = covered.map(|(_, count)| *count).reduce(Count::plus)?;
        let unsellable = self.conditions(place, now).into_values().sum();
        Some(Count {
            unsellable,
            ..count
        })
    }

    /// How many at the place are in each condition other than sellable, as of `now`.
    pub(crate) fn conditions(
        &self,
        place: &LocationId,
        now: Timestamp,
    ) -> BTreeMap<Condition, Quantity> {
        let mut conditions = BTreeMap::new();
        for batch in self.batches_at(place) {
            let condition = batch.condition_at(&self.lots, now);
            if !condition.is_sellable() {
                let sum: &mut Quantity = conditions.entry(condition).or_default();
                *sum = *sum + batch.on_hand;
            }
        }
        conditions
    }

    /// The lots at the place, each with how many there are.
    pub(crate) fn lots(&self, place: &LocationId) -> Vec<Lot> {
        let mut sums = BTreeMap::<&String, Quantity>::new();
        for batch in self.batches_at(place) {
            if let Some(lot) = &batch.lot {
                let sum = sums.entry(lot).or_default();
                *sum = *sum + batch.on_hand;
            }
        }
        let told = |(id, quantity): (&String, Quantity)| {
            let mut lot = Lot::new(id, quantity);
            lot.expires_at = self.lots.get(id).copied();
            lot
        };
        sums.into_iter().map(told).collect()
    }

    /// Whether it was brought to the place, or to a location in it.
    pub(crate) fn knows_inside(&self, place: &LocationId) -> bool {
        self.slots.keys().any(|slot| places::covers(place, slot))
    }

    fn batches_at<'a>(&'a self, place: &'a LocationId) -> impl Iterator<Item = &'a Batch> {
        let batches = self.batches.iter();
        batches.filter(move |batch| places::covers(place, &batch.location))
    }

    /// How many of those that are meant are at the place; of plain ones, all that are sellable.
    fn present(&self, place: &LocationId, pick: Pick<'_>, now: Timestamp) -> Quantity {
        if pick.is_plain() {
            return self.count(place, now).unwrap_or_default().sellable();
        }
        let picked = self.batches_at(place);
        let picked = picked.filter(|batch| pick.takes(batch, &self.lots, now));
        picked.map(|batch| batch.on_hand).sum()
    }

    /// The warehouses it was ever brought to.
    pub(crate) fn sites(&self) -> BTreeSet<LocationId> {
        let sites: BTreeSet<&str> = self.slots.keys().map(places::site_of).collect();
        sites.into_iter().map(LocationId::from).collect()
    }

    /// Whether it was brought to this very place.
    pub(crate) fn knows(&self, location: &LocationId) -> bool {
        self.slots.contains_key(location)
    }

    /// What the operation comes to.
    pub(crate) fn plan(
        &self,
        operation: &StockOperation,
        floor: Floor,
        now: Timestamp,
    ) -> Result<Vec<Line>, Refusal> {
        let location = &operation.location;
        let here = self.count(location, now).unwrap_or_default();
        let pick = Pick::of(operation);
        let floor = match pick.is_plain() {
            true => floor,
            false => Floor::Zero,
        };
        let present = match operation.basis {
            Basis::OnHand => self.present(location, pick, now),
            Basis::Available if pick.is_plain() => here.available(),
            Basis::Available => {
                return Err("goods in a condition or of a lot are counted as on hand".into());
            }
            _ => return Err("the built-in warehouse has no such number".into()),
        };
        let promises = matches!(
            operation.change,
            StockChange::Reserve { .. } | StockChange::Release { .. } | StockChange::Ship { .. }
        );
        if promises && !pick.condition.is_sellable() {
            return Err("only sellable goods are promised and shipped".into());
        }
        let take = |quantity, except| Take {
            location,
            quantity,
            except,
            pick,
            floor,
            now,
        };
        match &operation.change {
            StockChange::Set { quantity, expected } => {
                let counts_all = operation.condition.is_none()
                    && pick.is_plain()
                    && operation.basis == Basis::OnHand;
                let counted = match counts_all {
                    true => here.on_hand,
                    false => present,
                };
                as_expected(*expected, counted)?;
                not_negative(*quantity)?;
                if counts_all && *quantity < here.unsellable {
                    let unsellable = here.unsellable;
                    return Err(format!(
                        "{unsellable} of them are not sellable, so there cannot be {quantity}; name the condition"
                    ));
                }
                self.put_or_take(&take(*quantity - counted, None), present)
            }
            StockChange::Adjust { delta } => self.put_or_take(&take(*delta, None), present),
            StockChange::Reserve { quantity } => self.reserve(location, *quantity, now),
            StockChange::Release { quantity } => self.release(location, *quantity),
            StockChange::Ship { quantity } => {
                let mut lines = self.release(location, *quantity)?;
                if pick.lot.is_some() {
                    enough(present, *quantity)?;
                }
                lines.extend(self.take(&take(*quantity, None))?);
                Ok(lines)
            }
            StockChange::Regrade { quantity, to } => {
                positive(*quantity)?;
                enough(present, *quantity)?;
                self.regrade(&take(*quantity, None), *to)
            }
            StockChange::Recost {
                quantity,
                unit_cost,
            } => {
                not_negative(*unit_cost)?;
                if self.slots.is_empty() {
                    return Err("no warehouse was ever given this article".into());
                }
                if let Some(quantity) = quantity {
                    positive(*quantity)?;
                    enough(present, *quantity)?;
                }
                Ok(Vec::new())
            }
            StockChange::Move { quantity, to } => {
                positive(*quantity)?;
                enough(present, *quantity)?;
                self.bring(&take(*quantity, Some(to)), to)
            }
            _ => Err("the built-in warehouse knows no such change".into()),
        }
    }

    /// Does what was planned.
    pub(crate) fn post(&mut self, lines: &[Line], now: Timestamp) -> Result<(), Refusal> {
        let (mut slots, mut batches) = (self.slots.clone(), self.batches.clone());
        for line in lines {
            let slot = slots.entry(line.location.clone()).or_default();
            *slot = slot.after(line).ok_or("that is more than can be counted")?;
            if !line.is_plain() {
                put_into(&mut batches, line);
            }
        }
        if slots.len() > SLOTS_MAX {
            return Err(format!("an article lies at {SLOTS_MAX} places at most"));
        }
        batches.retain(|batch| batch.on_hand != Quantity::ZERO);
        if batches.len() > BATCHES_MAX {
            return Err(format!(
                "an article has {BATCHES_MAX} lots and conditions at its places at most; use up or merge some first"
            ));
        }
        let is_there = |lot: &String| batches.iter().any(|batch| batch.lot.as_ref() == Some(lot));
        self.lots.retain(|lot, _| is_there(lot));
        self.slots = slots;
        self.batches = batches;
        self.revision += 1;
        self.updated_at = now;
        Ok(())
    }

    /// Keeps what an operation that was posted says of its goods: what they cost, and when their lot expires. `before` is
    /// how many there were of the article.
    pub(crate) fn learn(&mut self, operation: &StockOperation, lines: &[Line], before: Quantity) {
        if let StockChange::Recost {
            quantity,
            unit_cost,
        } = operation.change
        {
            let some = quantity.unwrap_or(before);
            self.unit_cost = cost::average(self.unit_cost, before - some, some, Some(unit_cost));
            return;
        }
        let more: Quantity = lines.iter().map(|line| line.on_hand).sum();
        if more > Quantity::ZERO {
            self.unit_cost = cost::average(self.unit_cost, before, more, operation.unit_cost);
        }
        if let (Some(lot), Some(moment)) = (&operation.lot, operation.expires_at) {
            self.lots.insert(lot.clone(), moment);
        }
    }

    /// How many there are at all places.
    pub(crate) fn everywhere(&self) -> Quantity {
        self.slots.values().map(|count| count.on_hand).sum()
    }

    /// All that it holds, as lines from nothing.
    pub(crate) fn holdings(&self) -> Vec<Line> {
        let plain = self.slots.iter().map(|(slot, count)| Line {
            allocated: count.allocated,
            ..put(slot, self.plain(slot, *count))
        });
        let batches = self.batches.iter().map(|batch| batch.line(batch.on_hand));
        plain.chain(batches).collect()
    }

    /// The lines that leave nothing at a place, nor at any location in it.
    pub(crate) fn clearing(&self, place: &LocationId) -> Vec<Line> {
        let filled = self
            .slots
            .iter()
            .filter(|(slot, count)| places::covers(place, slot) && **count != Count::default());
        let plain = filled.map(|(slot, count)| Line {
            allocated: -count.allocated,
            ..put(slot, -self.plain(slot, *count))
        });
        let batches = self
            .batches_at(place)
            .map(|batch| batch.line(-batch.on_hand));
        plain.chain(batches).collect()
    }

    /// Forgets a place that is removed; what lay there must have been cleared. The warehouse around a location goes
    /// on knowing the article: there are none of it now.
    pub(crate) fn forget(&mut self, place: &LocationId) {
        self.slots.retain(|slot, _| !places::covers(place, slot));
        if !places::is_site(place) {
            self.slots.entry(places::site_of(place).into()).or_default();
        }
    }

    /// What is promised at the warehouse may come from any of its bins, so a bin's own number is not enough.
    fn reserve(
        &self,
        location: &LocationId,
        quantity: Quantity,
        now: Timestamp,
    ) -> Result<Vec<Line>, Refusal> {
        positive(quantity)?;
        let here = self.count(location, now).unwrap_or_default();
        let site = places::site_of(location).into();
        let around = self.count(&site, now).unwrap_or_default();
        enough(here.available().min(around.available()), quantity)?;
        Ok(vec![promise(location, quantity)])
    }

    fn release(&self, location: &LocationId, quantity: Quantity) -> Result<Vec<Line>, Refusal> {
        positive(quantity)?;
        let slot = self.slots.get(location).copied().unwrap_or_default();
        match slot.allocated < quantity {
            true => Err(format!(
                "only {} of {quantity} are promised",
                slot.allocated
            )),
            false => Ok(vec![promise(location, -quantity)]),
        }
    }

    /// Takes goods and puts the same ones, of the same lots, elsewhere.
    fn bring(&self, take: &Take<'_>, to: &LocationId) -> Result<Vec<Line>, Refusal> {
        if to == take.location {
            return Err("it lies there already".into());
        }
        let mut lines = self.take(take)?;
        let brought: Vec<Line> = lines.iter().map(|line| line.brought(to)).collect();
        lines.extend(merged(brought));
        Ok(lines)
    }

    fn regrade(&self, take: &Take<'_>, to: Condition) -> Result<Vec<Line>, Refusal> {
        if to == Condition::Unknown {
            return Err("the built-in warehouse knows no such condition".into());
        }
        if to == take.pick.condition {
            return Err(format!("they are {to} already"));
        }
        let mut lines = self.take(take)?;
        let regraded = |line: &Line| Line {
            condition: to,
            ..line.brought(&line.location)
        };
        let regraded: Vec<Line> = lines.iter().map(regraded).collect();
        lines.extend(merged(regraded));
        Ok(lines)
    }

    fn put_or_take(&self, take: &Take<'_>, present: Quantity) -> Result<Vec<Line>, Refusal> {
        let delta = take.quantity;
        if !delta.is_negative() {
            let line = Line {
                condition: take.pick.condition,
                lot: take.pick.lot.map(Into::into),
                ..put(take.location, delta)
            };
            return Ok(vec![line]);
        }
        if take.floor == Floor::Zero {
            enough(present, -delta)?;
        }
        self.take(&Take {
            quantity: -delta,
            ..*take
        })
    }

    /// Takes from the bin; or from the warehouse, first what is unsorted, then bin by bin, but not from `except`. Of the
    /// goods that are meant, those that expire first go first, then lots without an end, then what has no lot. What is
    /// not there is taken below zero, at the very place, where that is allowed.
    fn take(&self, take: &Take<'_>) -> Result<Vec<Line>, Refusal> {
        let (mut lines, mut missing) = (Vec::new(), take.quantity);
        for line in self.takeable(take) {
            let taken = line.on_hand.min(missing);
            if taken > Quantity::ZERO {
                missing = missing - taken;
                lines.push(Line {
                    on_hand: -taken,
                    ..line
                });
            }
        }
        if missing > Quantity::ZERO {
            if take.floor == Floor::Zero {
                enough(take.quantity - missing, take.quantity)?;
            }
            lines.push(put(take.location, -missing));
        }
        Ok(merged(lines))
    }

    /// What there is to take from, in the order in which it is taken.
    fn takeable(&self, take: &Take<'_>) -> Vec<Line> {
        let source = |slot: &LocationId| Some(slot) != take.except;
        let batches = self.batches_at(take.location).filter(|batch| {
            source(&batch.location) && take.pick.takes(batch, &self.lots, take.now)
        });
        let mut batches: Vec<&Batch> = batches.collect();
        batches.sort_by_key(|batch| {
            let expires_at = batch.lot.as_ref().and_then(|lot| self.lots.get(lot));
            (
                expires_at.is_none(),
                expires_at,
                batch.lot.is_none(),
                &batch.location,
            )
        });
        let mut takeable: Vec<Line> = batches
            .into_iter()
            .map(|batch| batch.line(batch.on_hand))
            .collect();
        if take.pick.is_plain() {
            let slots = self.slots.iter();
            let slots =
                slots.filter(|(slot, _)| places::covers(take.location, slot) && source(slot));
            takeable.extend(slots.map(|(slot, count)| put(slot, self.plain(slot, *count))));
        }
        takeable
    }

    /// What lies at this very place and is neither of a lot nor in another condition.
    fn plain(&self, slot: &LocationId, count: Count) -> Quantity {
        let here = self.batches.iter().filter(|batch| batch.location == *slot);
        count.on_hand - here.map(|batch| batch.on_hand).sum()
    }
}

/// What is to be taken, and where.
#[derive(Clone, Copy)]
struct Take<'a> {
    location: &'a LocationId,
    quantity: Quantity,
    except: Option<&'a LocationId>,
    pick: Pick<'a>,
    floor: Floor,
    now: Timestamp,
}

// === impl Count ===

impl Count {
    /// What can still be promised; negative when a count found less than was promised.
    pub(crate) fn available(self) -> Quantity {
        self.sellable() - self.allocated
    }

    fn sellable(self) -> Quantity {
        self.on_hand - self.unsellable
    }

    fn plus(self, other: Self) -> Self {
        Self {
            on_hand: self.on_hand + other.on_hand,
            allocated: self.allocated + other.allocated,
            unsellable: self.unsellable + other.unsellable,
        }
    }

    fn after(self, line: &Line) -> Option<Self> {
        let counted = |quantity: &Quantity| (-QUANTITY_MAX..=QUANTITY_MAX).contains(quantity);
        Some(Self {
            on_hand: self.on_hand.checked_add(line.on_hand).filter(counted)?,
            allocated: self.allocated.checked_add(line.allocated).filter(counted)?,
            unsellable: Quantity::ZERO,
        })
    }
}

fn put(location: &LocationId, quantity: Quantity) -> Line {
    Line {
        location: location.clone(),
        on_hand: quantity,
        allocated: Quantity::ZERO,
        condition: Condition::Sellable,
        lot: None,
    }
}

/// Lines about the same goods as one.
fn merged(lines: Vec<Line>) -> Vec<Line> {
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match merged.iter_mut().find(|other| other.is_same(&line)) {
            Some(other) => other.on_hand = other.on_hand + line.on_hand,
            None => merged.push(line),
        }
    }
    merged
}

fn put_into(batches: &mut Vec<Batch>, line: &Line) {
    match batches.iter_mut().find(|batch| batch.is_same(line)) {
        Some(batch) => batch.on_hand = batch.on_hand + line.on_hand,
        None => batches.push(Batch {
            location: line.location.clone(),
            condition: line.condition,
            lot: line.lot.clone(),
            on_hand: line.on_hand,
        }),
    }
}

fn promise(location: &LocationId, quantity: Quantity) -> Line {
    Line {
        allocated: quantity,
        ..put(location, Quantity::ZERO)
    }
}

fn enough(present: Quantity, wanted: Quantity) -> Result<(), Refusal> {
    match present < wanted {
        true => Err(format!("only {present} of {wanted} are there")),
        false => Ok(()),
    }
}

fn as_expected(expected: Option<Quantity>, present: Quantity) -> Result<(), Refusal> {
    match expected {
        Some(expected) if expected != present => {
            Err(format!("{expected} were expected, but {present} are there"))
        }
        _ => Ok(()),
    }
}

fn positive(quantity: Quantity) -> Result<(), Refusal> {
    match quantity > Quantity::ZERO {
        true => Ok(()),
        false => Err(format!("{quantity} is not more than zero")),
    }
}

fn not_negative(quantity: Quantity) -> Result<(), Refusal> {
    match quantity.is_negative() {
        true => Err(format!("{quantity} is less than zero")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::call;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_shelf_of_before_there_were_conditions_can_still_be_read() {
        let stored = json!({
            "sku": "A", "revision": 7, "updated_at": 5,
            "slots": { "main": { "on_hand": 9_000_000, "allocated": 2_000_000 } },
        });
        let shelf: Shelf = call::decode(&call::encode(&stored).unwrap()).unwrap();
        let count = shelf.count(&"main".into(), Timestamp::default()).unwrap();
        assert_eq!(count.available(), Quantity::units(7));
        assert_eq!(
            (shelf.unit_cost, shelf.lots(&"main".into()).len()),
            (None, 0)
        );
    }
}

//! All of one article: what lies where, what is promised, and what an operation comes to.
//!
//! **Invariant:** this module does no I/O and knows no time; it works out lines, or says why there are none.

use std::collections::{BTreeMap, BTreeSet};

use bestand_plugin_api::{
    Basis, LocationId, Quantity, Sku, StockChange, StockOperation, Timestamp,
};
use serde::{Deserialize, Serialize};

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
}

/// How many there are at one place, or in one warehouse altogether.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) on_hand: Quantity,
    pub(crate) allocated: Quantity,
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
        }
    }

    /// What is there: at the bin, or altogether in the warehouse. `None` when it was never brought there.
    pub(crate) fn count(&self, place: &LocationId) -> Option<Count> {
        let covered = self
            .slots
            .iter()
            .filter(|(slot, _)| places::covers(place, slot));
        covered.map(|(_, count)| *count).reduce(Count::plus)
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
    ) -> Result<Vec<Line>, Refusal> {
        let location = &operation.location;
        let here = self.count(location).unwrap_or_default();
        let present = match operation.basis {
            Basis::OnHand => here.on_hand,
            Basis::Available => here.available(),
            _ => return Err("the built-in warehouse has no such number".into()),
        };
        match &operation.change {
            StockChange::Set { quantity, expected } => {
                as_expected(*expected, present)?;
                not_negative(*quantity)?;
                self.put_or_take(location, *quantity - present, here.on_hand, floor)
            }
            StockChange::Adjust { delta } => self.put_or_take(location, *delta, present, floor),
            StockChange::Reserve { quantity } => self.reserve(location, *quantity),
            StockChange::Release { quantity } => self.release(location, *quantity),
            StockChange::Ship { quantity } => self.ship(location, *quantity, floor),
            StockChange::Move { quantity, to } => {
                positive(*quantity)?;
                enough(present, *quantity)?;
                self.bring(location, *quantity, to)
            }
            _ => Err("the built-in warehouse knows no such change".into()),
        }
    }

    /// Does what was planned.
    pub(crate) fn post(&mut self, lines: &[Line], now: Timestamp) -> Result<(), Refusal> {
        let mut slots = self.slots.clone();
        for line in lines {
            let slot = slots.entry(line.location.clone()).or_default();
            *slot = slot.after(line).ok_or("that is more than can be counted")?;
        }
        if slots.len() > SLOTS_MAX {
            return Err(format!("an article lies at {SLOTS_MAX} places at most"));
        }
        self.slots = slots;
        self.revision += 1;
        self.updated_at = now;
        Ok(())
    }

    /// The lines that leave nothing at a place, nor at any location in it.
    pub(crate) fn clearing(&self, place: &LocationId) -> Vec<Line> {
        let filled = self
            .slots
            .iter()
            .filter(|(slot, count)| places::covers(place, slot) && **count != Count::default());
        let clearing = filled.map(|(slot, count)| Line {
            location: slot.clone(),
            on_hand: -count.on_hand,
            allocated: -count.allocated,
        });
        clearing.collect()
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
    fn reserve(&self, location: &LocationId, quantity: Quantity) -> Result<Vec<Line>, Refusal> {
        positive(quantity)?;
        let here = self.count(location).unwrap_or_default();
        let site = places::site_of(location).into();
        let around = self.count(&site).unwrap_or_default();
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

    /// Takes what was promised at the place, and the promise with it.
    fn ship(
        &self,
        location: &LocationId,
        quantity: Quantity,
        floor: Floor,
    ) -> Result<Vec<Line>, Refusal> {
        let mut lines = self.release(location, quantity)?;
        lines.extend(self.take(location, quantity, None, floor)?);
        Ok(lines)
    }

    fn bring(
        &self,
        location: &LocationId,
        quantity: Quantity,
        to: &LocationId,
    ) -> Result<Vec<Line>, Refusal> {
        if to == location {
            return Err("it lies there already".into());
        }
        let mut lines = self.take(location, quantity, Some(to), Floor::Zero)?;
        lines.push(put(to, quantity));
        Ok(lines)
    }

    fn put_or_take(
        &self,
        location: &LocationId,
        delta: Quantity,
        present: Quantity,
        floor: Floor,
    ) -> Result<Vec<Line>, Refusal> {
        if !delta.is_negative() {
            return Ok(vec![put(location, delta)]);
        }
        if floor == Floor::Zero {
            enough(present, -delta)?;
        }
        self.take(location, -delta, None, floor)
    }

    /// Takes from the bin; or from the warehouse, first what is unsorted, then bin by bin, but not from `except`. What is
    /// not there is taken below zero, at the very place, where that is allowed.
    fn take(
        &self,
        location: &LocationId,
        quantity: Quantity,
        except: Option<&LocationId>,
        floor: Floor,
    ) -> Result<Vec<Line>, Refusal> {
        let source = |slot: &LocationId| places::covers(location, slot) && Some(slot) != except;
        let (mut lines, mut missing) = (Vec::new(), quantity);
        for (slot, count) in self.slots.iter().filter(|(slot, _)| source(slot)) {
            let taken = count.on_hand.min(missing);
            if taken > Quantity::ZERO {
                lines.push(put(slot, -taken));
                missing = missing - taken;
            }
        }
        if missing > Quantity::ZERO {
            if floor == Floor::Zero {
                enough(quantity - missing, quantity)?;
            }
            lines.push(put(location, -missing));
        }
        Ok(lines)
    }
}

// === impl Count ===

impl Count {
    /// What can still be promised; negative when a count found less than was promised.
    pub(crate) fn available(self) -> Quantity {
        self.on_hand - self.allocated
    }

    fn plus(self, other: Self) -> Self {
        Self {
            on_hand: self.on_hand + other.on_hand,
            allocated: self.allocated + other.allocated,
        }
    }

    fn after(self, line: &Line) -> Option<Self> {
        let counted = |quantity: &Quantity| (-QUANTITY_MAX..=QUANTITY_MAX).contains(quantity);
        Some(Self {
            on_hand: self.on_hand.checked_add(line.on_hand).filter(counted)?,
            allocated: self.allocated.checked_add(line.allocated).filter(counted)?,
        })
    }
}

fn put(location: &LocationId, quantity: Quantity) -> Line {
    Line {
        location: location.clone(),
        on_hand: quantity,
        allocated: Quantity::ZERO,
    }
}

fn promise(location: &LocationId, quantity: Quantity) -> Line {
    Line {
        location: location.clone(),
        on_hand: Quantity::ZERO,
        allocated: quantity,
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

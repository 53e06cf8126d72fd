//! A batch of operations in the making: what was read, what it becomes, and the writes that make it so.
//!
//! **Invariant:** whatever an operation was done on is among the expectations of the writes, so the commit fails if
//! any of it is no longer true. That a place is still there is expected only when an article is brought to it for the
//! first time: `removal` changes every shelf that knows the place, so the shelf is expectation enough.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::iter::once;

use bestand_plugin_api::state::{Entry, Expected, Write};
use bestand_plugin_api::{
    Condition, Ctx, LocationId, Quantity, Result, Sku, StockChange, StockOperation, Timestamp,
    WriteOutcome, call,
};

use crate::batch::lot_name;
use crate::keys;
use crate::ledger::{self, Cause, Done, Line};
use crate::shelf::{Floor, Refusal, Shelf};

/// Longest reason and note kept, in characters.
const REASON_CHARS_MAX: usize = 200;
const NOTE_CHARS_MAX: usize = 2000;
/// Longest name of who made a change, in characters; names of keys and users are shorter.
const AUTHOR_CHARS_MAX: usize = 500;

/// A batch in the making.
#[derive(Debug)]
pub(crate) struct Draft {
    now: Timestamp,
    shelves: BTreeMap<Sku, Drafted>,
    places: HashMap<LocationId, Entry>,
    /// Places that get an article for the first time.
    joined: HashSet<LocationId>,
    /// Operations that were done before, and those of this batch.
    done: HashMap<String, Done>,
    /// What this batch adds.
    entries: Vec<ledger::Entry>,
    operations: Vec<String>,
}

/// A shelf as it is stored and as it will be.
#[derive(Debug)]
struct Drafted {
    stored: Option<Entry>,
    shelf: Shelf,
    changed: bool,
}

// === impl Draft ===

impl Draft {
    /// Reads everything the operations are about, in one request.
    pub(crate) async fn read(ctx: &Ctx, batch: &[StockOperation], now: Timestamp) -> Result<Self> {
        let kept: Vec<_> = batch
            .iter()
            .filter(|operation| fits(operation).is_ok())
            .collect();
        let skus = unique(kept.iter().map(|operation| &operation.sku));
        let ids = unique(kept.iter().map(|operation| &operation.op_id));
        let places = unique(kept.iter().flat_map(|operation| places(operation)));
        let keys = skus.iter().map(|sku| keys::stock(sku));
        let keys = keys.chain(ids.iter().map(|id| keys::done(id)));
        let keys = keys.chain(places.iter().map(|place| keys::place(place)));
        let mut stored = ctx.state().get_many(keys.collect()).await?.into_iter();

        let mut draft = Self::empty(now);
        for (sku, entry) in skus.into_iter().zip(stored.by_ref()) {
            draft.shelves.insert(sku.clone(), Drafted::new(sku, entry)?);
        }
        for (id, entry) in ids.into_iter().zip(stored.by_ref()) {
            if let Some(entry) = entry {
                draft.done.insert(id.clone(), call::decode(&entry.value)?);
            }
        }
        for (place, entry) in places.into_iter().zip(stored) {
            draft
                .places
                .extend(entry.map(|entry| (place.clone(), entry)));
        }
        Ok(draft)
    }

    /// Works out one operation on what the ones before it have left.
    pub(crate) fn operate(&mut self, operation: &StockOperation, floor: Floor) -> WriteOutcome {
        match self.try_operate(operation, floor) {
            Ok(()) => WriteOutcome::Applied,
            Err(reason) => WriteOutcome::Rejected { reason },
        }
    }

    /// What makes it so; nothing when every operation was refused or done before.
    pub(crate) fn writes(self) -> Result<Vec<Write>> {
        let mut writes = Vec::new();
        for (sku, drafted) in self.shelves.iter().filter(|(_, drafted)| drafted.changed) {
            let expected = Expected::unchanged(drafted.stored.as_ref());
            let shelf = call::encode(&drafted.shelf)?;
            writes.push(Write::put(keys::stock(sku), shelf, expected));
        }
        for entry in &self.entries {
            let key = keys::ledger(&entry.sku, entry.number);
            writes.push(Write::put(key, call::encode(entry)?, Expected::Absent));
        }
        for id in &self.operations {
            let done = call::encode(&self.done[id])?;
            writes.push(Write::put(keys::done(id), done, Expected::Absent));
        }
        let joined = self.joined.iter().filter_map(|id| self.places.get(id));
        writes.extend(joined.map(untouched));
        Ok(writes)
    }

    fn empty(now: Timestamp) -> Self {
        Self {
            now,
            shelves: BTreeMap::new(),
            places: HashMap::new(),
            joined: HashSet::new(),
            done: HashMap::new(),
            entries: Vec::new(),
            operations: Vec::new(),
        }
    }

    fn try_operate(&mut self, operation: &StockOperation, floor: Floor) -> Result<(), Refusal> {
        fits(operation)?;
        let this = Done::of(operation);
        match self.done.get(&operation.op_id) {
            Some(done) if *done == this => return Ok(()),
            Some(_) => return Err("this operation id was used for another change".into()),
            None => {}
        }
        if let Some(missing) = places(operation).find(|place| !self.places.contains_key(place)) {
            return Err(format!("there is no location `{missing}`"));
        }
        let drafted = self.shelves.get_mut(&operation.sku);
        let drafted = drafted.ok_or("the article was not read")?;
        let lines = drafted.shelf.plan(operation, floor, self.now)?;
        let before = drafted.shelf.everywhere();
        let joined = drafted.joined_by(&lines);
        drafted.post(&lines, self.now)?;
        drafted.shelf.learn(operation, &lines, before);
        self.entries.push(ledger::Entry {
            sku: operation.sku.clone(),
            number: drafted.shelf.revision,
            at: self.now,
            cause: Cause::of(operation),
            lines,
            unit_cost: drafted.shelf.unit_cost,
        });
        self.joined.extend(joined);
        self.done.insert(operation.op_id.clone(), this);
        self.operations.push(operation.op_id.clone());
        Ok(())
    }
}

// === impl Drafted ===

impl Drafted {
    fn new(sku: &Sku, stored: Option<Entry>) -> Result<Self> {
        let shelf = match &stored {
            Some(entry) => call::decode(&entry.value)?,
            None => Shelf::new(sku.clone()),
        };
        Ok(Self {
            stored,
            shelf,
            changed: false,
        })
    }

    fn joined_by(&self, lines: &[Line]) -> Vec<LocationId> {
        let places = lines.iter().map(|line| &line.location);
        places
            .filter(|place| !self.shelf.knows(place))
            .cloned()
            .collect()
    }

    fn post(&mut self, lines: &[Line], now: Timestamp) -> Result<(), Refusal> {
        self.shelf.post(lines, now)?;
        self.changed = true;
        Ok(())
    }
}

/// Writes an entry back as it is: the commit fails if it has changed, and so does whatever else relies on it.
pub(crate) fn untouched(entry: &Entry) -> Write {
    let expected = Expected::Version(entry.version);
    Write::put(entry.key.clone(), entry.value.clone(), expected)
}

/// Whether the operation can be kept at all.
fn fits(operation: &StockOperation) -> Result<(), Refusal> {
    let chars = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
    if operation.op_id.is_empty() || operation.op_id.len() > keys::OPERATION_BYTES_MAX {
        return Err(format!(
            "an operation id has 1 to {} bytes",
            keys::OPERATION_BYTES_MAX
        ));
    }
    if operation.sku.len() > keys::SKU_BYTES_MAX {
        return Err(format!(
            "a SKU has at most {} bytes here",
            keys::SKU_BYTES_MAX
        ));
    }
    if places(operation).any(|place| place.0.len() > keys::PLACE_BYTES_MAX) {
        return Err("there is no such location".into());
    }
    operation.lot.as_deref().map_or(Ok(()), lot_name)?;
    if operation.condition == Some(Condition::Unknown) {
        return Err("the built-in warehouse knows no such condition".into());
    }
    if operation.expires_at.is_some() && operation.lot.is_none() {
        return Err("only a lot expires: name the lot".into());
    }
    if operation.unit_cost.is_some_and(Quantity::is_negative) {
        return Err("a unit cost is not less than zero".into());
    }
    if chars(&operation.author) > AUTHOR_CHARS_MAX {
        return Err(format!(
            "an author has at most {AUTHOR_CHARS_MAX} characters"
        ));
    }
    if chars(&operation.reason) > REASON_CHARS_MAX {
        return Err(format!(
            "a reason has at most {REASON_CHARS_MAX} characters"
        ));
    }
    if chars(&operation.note) > NOTE_CHARS_MAX {
        return Err(format!("a note has at most {NOTE_CHARS_MAX} characters"));
    }
    Ok(())
}

/// The places an operation names.
fn places(operation: &StockOperation) -> impl Iterator<Item = &LocationId> {
    let to = match &operation.change {
        StockChange::Move { to, .. } => Some(to),
        _ => None,
    };
    once(&operation.location).chain(to)
}

fn unique<T: Hash + Eq + Copy>(things: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = HashSet::new();
    things.filter(|thing| seen.insert(*thing)).collect()
}

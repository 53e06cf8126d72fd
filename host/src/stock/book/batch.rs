//! What one commit does: every level that it touches once, whoever brings it and however often.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bestand_plugin_api::{Sku, StockLevel, Timestamp};

use super::telling::Telling;
use super::writer::Apply;
use super::{Outcome, Shared};
use crate::id::{SourceId, SyncId};
use crate::stock::index::{Index, Look, Source, Writing};
use crate::stock::newer_wins::{Decision, newer_wins};
use crate::stock::{Cause, Held};
use crate::store::history::NewChange;
use crate::store::level::{Purpose, Row};
use crate::store::{self, Engine, Error, Tx};

/// The levels that some callers bring, each once.
pub(super) struct Batch<'a> {
    slots: Vec<Slot<'a>>,
    /// For each update of each caller, in order: its slot.
    order: Vec<usize>,
    changes: Vec<Change<'a>>,
    /// Of each caller, of each of its updates.
    outcomes: Vec<Vec<Outcome>>,
}

/// A level that the commit touches.
struct Slot<'a> {
    source: &'a Arc<Source>,
    sku: &'a Sku,
    /// What is known of it: first what is stored, then what has won so far.
    known: Option<Held>,
    /// The update that won.
    winner: Option<&'a StockLevel>,
    /// The listing that named it.
    listed_by: Option<SyncId>,
    /// The last caller that changed it.
    changed_by: Option<usize>,
    /// Whether nothing was stored of it.
    is_new: bool,
}

/// What one caller changed of a level, all its updates taken together.
struct Change<'a> {
    caller: usize,
    slot: usize,
    cause: &'a Cause,
    /// `None` when it was never seen before.
    before: Option<Held>,
    after: Held,
}

// === impl Batch ===

impl<'a> Batch<'a> {
    /// Finds the levels that `group` touches.
    pub(super) fn of(group: &'a [Apply]) -> Self {
        let updates = group.iter().map(|apply| apply.levels.len()).sum();
        let mut slots = Vec::with_capacity(updates);
        let mut order = Vec::with_capacity(updates);
        let mut by_key: HashMap<(SourceId, &str), usize> = HashMap::with_capacity(updates);
        for apply in group {
            for (source, level) in &apply.levels {
                let source = &apply.sources[*source];
                let slot = *by_key.entry((source.id, &level.sku)).or_insert_with(|| {
                    slots.push(Slot::new(source, &level.sku));
                    slots.len() - 1
                });
                order.push(slot);
            }
        }
        Self {
            slots,
            order,
            changes: Vec::new(),
            outcomes: Vec::with_capacity(group.len()),
        }
    }

    /// Learns what is stored: from the index, and from the store what is not there.
    pub(super) async fn read_stored(&mut self, shared: &Shared, tx: &Tx) -> Result<(), Error> {
        // Another daemon may have written to PostgreSQL since the index learnt of a level.
        let trusts_index = shared.db.engine() == Engine::Sqlite;
        let mut missing: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
        for (position, slot) in self.slots.iter_mut().enumerate() {
            match shared.index.look(slot.source, slot.sku) {
                Look::Known(held) if trusts_index => slot.known = held,
                _ => missing.entry(slot.source.id).or_default().push(position),
            }
        }
        for positions in missing.into_values() {
            self.read_some(tx, &positions).await?;
        }
        Ok(())
    }

    async fn read_some(&mut self, tx: &Tx, positions: &[usize]) -> Result<(), Error> {
        let source = self.slots[positions[0]].source;
        let skus = positions
            .iter()
            .map(|position| self.slots[*position].sku.as_str());
        let skus: Vec<&str> = skus.collect();
        let (account, purpose) = (source.account_id, Purpose::Change);
        let stored = store::level::find_many(tx, purpose, account, source.id, &skus).await?;
        for position in positions {
            let slot = &mut self.slots[*position];
            slot.known = source.as_confirmed(stored.get(slot.sku.as_str()).copied());
        }
        Ok(())
    }

    /// Lets the newer win, caller by caller and update by update.
    pub(super) fn decide(&mut self, group: &'a [Apply], now: Timestamp) {
        let mut order = std::mem::take(&mut self.order).into_iter();
        for (caller, apply) in group.iter().enumerate() {
            let first_change = self.changes.len();
            let mut outcomes = Vec::with_capacity(apply.levels.len());
            for ((_, level), slot) in apply.levels.iter().zip(&mut order) {
                let before = self.slots[slot].known;
                let decision = self.slots[slot].take(level, apply.cause.listed_by(), now);
                outcomes.push(decision.outcome());
                if let Decision::Changed(after) = decision
                    && self.slots[slot].changed_by.replace(caller) != Some(caller)
                {
                    self.changes.push(Change {
                        caller,
                        slot,
                        cause: &apply.cause,
                        before,
                        after,
                    });
                }
            }
            self.outcomes.push(outcomes);
            for change in &mut self.changes[first_change..] {
                change.after = self.slots[change.slot].known.unwrap_or(change.after);
            }
        }
    }

    /// Stores what has won, and how it came about.
    pub(super) async fn write(&mut self, tx: &Tx, now: Timestamp) -> Result<(), Error> {
        let mut rows: Vec<Row<'_>> = self.slots.iter().filter_map(Slot::row).collect();
        // In the order of their keys, so that each page of the table is touched once.
        rows.sort_unstable_by(|one, other| one.key().cmp(&other.key()));
        store::level::put(tx, &rows).await?;
        self.keep_listed_by(tx).await?;
        self.keep_as_of(tx).await?;
        let changes = self.changes.iter();
        let changes: Vec<_> = changes
            .filter_map(|change| change.row(&self.slots))
            .collect();
        store::history::insert(tx, &changes, now).await
    }

    /// What a listing named but knew nothing newer of was still named.
    async fn keep_listed_by(&self, tx: &Tx) -> Result<(), Error> {
        let only_named = |slot: &&Slot<'_>| slot.winner.is_none() && slot.known.is_some();
        for slot in self.slots.iter().filter(only_named) {
            let (account, source) = (slot.source.account_id, slot.source.id);
            if let Some(run) = slot.listed_by {
                store::level::keep_listed_by(tx, account, source, run, &[slot.sku]).await?;
            }
        }
        Ok(())
    }

    async fn keep_as_of(&self, tx: &Tx) -> Result<(), Error> {
        // In order, so that two daemons never wait for each other.
        let mut sources: BTreeMap<SourceId, (&Source, Timestamp, usize)> = BTreeMap::new();
        for slot in &self.slots {
            let Some((_, held)) = slot.won() else {
                continue;
            };
            let (_, newest, added) =
                sources
                    .entry(slot.source.id)
                    .or_insert((slot.source, held.as_of, 0));
            *newest = (*newest).max(held.as_of);
            *added += usize::from(slot.is_new);
        }
        for (source, newest, added) in sources.into_values() {
            let (account, id) = (source.account_id, source.id);
            store::source::keep_as_of(tx, account, id, newest, added).await?;
        }
        Ok(())
    }

    /// Tells the index what is about to be committed.
    pub(super) fn announce<'i>(&self, index: &'i Index) -> Writing<'i> {
        let won = self.slots.iter().filter(|slot| slot.winner.is_some());
        index.writing(won.map(|slot| (&**slot.source, slot.sku.as_str())))
    }

    /// Makes readable what is durable now.
    pub(super) fn put(&self, writing: &Writing<'_>) {
        for slot in &self.slots {
            if let Some((_, held)) = slot.won() {
                writing.put(slot.source, slot.sku, held);
            }
        }
    }

    /// What programs are told.
    pub(super) async fn telling(&self, shared: &Shared) -> Result<Telling<'_>, Error> {
        let accounts = self.slots.iter().map(|slot| slot.source.account_id);
        let mut telling = Telling::of(shared, accounts).await?;
        for change in self.changes.iter().filter(|change| change.is_real()) {
            let Slot { source, sku, .. } = &self.slots[change.slot];
            let place = (source.account_id, source.id);
            telling.add(place, change.cause, sku, change.before, change.after);
        }
        Ok(telling)
    }

    /// The levels that the caller at this position changed.
    pub(super) fn changed_by(&self, position: usize) -> Vec<(SourceId, Sku)> {
        let changes = self.changes.iter();
        let own = changes.filter(|change| change.caller == position && change.is_real());
        let level = |change: &Change<'_>| {
            let slot = &self.slots[change.slot];
            (slot.source.id, slot.sku.clone())
        };
        own.map(level).collect()
    }

    /// What the caller at this position changed of a source: the SKU, what was known before, and what is since.
    pub(super) fn changes_by(
        &self,
        position: usize,
        source: SourceId,
    ) -> impl Iterator<Item = (&'a Sku, Option<Held>, Held)> {
        self.changes.iter().filter_map(move |change| {
            let slot = &self.slots[change.slot];
            let is_meant = change.caller == position && slot.source.id == source;
            is_meant.then_some((slot.sku, change.before, change.after))
        })
    }

    /// What became of each caller's updates.
    pub(super) fn outcomes(self) -> Vec<Vec<Outcome>> {
        self.outcomes
    }
}

// === impl Slot ===

impl<'a> Slot<'a> {
    fn new(source: &'a Arc<Source>, sku: &'a Sku) -> Self {
        Self {
            source,
            sku,
            known: None,
            winner: None,
            listed_by: None,
            changed_by: None,
            is_new: false,
        }
    }

    fn take(
        &mut self,
        level: &'a StockLevel,
        listed_by: Option<SyncId>,
        now: Timestamp,
    ) -> Decision {
        self.listed_by = listed_by.or(self.listed_by);
        let incoming = Held::from_level(level, now);
        let read_at = match level.as_of {
            Some(_) => level.fetched_at.min(now),
            None => incoming.as_of,
        };
        let decision = newer_wins(self.known, self.source.listed_at(), incoming, read_at);
        if let Decision::Confirmed(held) | Decision::Changed(held) = decision {
            self.is_new |= self.known.is_none();
            self.known = Some(held);
            self.winner = Some(level);
        }
        decision
    }

    /// The update that won, and what is known since.
    fn won(&self) -> Option<(&'a StockLevel, Held)> {
        Some((self.winner?, self.known?))
    }

    fn row(&self) -> Option<Row<'a>> {
        let (level, held) = self.won()?;
        Some(Row {
            account_id: self.source.account_id,
            source_id: self.source.id,
            listed_by: self.listed_by,
            level,
            held,
        })
    }
}

// === impl Change ===

impl<'a> Change<'a> {
    /// Whether anything is different after all of the caller's updates.
    fn is_real(&self) -> bool {
        !self
            .before
            .is_some_and(|before| before.says_the_same_as(&self.after))
    }

    /// For the history, which begins with the first change of what was seen before.
    fn row(&self, slots: &[Slot<'a>]) -> Option<NewChange<'a>> {
        let slot = &slots[self.slot];
        let before = self.before.filter(|_| self.is_real())?;
        Some(NewChange {
            account_id: slot.source.account_id,
            source_id: slot.source.id,
            sku: slot.sku,
            cause: self.cause,
            before,
            after: self.after,
        })
    }
}

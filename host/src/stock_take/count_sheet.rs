//! Where a stock take is begun, counted on, committed and cancelled.

use std::collections::{BTreeMap, HashMap, HashSet};

use bestand_plugin_api::{
    LocationId, Quantity, Sku, SkuErrorKind, StockChange, StockLevel, StockOperation, Tracking,
};
use uuid::Uuid;

use super::{
    COUNTS_PER_REQUEST_MAX, Count, CountRefusal, NOTE_CHARS_MAX, StockTake, StockTakeError,
    TakeState,
};
use crate::clock::Clock;
use crate::connection::Connections;
use crate::operation::OperationState;
use crate::source::InventorySource;
use crate::store::stock_take::count::{self, Put};
use crate::store::stock_take::{self as takes};
use crate::store::{self, Db};

/// Differences sent at once: the commit is seen to go on, and a restart repeats few of them.
const BATCH: u32 = 500;
/// The reason that the ledger of the system is given.
const REASON: &str = "stock_take";

/// Where the stock takes of a source are done.
#[derive(Clone)]
pub struct CountSheet {
    db: Db,
    clock: Clock,
    connections: Connections,
}

/// What was counted, before it is compared.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The article.
    pub sku: Sku,
    /// The place within the source; `None` for the source as a whole.
    pub place: Option<LocationId>,
    /// How many there are.
    pub counted: Quantity,
}

/// What becomes of articles that are held at the source and were not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uncounted {
    /// They stay as they are.
    #[default]
    Leave,
    /// There are none of them.
    Zero,
}

/// How many of an article lie at a place, or why that is not known.
type Held = HashMap<(Sku, LocationId), Result<Quantity, CountRefusal>>;

impl std::fmt::Debug for CountSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CountSheet").finish_non_exhaustive()
    }
}

// === impl CountSheet ===

impl CountSheet {
    /// The one of this store and these connections.
    #[must_use]
    pub fn new(db: Db, clock: Clock, connections: Connections) -> Self {
        Self {
            db,
            clock,
            connections,
        }
    }

    /// Begins a take of `source`.
    ///
    /// # Errors
    /// When nothing can be written to the source, or a take of it is under way.
    pub async fn start(
        &self,
        source: &InventorySource,
        note: Option<String>,
        actor: &str,
    ) -> Result<StockTake, StockTakeError> {
        self.connections.may_write(source)?;
        let note = note.filter(|note| !note.trim().is_empty());
        if note
            .as_ref()
            .is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX)
        {
            return Err(StockTakeError::LongNote);
        }
        let take = StockTake::new(
            (source.account_id, source.id),
            note,
            actor,
            self.clock.now(),
        );
        match takes::insert(&self.db, &take).await? {
            true => Ok(take),
            false => Err(StockTakeError::UnderWay),
        }
    }

    /// Keeps what was counted beside what is held now; a place that was counted before is counted anew. One result for
    /// each, in order: the count, or why it is not kept.
    ///
    /// # Errors
    /// When none can be kept.
    pub async fn count(
        &self,
        take: &StockTake,
        source: &InventorySource,
        actor: &str,
        sheet: Vec<Sheet>,
    ) -> Result<Vec<Result<Count, CountRefusal>>, StockTakeError> {
        if !(1..=COUNTS_PER_REQUEST_MAX).contains(&sheet.len()) {
            return Err(StockTakeError::Number);
        }
        let held = self.held(source, &sheet).await?;
        let (now, mut seen) = (self.clock.now(), HashSet::new());
        let counted = sheet.into_iter().map(|line| {
            let place = line
                .place
                .clone()
                .unwrap_or_else(|| source.location_id.clone());
            let key = (line.sku.clone(), place);
            if line.counted.is_negative() {
                return Err(CountRefusal::Negative);
            }
            if !seen.insert(key.clone()) {
                return Err(CountRefusal::Twice);
            }
            let held = held.get(&key).cloned();
            let held = held.unwrap_or(Err(CountRefusal::NotAnswered))?;
            Ok(Count {
                place: line.place.filter(|place| *place != source.location_id),
                sku: line.sku,
                operation_id: Uuid::now_v7().to_string(),
                counted: line.counted,
                held,
                counted_at: now,
                counted_by: actor.to_owned(),
                outcome: None,
            })
        });
        let counted: Vec<Result<Count, CountRefusal>> = counted.collect();
        let kept: Vec<&Count> = counted
            .iter()
            .filter_map(|count| count.as_ref().ok())
            .collect();
        match count::put(&self.db, take, &kept).await? {
            Put::Done => Ok(counted),
            Put::Closed(state) => Err(StockTakeError::Closed(state)),
            Put::TooMany => Err(StockTakeError::TooMany),
        }
    }

    /// Writes all differences; of a take that was cut off doing so, the rest of them.
    ///
    /// # Errors
    /// When it is closed, or its system cannot be written to now: what is written by then stays so, and committing it
    /// again goes on.
    pub async fn commit(
        &self,
        take: &StockTake,
        source: &InventorySource,
        actor: &str,
        uncounted: Uncounted,
    ) -> Result<(), StockTakeError> {
        self.connections.can_write_now(source)?;
        if take.state == TakeState::Open {
            if uncounted == Uncounted::Zero {
                self.count_rest_as_none(take, source, actor).await?;
            }
            self.turn(take, TakeState::Open, TakeState::Committing, actor)
                .await?;
        } else if take.state != TakeState::Committing {
            return Err(StockTakeError::Closed(take.state));
        }
        loop {
            let due = count::due(&self.db, take, BATCH).await?;
            if due.is_empty() {
                break;
            }
            self.write(take, source, actor, &due).await?;
        }
        let committed = TakeState::Committed;
        self.turn(take, TakeState::Committing, committed, actor)
            .await
    }

    /// Gives a take up: nothing of it is written.
    ///
    /// # Errors
    /// When it is not open.
    pub async fn cancel(&self, take: &StockTake, actor: &str) -> Result<(), StockTakeError> {
        self.turn(take, TakeState::Open, TakeState::Cancelled, actor)
            .await
    }

    async fn turn(
        &self,
        take: &StockTake,
        from: TakeState,
        to: TakeState,
        actor: &str,
    ) -> Result<(), StockTakeError> {
        let now = self.clock.now();
        match takes::turn(&self.db, take, from, to, actor, now).await? {
            true => Ok(()),
            false => {
                let state = takes::find(&self.db, take.account_id, take.id).await?;
                let state = state.map_or(TakeState::Cancelled, |take| take.state);
                // Somebody else has committed it meanwhile, with the same operations.
                match state == to {
                    true => Ok(()),
                    false => Err(StockTakeError::Closed(state)),
                }
            }
        }
    }

    async fn write(
        &self,
        take: &StockTake,
        source: &InventorySource,
        actor: &str,
        due: &[Count],
    ) -> Result<(), StockTakeError> {
        let operation = |count: &Count| {
            let place = count
                .place
                .clone()
                .unwrap_or_else(|| source.location_id.clone());
            let change = StockChange::Adjust {
                delta: count.difference(),
            };
            let id = count.operation_id.clone();
            let operation = StockOperation::new(id, count.sku.clone(), place, change);
            let note = format!("counted {}, held {}", count.counted, count.held);
            operation.with_reason(REASON).with_note(note)
        };
        let operations = due.iter().map(operation).collect();
        let written = self
            .connections
            .write_stock(take.account_id, actor, source, operations);
        let outcomes = written.await?;
        let told = outcomes.iter().map(OperationState::of);
        let settled: Vec<_> = due.iter().zip(told).collect();
        Ok(count::settle(&self.db, take, &settled).await?)
    }

    /// Counts none of each article that is held at the source and was counted nowhere in it.
    async fn count_rest_as_none(
        &self,
        take: &StockTake,
        source: &InventorySource,
        actor: &str,
    ) -> Result<(), StockTakeError> {
        loop {
            let rest =
                count::uncounted(&self.db, take, None, COUNTS_PER_REQUEST_MAX as u32).await?;
            if rest.is_empty() {
                return Ok(());
            }
            let none = |(sku, _): (Sku, Quantity)| Sheet {
                sku,
                place: None,
                counted: Quantity::ZERO,
            };
            let counted = self.count(take, source, actor, rest.into_iter().map(none).collect());
            if let Some(reason) = counted.await?.into_iter().find_map(Result::err) {
                let message = format!("what was not counted cannot be compared: {reason}");
                return Err(bestand_plugin_api::AdapterError::transient(message).into());
            }
        }
    }

    /// What the source's system has on hand now; of one that cannot be asked for single articles, what is stored.
    async fn held(
        &self,
        source: &InventorySource,
        sheet: &[Sheet],
    ) -> Result<Held, StockTakeError> {
        let (account, connection) = (source.account_id, source.connection_id);
        let mut by_place: BTreeMap<LocationId, Vec<Sku>> = BTreeMap::new();
        for line in sheet {
            let place = line
                .place
                .clone()
                .unwrap_or_else(|| source.location_id.clone());
            by_place.entry(place).or_default().push(line.sku.clone());
        }
        let mut held = Held::new();
        for (place, skus) in by_place {
            if !self.connections.answers_by_sku(connection) {
                held.extend(self.stored(source, &place, skus).await?);
                continue;
            }
            let places = std::slice::from_ref(&place);
            let told = self
                .connections
                .ask_places(account, connection, &skus, places)
                .await?;
            let none = self.connections.is_built_in(connection);
            held.extend(told.errors.into_iter().map(|error| {
                let known = match error.kind {
                    // Its own system: what it was never given is not there.
                    SkuErrorKind::NotFound if none => Ok(Quantity::ZERO),
                    _ => Err(CountRefusal::System(error.message)),
                };
                ((error.sku, place.clone()), known)
            }));
            let levels = told.levels.iter().filter(|level| level.location == place);
            held.extend(levels.map(|level| ((level.sku.clone(), place.clone()), on_hand(level))));
        }
        Ok(held)
    }

    async fn stored(
        &self,
        source: &InventorySource,
        place: &LocationId,
        skus: Vec<Sku>,
    ) -> Result<Held, store::Error> {
        let is_source = *place == source.location_id;
        let levels = store::level::details(&self.db, source.account_id, source.id, &skus).await?;
        let known = |level: Option<store::level::LevelDetails>| {
            let on_hand = level
                .and_then(|level| level.held.on_hand)
                .filter(|_| is_source);
            on_hand.ok_or(CountRefusal::NotKnown)
        };
        let keys = skus.into_iter().map(|sku| (sku, place.clone()));
        Ok(keys.zip(levels.into_iter().map(known)).collect())
    }
}

fn on_hand(level: &StockLevel) -> Result<Quantity, CountRefusal> {
    match (level.tracking, level.quantities.on_hand) {
        (Tracking::Counted, Some(on_hand)) => Ok(on_hand),
        (Tracking::NotStocked, _) => Ok(Quantity::ZERO),
        _ => Err(CountRefusal::NoNumber),
    }
}

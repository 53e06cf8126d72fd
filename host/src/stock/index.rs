//! The index: levels in memory, bounded, in front of the store.
//!
//! **Invariant:** what it answers was true in the store when it was asked, and never goes back. The writer says what it
//! is about to commit and puts it when it has; a reader may fill in what it has read only if no commit came near
//! meanwhile, or if something older stands there.

mod key;
mod packed;
mod source;
mod writing;

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, OptionsBuilder, UnitWeighter};

use crate::id::{AccountId, SourceId};
use crate::stock::Held;
use key::{Key, KeyRef};
use packed::Packed;

pub(super) use source::Source;
pub(super) use writing::Writing;

/// Keys are spread over this many counters of changes, so that a writer rarely keeps a reader from filling in.
const STRIPES: usize = 1024;

/// Levels it has room for when it is new: less than a megabyte, and enough for a part of it for every processor.
const ITEMS_EXPECTED: usize = 8_192;

/// Levels in memory.
#[derive(Debug)]
pub(super) struct Index {
    levels: Cache<Key, Packed, UnitWeighter, DefaultHashBuilder, Evictions>,
    /// What the writer does, by stripe of keys. Held while a level is put or filled in.
    stripes: Box<[Mutex<Stripe>]>,
    hasher: DefaultHashBuilder,
    /// Locked only to look up or put in a reference.
    sources: RwLock<HashMap<(AccountId, SourceId), Arc<Source>>>,
    evictions: Evictions,
}

/// What the index says of a SKU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// This is what is stored; `None` is known to be nothing.
    Known(Option<Held>),
    /// The store has to be asked.
    Miss,
}

/// What the writer does with the keys of a stripe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Stripe {
    /// How many commits of its keys have begun.
    begun: u64,
    /// How many of them have not ended.
    open: u32,
}

/// The state of a key's stripe when a reader began to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(Stripe);

/// Remembers whether anything had to make room.
#[derive(Clone, Debug, Default)]
struct Evictions {
    happened: Arc<AtomicBool>,
}

// === impl Index ===

impl Index {
    /// An empty index for at most `levels_max` levels.
    pub(super) fn new(levels_max: usize) -> Self {
        let evictions = Evictions::default();
        let options = OptionsBuilder::new()
            .weight_capacity(u64::try_from(levels_max.max(1)).unwrap_or(u64::MAX))
            // Room for a few, so that it is made of several parts with a lock each; it grows as it fills.
            .estimated_items_capacity(levels_max.min(ITEMS_EXPECTED))
            .build()
            .expect("all that it asks for is set");
        let hasher = DefaultHashBuilder::default();
        Self {
            levels: Cache::with_options(options, UnitWeighter, hasher.clone(), evictions.clone()),
            stripes: (0..STRIPES).map(|_| Mutex::default()).collect(),
            hasher,
            sources: RwLock::default(),
            evictions,
        }
    }

    /// What is known of `sku`.
    pub(super) fn look(&self, source: &Source, sku: &str) -> Look {
        match self.levels.get(&KeyRef::new(source, sku)) {
            Some(packed) => Look::Known(source.as_confirmed(packed.unpack())),
            // In this order: an eviction is remembered before it can be missed.
            None if source.is_held_whole() && !self.evictions.happened() => Look::Known(None),
            None => Look::Miss,
        }
    }

    /// To be asked before the store is read for [`fill`](Self::fill).
    pub(super) fn epoch(&self, source: &Source, sku: &str) -> Epoch {
        Epoch(*self.stripe(self.stripe_of(source, sku)))
    }

    /// Keeps what was read from the store.
    ///
    /// While a commit is under way nobody can tell whether this was read before or after it. Then it takes the place
    /// of something older only: whoever was given it must not find less the next time.
    pub(super) fn fill(&self, source: &Source, sku: &str, held: Option<Held>, since: Epoch) {
        let stripe = self.stripe(self.stripe_of(source, sku));
        let is_undisturbed = *stripe == since.0 && stripe.open == 0;
        if is_undisturbed || self.holds_older(source, sku, held) {
            self.levels
                .insert(Key::new(source.number, sku), Packed::new(held));
        }
    }

    /// Whether something stands there that was true earlier than this. A level's moment never goes back in the store.
    fn holds_older(&self, source: &Source, sku: &str, held: Option<Held>) -> bool {
        let moment = |held: Option<Held>| held.map(|held| held.as_of);
        let there = self.levels.peek(&KeyRef::new(source, sku));
        there.is_some_and(|there| moment(there.unpack()) < moment(held))
    }

    /// How many levels it holds.
    pub(super) fn len(&self) -> usize {
        self.levels.len()
    }

    /// The source, when the index has met it.
    pub(super) fn source(&self, account: AccountId, id: SourceId) -> Option<Arc<Source>> {
        let sources = self.sources.read().unwrap_or_else(PoisonError::into_inner);
        sources.get(&(account, id)).cloned()
    }

    /// Keeps a source that was just met; whoever met it first has it.
    pub(super) fn meet(&self, met: Source) -> Arc<Source> {
        let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        let kept = sources.entry((met.account_id, met.id));
        kept.or_insert_with(|| Arc::new(met)).clone()
    }

    /// Forgets a source. Its levels are not reachable any more and make room as others come.
    pub(super) fn forget(&self, account: AccountId, id: SourceId) {
        let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
        sources.remove(&(account, id));
    }

    fn stripe_of(&self, source: &Source, sku: &str) -> usize {
        let hash = self.hasher.hash_one(KeyRef::new(source, sku)) % STRIPES as u64;
        usize::try_from(hash).unwrap_or_default()
    }

    fn stripe(&self, number: usize) -> MutexGuard<'_, Stripe> {
        let stripe = self.stripes[number].lock();
        stripe.unwrap_or_else(PoisonError::into_inner)
    }
}

// === impl KeyRef ===

impl<'a> KeyRef<'a> {
    fn new(source: &Source, sku: &'a str) -> Self {
        Self {
            source: source.number,
            sku: sku.as_bytes(),
        }
    }
}

// === impl Evictions ===

impl Evictions {
    fn happened(&self) -> bool {
        self.happened.load(Ordering::Acquire)
    }
}

impl Lifecycle<Key, Packed> for Evictions {
    type RequestState = ();

    fn before_evict(&self, (): &mut (), _: &Key, _: &mut Packed) {
        self.happened.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use bestand_plugin_api::{Quantity, Timestamp, Tracking};

    use super::*;

    fn held(units: i64) -> Held {
        Held {
            tracking: Tracking::Counted,
            available: Some(Quantity::units(units)),
            on_hand: None,
            allocated: None,
            incoming: None,
            as_of: Timestamp::from_secs(units),
            source_version: None,
            absent: false,
        }
    }

    fn put(index: &Index, source: &Source, sku: &str, held: Held) {
        index.writing([(source, sku)]).put(source, sku, held);
    }

    fn source(index: &Index, is_held_whole: bool) -> Arc<Source> {
        index.meet(Source::new(
            AccountId::new(),
            SourceId::new(),
            None,
            is_held_whole,
        ))
    }

    #[test]
    fn what_was_read_before_a_commit_does_not_overwrite_it() {
        let index = Index::new(100);
        let source = source(&index, false);
        let before = index.epoch(&source, "A");
        put(&index, &source, "A", held(7));
        index.fill(&source, "A", Some(held(3)), before);
        assert_eq!(index.look(&source, "A"), Look::Known(Some(held(7))));
        let after = index.epoch(&source, "B");
        index.fill(&source, "B", None, after);
        assert_eq!(index.look(&source, "B"), Look::Known(None));
    }

    #[test]
    fn what_was_read_while_a_commit_is_under_way_takes_the_place_of_older_things_only() {
        let index = Index::new(100);
        let source = source(&index, false);
        put(&index, &source, "A", held(3));
        let writing = index.writing([(&*source, "A"), (&*source, "B")]);
        let during = index.epoch(&source, "A");
        index.fill(&source, "A", Some(held(7)), during);
        assert_eq!(index.look(&source, "A"), Look::Known(Some(held(7))));
        index.fill(&source, "A", Some(held(3)), during);
        assert_eq!(index.look(&source, "A"), Look::Known(Some(held(7))));
        let during = index.epoch(&source, "B");
        index.fill(&source, "B", Some(held(3)), during);
        assert_eq!(index.look(&source, "B"), Look::Miss);
        drop(writing);
        index.fill(&source, "B", Some(held(3)), during);
        assert_eq!(index.look(&source, "B"), Look::Miss);
    }

    #[test]
    fn a_miss_is_no_answer_unless_all_of_the_source_is_held() {
        let index = Index::new(100);
        assert_eq!(index.look(&source(&index, false), "A"), Look::Miss);
        assert_eq!(index.look(&source(&index, true), "A"), Look::Known(None));
    }

    #[test]
    fn once_something_made_room_a_miss_is_never_taken_for_nothing() {
        let index = Index::new(1000);
        let source = source(&index, true);
        for number in 0..5000 {
            put(&index, &source, &number.to_string(), held(number));
        }
        assert!(index.len() <= 1000);
        for number in 0..5000 {
            let look = index.look(&source, &number.to_string());
            assert!(
                matches!(look, Look::Miss | Look::Known(Some(_))),
                "{look:?}"
            );
        }
    }

    #[test]
    fn putting_the_same_level_again_makes_nothing_else_go() {
        let index = Index::new(1000);
        let source = source(&index, true);
        for number in 0..5000 {
            put(&index, &source, "A", held(number));
        }
        assert_eq!(index.look(&source, "B"), Look::Known(None));
    }

    #[test]
    fn a_source_that_is_met_again_is_a_new_one() {
        let index = Index::new(100);
        let (account, id) = (AccountId::new(), SourceId::new());
        let first = index.meet(Source::new(account, id, None, false));
        put(&index, &first, "A", held(1));
        index.forget(account, id);
        assert!(index.source(account, id).is_none());
        let second = index.meet(Source::new(account, id, None, false));
        assert_eq!(index.look(&second, "A"), Look::Miss);
    }
}

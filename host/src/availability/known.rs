//! From what is stored of a SKU to what is known of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bestand_plugin_api::{Sku, Timestamp, Tracking};

use super::Shared;
use super::route::Route;
use crate::live_query::Said;
use crate::source::InventorySource;
use crate::stock::Held;
use crate::verdict::knowledge::{Count, Knowledge};
use crate::verdict::trouble::Trouble;
use crate::verdict::unanswered::Unanswered;

/// What a level says, when it is fresh.
pub(super) fn fresh(held: &Held, max_age: Duration, now: Timestamp) -> Option<Knowledge> {
    (now.since(held.as_of) <= max_age).then(|| of_level(held))
}

pub(super) fn of_level(held: &Held) -> Knowledge {
    let as_of = held.as_of;
    match held.tracking {
        // A complete listing no longer named it, and its adapter says that this means nothing is known.
        Tracking::Counted if held.absent && held.available.is_none() && held.on_hand.is_none() => {
            Knowledge::UnknownSku { as_of }
        }
        Tracking::Counted => Knowledge::Counted(Count {
            available: held.available,
            on_hand: held.on_hand,
            allocated: held.allocated,
            incoming: held.incoming,
            as_of,
        }),
        Tracking::NotTracked => Knowledge::NotTracked { as_of },
        Tracking::NotStocked => Knowledge::NotStocked { as_of },
        Tracking::Ambiguous => Knowledge::Ambiguous { as_of },
        Tracking::Incomplete => Knowledge::Incomplete { as_of },
        // Not a count, for a reason that only a newer contract knows: no number of it may be believed.
        _ => Knowledge::Counted(Count {
            available: None,
            on_hand: None,
            allocated: None,
            incoming: None,
            as_of,
        }),
    }
}

/// What kept a source's system from answering.
#[derive(Debug, Default)]
pub(super) struct NotAnswered {
    /// What explains counts that are not fresh; of several articles that could not be read, it is the first one's.
    pub(super) trouble: Option<Arc<Trouble>>,
    failed: HashMap<Sku, Arc<Trouble>>,
}

/// What was said last of a SKU at a source.
#[derive(Clone, Copy, Debug)]
enum Last<'a> {
    /// This level.
    Level(&'a Held),
    /// That it is not there: a complete listing did not name it, or the source's system said so when asked.
    Absent(Timestamp),
}

// === impl Last ===

impl Last<'_> {
    fn as_of(self) -> Timestamp {
        match self {
            Self::Level(held) => held.as_of,
            Self::Absent(as_of) => as_of,
        }
    }
}

// === impl NotAnswered ===

impl NotAnswered {
    /// One trouble kept all of it away.
    pub(super) fn because(trouble: Arc<Trouble>) -> Self {
        Self {
            trouble: Some(trouble),
            ..Self::default()
        }
    }

    /// What is known of an article without a level that could not be read just now: that it is not listed says nothing
    /// of an article that its system has trouble with.
    pub(super) fn find(&self, sku: &Sku, held: Option<&Held>) -> Option<Knowledge> {
        let trouble = self.failed.get(sku).filter(|_| held.is_none());
        trouble.map(|trouble| Knowledge::NotRetrieved(Arc::clone(trouble)))
    }
}

// === impl Shared ===

impl Shared {
    /// The SKUs of which nothing was said lately enough.
    pub(super) fn not_fresh(
        &self,
        route: &Route,
        source: &InventorySource,
        skus: &[Sku],
        levels: &[Option<Held>],
    ) -> Vec<Sku> {
        let now = self.clock.now();
        let is_old = |(sku, held): &(&Sku, &Option<Held>)| {
            let last = self.last_said(source, sku, held.as_ref());
            last.is_none_or(|last| now.since(last.as_of()) > route.max_age())
        };
        let old = skus.iter().zip(levels).filter(is_old);
        old.map(|(sku, _)| sku.clone()).collect()
    }

    /// Asks the source's system, and answers what kept it from answering.
    pub(super) async fn ask(&self, source: &InventorySource, skus: &[Sku]) -> NotAnswered {
        let account = source.account_id;
        let said = self.refresh(source, skus, self.live_query).await;
        if said.trouble.is_none() && said.failed.is_empty() {
            return NotAnswered::default();
        }
        let contact = self.adapters.contact(account, source.id).await;
        let told = |why: Unanswered| {
            let (why, contact) = (Box::new(why), contact.clone());
            Arc::new(Trouble::NotAnswered { why, contact })
        };
        let failed = said.failed.into_iter();
        let failed: Vec<_> = failed.map(|(sku, why)| (sku, told(why))).collect();
        let first = || failed.first().map(|(_, why)| Arc::clone(why));
        NotAnswered {
            trouble: said.trouble.map(told).or_else(first),
            failed: failed.into_iter().collect(),
        }
    }

    /// Asks the source's system, and keeps what it says: also that it does not know an article.
    pub(super) async fn refresh(
        &self,
        source: &InventorySource,
        skus: &[Sku],
        within: Duration,
    ) -> Said {
        let asked_at = self.clock.now();
        let asked = self
            .adapters
            .freshen(source.account_id, source.id, skus, within);
        let mut said = asked.await;
        let unknown = std::mem::take(&mut said.unknown);
        self.absences.keep(source.id, unknown, asked_at);
        said
    }

    /// What is known of a SKU by what was said last of it.
    pub(super) fn known(
        &self,
        source: &InventorySource,
        sku: &Sku,
        held: Option<&Held>,
        trouble: Option<&Arc<Trouble>>,
    ) -> Knowledge {
        match self.last_said(source, sku, held) {
            Some(Last::Level(held)) => of_level(held),
            Some(Last::Absent(as_of)) => Knowledge::UnknownSku { as_of },
            None => {
                let name = || source.name.clone();
                let not_listed = || Arc::new(Trouble::NotListedYet { source: name() });
                Knowledge::NotRetrieved(trouble.cloned().unwrap_or_else(not_listed))
            }
        }
    }

    fn last_said<'a>(
        &self,
        source: &InventorySource,
        sku: &Sku,
        held: Option<&'a Held>,
    ) -> Option<Last<'a>> {
        let absent = self.absences.find(source.id, sku);
        match held {
            Some(held) if absent.is_none_or(|absent| absent <= held.as_of) => {
                Some(Last::Level(held))
            }
            Some(_) => absent.map(Last::Absent),
            // The book knows the levels a listing named; what it does not know, the last complete one did not name.
            None => absent.max(source.listed_at).map(Last::Absent),
        }
    }
}

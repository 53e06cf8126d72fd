//! What a commit has people told: levels that fell low and that recovered, drift that is high.
//!
//! It is gathered until somebody notes it in the activity, one line for a source and a kind: a day on which half a
//! catalogue sells out, or an article that goes up and down around its threshold, leaves room there for the rest.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use bestand_plugin_api::Sku;
use tokio::sync::Notify;

use crate::activity::{Actor, Event, EventKind, Subject};
use crate::id::{AccountId, SourceId};
use crate::source::InventorySource;
use crate::stock::drift::DriftRun;

/// Articles named in one line: with more, people look at the list.
const NAMED_MAX: usize = 10;

/// What is gathered to be told. Locked only to add and to take; at most three entries of each source.
#[derive(Debug, Default)]
pub(super) struct Notices {
    gathered: Mutex<BTreeMap<Place, Gathered>>,
    bell: Notify,
}

/// Where something happened.
type Place = (AccountId, SourceId, NoticeKind);

/// What sort of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NoticeKind {
    /// Levels fell to their threshold.
    Low,
    /// Levels that were low are above it.
    Recovered,
    /// A listing found much different.
    Drift,
}

/// What happened there, as far as it was not noted.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    articles: u64,
    /// The first of them.
    named: Vec<Sku>,
    /// The newest listing.
    drift: Option<DriftRun>,
}

// === impl Notices ===

impl Notices {
    /// These articles of a source fell low, or recovered.
    pub(super) fn add(&self, place: Place, skus: &[Sku]) {
        self.gather(place, |gathered| {
            gathered.articles += skus.len() as u64;
            let room = NAMED_MAX.saturating_sub(gathered.named.len());
            gathered.named.extend(skus.iter().take(room).cloned());
        });
    }

    /// The drift of a source is high.
    pub(super) fn add_drift(&self, account: AccountId, source: SourceId, run: DriftRun) {
        self.gather((account, source, NoticeKind::Drift), |gathered| {
            gathered.drift = Some(run);
        });
    }

    fn gather(&self, place: Place, add: impl FnOnce(&mut Gathered)) {
        let mut all = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        add(all.entry(place).or_default());
        drop(all);
        self.bell.notify_one();
    }

    /// All that was gathered.
    pub(super) fn take(&self) -> BTreeMap<Place, Gathered> {
        let mut all = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut all)
    }

    /// Waits until there is something.
    pub(super) async fn rung(&self) {
        self.bell.notified().await;
    }
}

// === impl NoticeKind ===

impl NoticeKind {
    const fn event_kind(self) -> EventKind {
        match self {
            Self::Low => EventKind::StockLow,
            Self::Recovered => EventKind::StockRecovered,
            Self::Drift => EventKind::DriftHigh,
        }
    }
}

// === impl Gathered ===

impl Gathered {
    /// As a line of the activity.
    pub(super) fn event(&self, source: &InventorySource, kind: NoticeKind) -> Event {
        let (kind, subject) = (kind.event_kind(), Subject::source(source));
        let event = Event::new(source.account_id, kind, Actor::DAEMON, subject);
        let Some(drift) = &self.drift else {
            let named: Vec<&str> = self.named.iter().map(Sku::as_str).collect();
            return event
                .with("articles", self.articles)
                .with("skus", named.join(", "));
        };
        event
            .with("sync_id", drift.sync_id.to_string())
            .with("compared", drift.tally.compared)
            .with("differing", drift.tally.differing)
    }
}

//! What a commit tells programs: the levels that changed, those of one source and one cause together, and those of
//! them that became low.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bestand_plugin_api::{Quantity, Sku};

use super::Shared;
use super::notices::NoticeKind;
use crate::connection::state::Moment;
use crate::event_log::news::{ChangedLevel, LowLevel, StockChanged, StockLow};
use crate::event_log::{EventLog, News};
use crate::id::{AccountId, SourceId};
use crate::stock::{Cause, Held, Thresholds};
use crate::store::{Error, Tx};

/// Most levels of one event: a message stays below the 20 kB that receivers of webhooks are advised to expect.
const LEVELS_PER_EVENT: usize = 100;

/// The changes of one commit, as they are gathered.
pub(super) struct Telling<'a> {
    /// When stock of these accounts is low.
    thresholds: HashMap<AccountId, Arc<Thresholds>>,
    /// In the order of accounts, so that two daemons never wait for each other's logs.
    accounts: BTreeMap<AccountId, Changes<'a>>,
}

#[derive(Default)]
struct Changes<'a> {
    places: HashMap<(SourceId, &'a Cause), usize>,
    /// In the order in which they were first met.
    groups: Vec<(SourceId, &'a Cause, Vec<ChangedLevel>)>,
    fallen: BTreeMap<SourceId, Vec<LowLevel>>,
    recovered: BTreeMap<SourceId, Vec<Sku>>,
}

/// What is to be said once the commit is durable.
#[derive(Default)]
pub(super) struct Told {
    /// Whether there is anything in the logs.
    any: bool,
    /// What people are told as well.
    notices: Vec<(AccountId, SourceId, NoticeKind, Vec<Sku>)>,
}

// === impl Telling ===

impl<'a> Telling<'a> {
    /// Nothing yet, of these accounts.
    pub(super) async fn of(
        shared: &Shared,
        accounts: impl Iterator<Item = AccountId>,
    ) -> Result<Self, Error> {
        let mut thresholds = HashMap::new();
        for account in accounts {
            if let Entry::Vacant(place) = thresholds.entry(account) {
                place.insert(shared.watch_list.of(&shared.db, account).await?);
            }
        }
        Ok(Self {
            thresholds,
            accounts: BTreeMap::new(),
        })
    }

    /// Adds a level that changed.
    pub(super) fn add(
        &mut self,
        (account, source): (AccountId, SourceId),
        cause: &'a Cause,
        sku: &Sku,
        before: Option<Held>,
        after: Held,
    ) {
        let changes = self.accounts.entry(account).or_default();
        if let Some(thresholds) = self.thresholds.get(&account) {
            let (place, before) = ((source, sku), before.as_ref());
            if let Some(fallen) = thresholds.fallen(place, before, &after) {
                let levels = changes.fallen.entry(source).or_default();
                levels.push(low(sku, fallen, after));
            } else if thresholds.recovered(place, before, &after) {
                let skus = changes.recovered.entry(source).or_default();
                skus.push(sku.clone());
            }
        }
        let Changes { places, groups, .. } = changes;
        let place = *places.entry((source, cause)).or_insert_with(|| {
            groups.push((source, cause, Vec::new()));
            groups.len() - 1
        });
        groups[place].2.push(ChangedLevel {
            sku: sku.clone(),
            before: before.map(Into::into),
            after: after.into(),
            as_of: Moment(after.as_of),
        });
    }

    /// Appends what was gathered to the logs, as the last thing of the commit.
    pub(super) async fn append(self, log: &EventLog, tx: &Tx) -> Result<Told, Error> {
        let mut told = Told {
            any: !self.accounts.is_empty(),
            ..Told::default()
        };
        for (account, mut changes) in self.accounts {
            told.notices.extend(changes.notices(account));
            let changed = changes
                .groups
                .into_iter()
                .flat_map(|(source, cause, levels)| {
                    let event = move |levels| StockChanged::new(source, cause, levels);
                    in_messages(levels).map(move |levels| News::StockChanged(event(levels)))
                });
            let fallen = changes.fallen.into_iter().flat_map(|(source_id, levels)| {
                let event = move |levels| StockLow { source_id, levels };
                in_messages(levels).map(move |levels| News::StockLow(event(levels)))
            });
            let news: Vec<News> = changed.chain(fallen).collect();
            log.append_in(tx, account, &news).await?;
        }
        Ok(told)
    }
}

// === impl Changes ===

impl Changes<'_> {
    fn notices(
        &mut self,
        account: AccountId,
    ) -> impl Iterator<Item = (AccountId, SourceId, NoticeKind, Vec<Sku>)> {
        let fallen = self.fallen.iter().map(move |(source, levels)| {
            let skus = levels.iter().map(|level| level.sku.clone()).collect();
            (account, *source, NoticeKind::Low, skus)
        });
        let recovered = std::mem::take(&mut self.recovered).into_iter();
        let recovered =
            recovered.map(move |(source, skus)| (account, source, NoticeKind::Recovered, skus));
        fallen.chain(recovered)
    }
}

// === impl Told ===

impl Told {
    /// To be called once the commit is durable.
    pub(super) fn spread(self, shared: &Shared) {
        for (account, source, kind, skus) in self.notices {
            shared.notices.add((account, source, kind), &skus);
        }
        if self.any {
            shared.event_log.wake_all();
        }
    }
}

fn low(sku: &Sku, (threshold, available): (Quantity, Quantity), after: Held) -> LowLevel {
    LowLevel {
        sku: sku.clone(),
        available,
        threshold,
        as_of: Moment(after.as_of),
    }
}

/// So many levels at once as one message carries.
fn in_messages<Level>(levels: Vec<Level>) -> impl Iterator<Item = Vec<Level>> {
    let mut levels = levels.into_iter();
    std::iter::from_fn(move || {
        let some: Vec<_> = levels.by_ref().take(LEVELS_PER_EVENT).collect();
        (!some.is_empty()).then_some(some)
    })
}

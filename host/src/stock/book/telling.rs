//! What a commit tells programs: the levels that changed, those of one source and one cause together, and those of
//! them that became low.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bestand_plugin_api::{Quantity, Sku};

use super::Shared;
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
        if let Some(thresholds) = self.thresholds.get(&account)
            && let Some(fallen) = thresholds.fallen((source, sku), before.as_ref(), &after)
        {
            changes
                .fallen
                .entry(source)
                .or_default()
                .push(low(sku, fallen, after));
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

    /// Appends what was gathered to the logs, as the last thing of the commit. Answers whether that was anything.
    pub(super) async fn append(self, log: &EventLog, tx: &Tx) -> Result<bool, Error> {
        let any = !self.accounts.is_empty();
        for (account, changes) in self.accounts {
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
        Ok(any)
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

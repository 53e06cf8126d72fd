//! What a commit tells programs: the levels that changed, those of one source and one cause together.

use std::collections::{BTreeMap, HashMap};

use bestand_plugin_api::Sku;

use crate::connection::state::Moment;
use crate::event_log::news::{LevelChange, StockChanged};
use crate::event_log::{EventLog, News};
use crate::id::{AccountId, SourceId};
use crate::stock::{Cause, Held};
use crate::store::{Error, Tx};

/// Most levels of one event: a message stays below the 20 kB that receivers of webhooks are advised to expect.
const LEVELS_PER_EVENT: usize = 100;

/// The changes of one commit, as they are gathered.
#[derive(Default)]
pub(super) struct Telling<'a> {
    /// In the order of accounts, so that two daemons never wait for each other's logs.
    accounts: BTreeMap<AccountId, Changes<'a>>,
}

#[derive(Default)]
struct Changes<'a> {
    places: HashMap<(SourceId, &'a Cause), usize>,
    /// In the order in which they were first met.
    groups: Vec<(SourceId, &'a Cause, Vec<LevelChange>)>,
}

// === impl Telling ===

impl<'a> Telling<'a> {
    /// Adds a level that changed.
    pub(super) fn add(
        &mut self,
        (account, source): (AccountId, SourceId),
        cause: &'a Cause,
        sku: &Sku,
        before: Option<Held>,
        after: Held,
    ) {
        let Changes { places, groups } = self.accounts.entry(account).or_default();
        let place = *places.entry((source, cause)).or_insert_with(|| {
            groups.push((source, cause, Vec::new()));
            groups.len() - 1
        });
        groups[place].2.push(LevelChange {
            sku: sku.clone(),
            before: before.map(Into::into),
            after: after.into(),
            as_of: Moment(after.as_of),
        });
    }

    /// Appends what was gathered to the logs, as the last thing of the commit.
    pub(super) async fn append(self, log: &EventLog, tx: &Tx) -> Result<(), Error> {
        for (account, changes) in self.accounts {
            let news: Vec<News> = changes.groups.into_iter().flat_map(events).collect();
            log.append_in(tx, account, &news).await?;
        }
        Ok(())
    }
}

fn events(
    (source, cause, levels): (SourceId, &Cause, Vec<LevelChange>),
) -> impl Iterator<Item = News> {
    let mut levels = levels.into_iter();
    std::iter::from_fn(move || {
        let some: Vec<_> = levels.by_ref().take(LEVELS_PER_EVENT).collect();
        let any = !some.is_empty();
        any.then(|| News::StockChanged(StockChanged::new(source, cause, some)))
    })
}

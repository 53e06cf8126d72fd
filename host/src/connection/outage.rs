//! Whether programs know that a connection's sources are unavailable: they are told once, and once of the end.

use bestand_plugin_api::Timestamp;

use super::record::Connection;
use super::state::{ConnectionState, Moment};
use crate::clock::Clock;
use crate::event_log::news::{SourceRecovered, SourceUnavailable};
use crate::event_log::{EventLog, News};
use crate::source::InventorySource;
use crate::store::source_outage::{self, Ended};
use crate::store::{self, Db, Error};

/// What programs know of the sources of one connection.
#[derive(Debug)]
pub(super) struct Outage {
    db: Db,
    clock: Clock,
    /// Nothing for a command beside the daemon, whose news these are.
    event_log: Option<EventLog>,
    /// What was told last; unknown until it was looked up.
    told: Option<Told>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Unavailable,
    Recovered,
}

// === impl Outage ===

impl Outage {
    /// Nothing known yet: what an earlier life of the connection told stands in the store.
    pub(super) fn new(db: Db, clock: Clock, event_log: Option<EventLog>) -> Self {
        Self {
            db,
            clock,
            event_log,
            told: None,
        }
    }

    /// The connection is in this state, from which its numbers cannot be refreshed.
    pub(super) async fn begins(&mut self, connection: &Connection, state: &ConnectionState) {
        let told = self.tell_begin(connection, state).await;
        self.remember(connection, told, Told::Unavailable);
    }

    /// The connection works.
    pub(super) async fn ends(&mut self, connection: &Connection) {
        let told = self.tell_end(connection).await;
        self.remember(connection, told, Told::Recovered);
    }

    /// What could not be told is told when it is true the next time.
    fn remember(&mut self, connection: &Connection, told: Result<(), Error>, now: Told) {
        match told {
            Ok(()) => self.told = Some(now),
            Err(error) => {
                let connection = &connection.name;
                tracing::warn!(connection, %error, "programs could not be told how its sources fare");
            }
        }
    }

    async fn tell_begin(
        &self,
        connection: &Connection,
        state: &ConnectionState,
    ) -> Result<(), Error> {
        let Some(event_log) = self.unless_told(Told::Unavailable) else {
            return Ok(());
        };
        let (account, id) = (connection.account_id, connection.id);
        let sources = store::source::list_of_connection(&self.db, account, id).await?;
        let since = state.since().unwrap_or_else(|| self.clock.now());
        let tx = self.db.begin().await?;
        let mut news = Vec::new();
        for source in sources {
            if source_outage::begin(&tx, account, source.id, since).await? {
                news.extend(unavailable(source, state, since));
            }
        }
        event_log.commit_with(tx, account, &news).await
    }

    async fn tell_end(&self, connection: &Connection) -> Result<(), Error> {
        let Some(event_log) = self.unless_told(Told::Recovered) else {
            return Ok(());
        };
        let (account, id) = (connection.account_id, connection.id);
        // At a start there mostly is none, and then nothing has to be written.
        if !source_outage::any(&self.db, account, id).await? {
            return Ok(());
        }
        let tx = self.db.begin().await?;
        let ended = source_outage::end(&tx, account, id).await?;
        let news: Vec<News> = ended
            .into_iter()
            .map(|ended| recovered(connection, ended))
            .collect();
        event_log.commit_with(tx, account, &news).await
    }

    fn unless_told(&self, told: Told) -> Option<&EventLog> {
        self.event_log.as_ref().filter(|_| self.told != Some(told))
    }
}

fn unavailable(source: InventorySource, state: &ConnectionState, since: Timestamp) -> Option<News> {
    let trouble = state.trouble()?;
    Some(News::SourceUnavailable(SourceUnavailable {
        source_id: source.id,
        name: source.name,
        connection_id: source.connection_id,
        since: Moment(since),
        reason: trouble.reason.to_string(),
        advice: trouble.advice.to_string(),
    }))
}

fn recovered(connection: &Connection, ended: Ended) -> News {
    News::SourceRecovered(SourceRecovered {
        source_id: ended.source_id,
        name: ended.name,
        connection_id: connection.id,
        since: Moment(ended.since),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_log::{EventId, EventType};
    use crate::store::testing::{connection, on_both_engines};
    use bestand_plugin_api::Location;

    const NOON: Timestamp = Timestamp::from_secs(1_700_000_000);

    async fn told(event_log: &EventLog, connection: &Connection) -> Vec<EventType> {
        let page = event_log
            .after(connection.account_id, EventId(0), 100)
            .await
            .unwrap();
        page.events
            .iter()
            .map(|event| event.news.event_type())
            .collect()
    }

    on_both_engines! {
        async fn an_outage_and_its_end_are_told_once_also_across_a_restart(db) {
            let (account, id) = connection(db).await;
            let places = [Location::site("main", "Main")];
            store::source::follow_locations(db, account, id, &places, NOON).await.unwrap();
            let connection = store::connection::find(db, account, id).await.unwrap().unwrap();
            let clock = Clock::set_at(NOON);
            let event_log = EventLog::open(db.clone(), clock.clone());
            let outage = || Outage::new(db.clone(), clock.clone(), Some(event_log.clone()));
            let mut before = outage();
            before.ends(&connection).await;
            before.begins(&connection, &ConnectionState::Paused).await;
            before.begins(&connection, &ConnectionState::Paused).await;
            let mut after = outage();
            after.begins(&connection, &ConnectionState::Paused).await;
            after.ends(&connection).await;
            after.ends(&connection).await;
            let expected = [EventType::SourceUnavailable, EventType::SourceRecovered];
            assert_eq!(told(&event_log, &connection).await, expected);
        }

        async fn a_command_beside_the_daemon_tells_nothing(db) {
            let (account, id) = connection(db).await;
            let places = [Location::site("main", "Main")];
            store::source::follow_locations(db, account, id, &places, NOON).await.unwrap();
            let connection = store::connection::find(db, account, id).await.unwrap().unwrap();
            let clock = Clock::set_at(NOON);
            let mut outage = Outage::new(db.clone(), clock.clone(), None);
            outage.begins(&connection, &ConnectionState::Paused).await;
            let event_log = EventLog::open(db.clone(), clock);
            assert_eq!(told(&event_log, &connection).await, []);
        }
    }
}

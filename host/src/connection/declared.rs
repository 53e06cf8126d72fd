//! The connections of the config file, brought into the store: shown everywhere, changed only in the file.

use std::collections::BTreeMap;
use std::time::Duration;

use bestand_plugin_api::Timestamp;
use serde_json::Value;

use super::Connections;
use super::fault::{Fault, FieldFault};
use super::record::{Connection, Origin};
use crate::activity::{Actor, Event, EventKind, Subject};
use crate::config;
use crate::id::{AccountId, ConnectionId};
use crate::secret::SecretText;
use crate::store::connection::SecretChange;
use crate::store::{self, connection as stored};

impl Connections {
    /// Brings the stored connections of `account` in line with the file. One that is no longer in it is paused, not
    /// removed: what is linked to it goes on saying why it is not fresh.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn declare(
        &self,
        account: AccountId,
        declared: &[config::connection::Connection],
    ) -> Result<(), store::Error> {
        for connection in declared {
            self.declare_one(account, connection).await?;
        }
        let surroundings = &self.shared.surroundings;
        for mut record in stored::list(&surroundings.db, account).await? {
            let in_file = declared
                .iter()
                .any(|connection| connection.name == record.name);
            if record.origin == Origin::Config && !in_file && !record.paused {
                tracing::warn!(
                    connection = record.name,
                    "paused: it is no longer in the config file"
                );
                record.paused = true;
                stored::update(&surroundings.db, &record).await?;
                self.note_declared(&record, EventKind::ConnectionPaused);
            }
        }
        Ok(())
    }

    async fn declare_one(
        &self,
        account: AccountId,
        declared: &config::connection::Connection,
    ) -> Result<(), store::Error> {
        let surroundings = &self.shared.surroundings;
        let readable = |(name, secret): (&String, &Result<SecretText, _>)| {
            Some((name.clone(), secret.clone().ok()?))
        };
        let secrets: BTreeMap<String, SecretText> =
            declared.secrets.iter().filter_map(readable).collect();
        let (db, now) = (&surroundings.db, surroundings.clock.now());
        let id = match stored::find_by_name(db, account, &declared.name).await? {
            Some(known) if known.origin == Origin::Api => {
                tracing::warn!(
                    connection = known.name,
                    "a connection of this name was made through the API; it stays"
                );
                return Ok(());
            }
            Some(known) => {
                let secrets = SecretChange {
                    remove: self.left_out(&known, declared).await?,
                    ..self.seal(&known, &secrets)
                };
                if is_same(&known, declared) {
                    stored::change_secrets(db, account, known.id, &secrets).await?;
                } else {
                    let changed = following(known.clone(), declared, now);
                    self.store_change(&known, &changed, &secrets).await?;
                    self.note_declared(&changed, EventKind::ConnectionChanged);
                }
                known.id
            }
            None => {
                let new = fresh(account, declared, now);
                stored::insert_with(db, &new, &self.seal(&new, &secrets)).await?;
                self.note_declared(&new, EventKind::ConnectionMade);
                new.id
            }
        };
        self.note_unreadable(id, unreadable(declared));
        Ok(())
    }

    fn note_declared(&self, record: &Connection, kind: EventKind) {
        let subject = Subject::connection(record);
        let event = Event::new(record.account_id, kind, Actor::CONFIG_FILE, subject);
        self.shared.surroundings.activity.note(event);
    }

    /// The stored secrets that the file does not name any more. One that it names and that cannot be read stays: it
    /// stops the connection, and may be there again with the next look.
    async fn left_out(
        &self,
        known: &Connection,
        declared: &config::connection::Connection,
    ) -> Result<Vec<String>, store::Error> {
        let db = &self.shared.surroundings.db;
        let stored = stored::secrets(db, known.account_id, known.id).await?;
        let names = stored.into_iter().map(|secret| secret.name);
        Ok(names
            .filter(|name| !declared.secrets.contains_key(name))
            .collect())
    }
}

fn unreadable(declared: &config::connection::Connection) -> Vec<FieldFault> {
    let secrets = declared.secrets.iter();
    let unreadable = secrets.filter_map(|(name, secret)| Some((name, secret.as_ref().err()?)));
    unreadable
        .map(|(name, problem)| {
            let said = problem.message.clone();
            let fault = Fault::SecretUnreadable { said };
            FieldFault::new(format!("secrets.{name}"), fault)
        })
        .collect()
}

fn fresh(
    account: AccountId,
    declared: &config::connection::Connection,
    now: Timestamp,
) -> Connection {
    let empty = Connection {
        id: ConnectionId::new(),
        account_id: account,
        name: declared.name.clone(),
        adapter: String::new(),
        partner: None,
        settings: Value::Null,
        origin: Origin::Config,
        paused: false,
        allow_private_network: false,
        sync_interval_secs: None,
        reconcile_secs: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    following(empty, declared, now)
}

/// The record as the file wants it.
fn following(
    record: Connection,
    declared: &config::connection::Connection,
    now: Timestamp,
) -> Connection {
    Connection {
        adapter: declared.adapter.clone(),
        partner: None,
        settings: Value::Object(declared.settings.clone()),
        paused: declared.paused,
        allow_private_network: declared.allow_private_network,
        sync_interval_secs: declared.sync_interval.and_then(secs),
        reconcile_secs: declared.reconcile.and_then(secs),
        updated_at: now,
        ..record
    }
}

fn secs(duration: Duration) -> Option<i64> {
    i64::try_from(duration.as_secs()).ok()
}

fn is_same(record: &Connection, declared: &config::connection::Connection) -> bool {
    following(record.clone(), declared, record.updated_at) == *record
}

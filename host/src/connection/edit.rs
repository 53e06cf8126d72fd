//! Connections made, changed and removed through the API.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use bestand_plugin_api::Manifest;
use serde_json::Value;

use super::fault::{Fault, FieldFault};
use super::moved::moved_addresses;
use super::record::{Connection, Origin};
use super::setting_fault::SettingFault;
use super::{Connections, Surroundings};
use crate::api_key::Role;
use crate::id::{AccountId, ConnectionId};
use crate::secret::SecretText;
use crate::secret::vault::Place;
use crate::store::connection::{SealedSecret, SecretChange};
use crate::store::{self, connection as stored};

/// Longest name of a connection, in characters: it stands on one line of a page.
const NAME_CHARS_MAX: usize = 100;
/// Seconds between syncs: no system is asked without a pause, and each at least once a day.
pub(super) const SYNC_INTERVAL_SECS: RangeInclusive<i64> = 10..=86_400;
/// Seconds from one full listing to the next: more often no system is listed in full, and after a month nobody knows what
/// was missed.
pub(super) const RECONCILE_SECS: RangeInclusive<i64> = 60..=2_592_000;

/// A connection to be made.
#[derive(Debug)]
pub struct NewConnection {
    /// What people call it.
    pub name: String,
    /// The adapter's id.
    pub adapter: String,
    /// Its settings.
    pub settings: Value,
    /// Its secrets by name.
    pub secrets: BTreeMap<String, SecretText>,
    /// Whether it may reach private addresses.
    pub allow_private_network: bool,
    /// Whether it starts paused.
    pub paused: bool,
    /// Seconds between syncs, when not the installation's.
    pub sync_interval_secs: Option<i64>,
    /// Seconds from one full listing to the next, when not the installation's.
    pub reconcile_secs: Option<i64>,
}

/// What is to be different.
#[derive(Debug, Default)]
pub struct ConnectionPatch {
    /// Another name.
    pub name: Option<String>,
    /// Other settings, whole.
    pub settings: Option<Value>,
    /// Other secrets; those with nothing are removed, those not named stay.
    pub secrets: BTreeMap<String, Option<SecretText>>,
    /// Whether it may reach private addresses.
    pub allow_private_network: Option<bool>,
    /// Paused or not.
    pub paused: Option<bool>,
    /// Another interval; `Some(None)` for the installation's.
    pub sync_interval_secs: Option<Option<i64>>,
    /// Another time from one full listing to the next; `Some(None)` for the installation's.
    pub reconcile_secs: Option<Option<i64>>,
}

/// Why a connection was not made, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Fields that cannot be right, all of them.
    #[error("{} field(s) cannot be right", .0.len())]
    Invalid(Vec<FieldFault>),
    /// It stands in the config file, and only there can it be changed.
    #[error("connection `{0}` stands in the config file; change it there and reload")]
    ConfigOwned(String),
    /// It may reach the own network, and these settings say where there.
    #[error(
        "the connection may reach the installation's own network, so that changing `{0}` needs the role `admin`"
    )]
    NeedsAdmin(String),
    /// A partner pushes, and there is no adapter to stand for its system.
    #[error(
        "no adapter that takes pushes is enabled; whoever runs the installation enables one with an `[[adapter]]` in the \
         config file"
    )]
    NoTakerOfPushes,
    /// The store's word.
    #[error(transparent)]
    Store(#[from] store::Error),
}

// === impl Connections ===

impl Connections {
    /// Makes a connection and starts it.
    ///
    /// # Errors
    /// See [`EditError`].
    pub async fn add(
        &self,
        account: AccountId,
        new: NewConnection,
    ) -> Result<Connection, EditError> {
        self.add_for(None, account, new).await
    }

    /// The same, for a partner that will push to it.
    pub(super) async fn add_for(
        &self,
        partner: Option<&str>,
        account: AccountId,
        new: NewConnection,
    ) -> Result<Connection, EditError> {
        let (record, secrets) = self.draft(partner, account, new).await?;
        stored::insert_with(&self.shared.surroundings.db, &record, &secrets).await?;
        self.start(record.clone());
        Ok(record)
    }

    /// A connection that can be right, and its secrets, sealed: to be stored together.
    pub(super) async fn draft(
        &self,
        partner: Option<&str>,
        account: AccountId,
        new: NewConnection,
    ) -> Result<(Connection, SecretChange), EditError> {
        let manifest = self.manifest(&new.adapter)?;
        let now = self.shared.surroundings.clock.now();
        let record = Connection {
            id: ConnectionId::new(),
            account_id: account,
            name: new.name.trim().to_owned(),
            adapter: new.adapter,
            partner: partner.map(str::to_owned),
            settings: new.settings,
            origin: Origin::Api,
            paused: new.paused,
            allow_private_network: new.allow_private_network,
            sync_interval_secs: new.sync_interval_secs,
            reconcile_secs: new.reconcile_secs,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        let given: Vec<&str> = new.secrets.keys().map(String::as_str).collect();
        let mut faults = faults_of(&manifest, &record, &given);
        faults.extend(missing_secrets(&manifest, &given));
        faults.extend(empty_secrets(&new.secrets));
        faults.extend(self.source_faults(&manifest, &record).await?);
        refuse(faults)?;
        let secrets = self.seal(&record, &new.secrets);
        Ok((record, secrets))
    }

    /// Changes a connection and starts it anew, if it still is what the change is based on and the role allows it.
    ///
    /// # Errors
    /// See [`EditError`].
    pub async fn change(
        &self,
        account: AccountId,
        id: ConnectionId,
        expected_version: i64,
        patch: ConnectionPatch,
        role: Role,
    ) -> Result<Connection, EditError> {
        let known = self.editable(account, id).await?;
        let manifest = self.manifest(&known.adapter)?;
        let mut record = known.clone();
        record.name = patch
            .name
            .map_or(record.name, |name| name.trim().to_owned());
        record.settings = patch.settings.unwrap_or(record.settings);
        record.paused = patch.paused.unwrap_or(record.paused);
        record.allow_private_network = patch
            .allow_private_network
            .unwrap_or(record.allow_private_network);
        record.sync_interval_secs = patch
            .sync_interval_secs
            .unwrap_or(record.sync_interval_secs);
        record.reconcile_secs = patch.reconcile_secs.unwrap_or(record.reconcile_secs);
        let (put, remove) = parted(&patch.secrets);
        let given: Vec<&str> = put.keys().map(String::as_str).collect();
        let mut faults = faults_of(&manifest, &record, &given);
        faults.extend(empty_secrets(&put));
        faults.extend(needed_secrets(&manifest, &remove));
        faults.extend(self.source_faults(&manifest, &record).await?);
        let named: Vec<&str> = patch.secrets.keys().map(String::as_str).collect();
        let moved = moved_addresses(&manifest, &known.settings, &record.settings);
        if !moved.is_empty() {
            guard_private_network(&record, &moved, role)?;
            faults.extend(self.secrets_to_repeat(&known, &moved, &named).await?);
        }
        refuse(faults)?;
        record.version = expected_version;
        record.updated_at = self.shared.surroundings.clock.now();
        let secrets = SecretChange {
            remove,
            ..self.seal(&record, &put)
        };
        let record = self.store_change(&known, &record, &secrets).await?;
        self.start(record.clone());
        Ok(record)
    }

    /// Stores a changed connection. When it reads something else from now on, what it is doing ends first, so that
    /// nothing of it is taken for a listing of the other; it is started again whatever comes of the change.
    pub(super) async fn store_change(
        &self,
        known: &Connection,
        changed: &Connection,
        secrets: &SecretChange,
    ) -> Result<Connection, store::Error> {
        let db = &self.shared.surroundings.db;
        if known.reads_the_same_as(changed) {
            return stored::update_with(db, changed, secrets).await;
        }
        let ran = self.end(known.id).await;
        let stored = self.store_another(changed, secrets).await;
        if ran {
            self.start(stored.as_ref().unwrap_or(known).clone());
        }
        stored
    }

    async fn store_another(
        &self,
        changed: &Connection,
        secrets: &SecretChange,
    ) -> Result<Connection, store::Error> {
        let Surroundings { db, book, .. } = &self.shared.surroundings;
        let (account, id) = (changed.account_id, changed.id);
        book.settle(account).await?;
        let sources = store::source::list_of_connection(db, account, id).await?;
        let stored = stored::update_with(db, changed, secrets).await?;
        for source in sources {
            book.forget_listed(account, source.id);
        }
        Ok(stored)
    }

    /// Removes a connection with its sources and levels, if it still is what the wish is based on. Ship-from locations
    /// linked to its sources are linked to nothing then. What it set up at its system is taken back, when possible.
    ///
    /// # Errors
    /// See [`EditError`].
    pub async fn remove(
        &self,
        account: AccountId,
        id: ConnectionId,
        expected_version: i64,
    ) -> Result<(), EditError> {
        let Surroundings { db, book, .. } = &self.shared.surroundings;
        let record = self.editable(account, id).await?;
        let session = self.session(id);
        let sources = store::source::list_of_connection(db, account, id).await?;
        let ran = self.end(id).await;
        let deleted = match book.settle(account).await {
            Ok(()) => stored::delete(db, account, id, expected_version).await,
            Err(error) => Err(error),
        };
        // Some of it is gone in any case.
        let gone = sources.iter().map(|source| (source.id, Vec::new()));
        self.tell_readers(account, &gone.collect());
        for source in sources {
            book.forget_source(account, source.id);
        }
        if let Err(error) = deleted {
            if ran {
                self.start(record);
            }
            return Err(error.into());
        }
        if let (Some(session), Some(public_url)) = (session, &self.shared.surroundings.public_url) {
            if let Err(error) = super::inbound::unregister(&session, public_url).await {
                tracing::warn!(connection = %record.name, %error, "remove what was set up for it there by hand");
            }
            session.close().await;
        }
        Ok(())
    }

    /// Stored secrets are not sent to another address on the word of somebody who may not know them.
    async fn secrets_to_repeat(
        &self,
        record: &Connection,
        moved: &[&str],
        given: &[&str],
    ) -> Result<Vec<FieldFault>, store::Error> {
        let db = &self.shared.surroundings.db;
        let mut secrets = stored::secrets(db, record.account_id, record.id).await?;
        secrets.retain(|secret| !given.contains(&secret.name.as_str()));
        let settings: Vec<String> = moved.iter().map(ToString::to_string).collect();
        let repeat = |secret: SealedSecret| {
            let settings = settings.clone();
            let fault = Fault::SecretToRepeat { settings };
            FieldFault::new(format!("secrets.{}", secret.name), fault)
        };
        Ok(secrets.into_iter().map(repeat).collect())
    }

    async fn editable(
        &self,
        account: AccountId,
        id: ConnectionId,
    ) -> Result<Connection, EditError> {
        let found = stored::find(&self.shared.surroundings.db, account, id).await?;
        let record = found.ok_or_else(|| store::Error::not_found("connection", id))?;
        match record.origin {
            Origin::Config => Err(EditError::ConfigOwned(record.name)),
            Origin::Api => Ok(record),
        }
    }

    pub(super) fn manifest(&self, adapter: &str) -> Result<Manifest, EditError> {
        let directory = self.directory();
        match directory.adapter(adapter) {
            Some(adapter) => Ok(adapter.manifest().clone()),
            None => {
                let why = directory.why_missing(adapter);
                let fault = FieldFault::new("adapter", Fault::NoAdapter { why });
                Err(EditError::Invalid(vec![fault]))
            }
        }
    }

    /// The change that stores these secrets, sealed.
    pub(super) fn seal(
        &self,
        record: &Connection,
        secrets: &BTreeMap<String, SecretText>,
    ) -> SecretChange {
        let seal = |(name, secret): (&String, &SecretText)| {
            let place = Place {
                account: record.account_id,
                holder: record.id.0,
                name,
            };
            SealedSecret {
                name: name.clone(),
                sealed: self.shared.surroundings.vault.seal(place, secret),
            }
        };
        SecretChange {
            put: secrets.iter().map(seal).collect(),
            remove: Vec::new(),
        }
    }
}

/// All that is wrong with a connection, against its adapter's manifest.
pub(super) fn faults_of(
    manifest: &Manifest,
    record: &Connection,
    secrets: &[&str],
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let length = record.name.trim().chars().count();
    if length == 0 || length > NAME_CHARS_MAX {
        faults.push(FieldFault::new(
            "name",
            Fault::NameLength {
                max: NAME_CHARS_MAX,
            },
        ));
    }
    if manifest.takes_pushes() && record.partner.is_none() {
        faults.push(FieldFault::new("adapter", Fault::MadeByPush));
    }
    faults.extend(interval_fault(record.sync_interval_secs));
    faults.extend(reconcile_fault(record));
    faults.extend(settings_faults(manifest, &record.settings));
    for secret in secrets
        .iter()
        .filter(|name| manifest.secrets.iter().all(|spec| spec.name != **name))
    {
        faults.push(FieldFault::new(
            format!("secrets.{secret}"),
            Fault::NoSuchSecret {
                adapter: manifest.id.clone(),
            },
        ));
    }
    faults
}

fn interval_fault(secs: Option<i64>) -> Option<FieldFault> {
    secs.filter(|secs| !SYNC_INTERVAL_SECS.contains(secs))
        .map(|_| FieldFault::new("sync_interval_secs", Fault::interval()))
}

/// Not below the time from one sync to the next.
fn reconcile_fault(record: &Connection) -> Option<FieldFault> {
    let secs = record.reconcile_secs?;
    let least = record
        .sync_interval_secs
        .unwrap_or_default()
        .max(*RECONCILE_SECS.start());
    let most = *RECONCILE_SECS.end();
    let fault = Fault::Interval {
        shortest: least,
        longest: most,
    };
    (!(least..=most).contains(&secs)).then(|| FieldFault::new("reconcile_secs", fault))
}

fn settings_faults(manifest: &Manifest, settings: &Value) -> Vec<FieldFault> {
    match jsonschema::validator_for(&manifest.settings_schema) {
        Err(error) => vec![FieldFault::new(
            "adapter",
            Fault::BrokenSchema {
                adapter: manifest.id.clone(),
                said: error.to_string(),
            },
        )],
        Ok(schema) => schema
            .iter_errors(settings)
            .map(|error| {
                let path = error.instance_path().to_string().replace('/', ".");
                let wrong = SettingFault::of(&error);
                FieldFault::new(format!("settings{path}"), Fault::Setting { wrong })
            })
            .collect(),
    }
}

pub(super) fn missing_secrets(manifest: &Manifest, given: &[&str]) -> Vec<FieldFault> {
    let names = manifest.secrets.iter().map(|spec| spec.name.clone());
    let missing: Vec<String> = names
        .filter(|name| !given.contains(&name.as_str()))
        .collect();
    needed_secrets(manifest, &missing)
}

/// Says which of the secrets that are not there have to be.
fn needed_secrets(manifest: &Manifest, absent: &[String]) -> Vec<FieldFault> {
    let specs = manifest.secrets.iter();
    let needed = specs.filter(|spec| !spec.optional && absent.contains(&spec.name));
    needed
        .map(|spec| {
            let label = spec.label.clone();
            FieldFault::new(
                format!("secrets.{}", spec.name),
                Fault::SecretNeeded { label },
            )
        })
        .collect()
}

/// The secrets to store, and the names of those to remove.
fn parted(
    secrets: &BTreeMap<String, Option<SecretText>>,
) -> (BTreeMap<String, SecretText>, Vec<String>) {
    let put = secrets
        .iter()
        .filter_map(|(name, secret)| Some((name.clone(), secret.clone()?)));
    let remove = secrets.iter().filter(|(_, secret)| secret.is_none());
    (
        put.collect(),
        remove.map(|(name, _)| name.clone()).collect(),
    )
}

/// Whoever signs with an empty key needs no secret to do so.
fn empty_secrets(secrets: &BTreeMap<String, SecretText>) -> Vec<FieldFault> {
    let empty = secrets.iter().filter(|(_, secret)| secret.is_empty());
    empty
        .map(|(name, _)| FieldFault::new(format!("secrets.{name}"), Fault::SecretEmpty))
        .collect()
}

/// What a connection may reach is the installation's concern: an operator must not choose among its own addresses.
fn guard_private_network(record: &Connection, moved: &[&str], role: Role) -> Result<(), EditError> {
    match record.allow_private_network && role < Role::Admin {
        true => Err(EditError::NeedsAdmin(moved.join("`, `"))),
        false => Ok(()),
    }
}

fn refuse(faults: Vec<FieldFault>) -> Result<(), EditError> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(EditError::Invalid(faults))
    }
}

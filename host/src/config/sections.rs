//! The whole file: its sections together, and what only they together can tell.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::activity::Activity;
use super::adapter::Adapter;
use super::check::Check;
use super::connection::ConnectionSection;
use super::events::Events;
use super::installation::Installation;
use super::key_path::KeyPath;
use super::log::Log;
use super::plugins::Plugins;
use super::publisher::Publisher;
use super::registration::Registration;
use super::server::Server;
use super::store::StoreSection;
use super::sync::Sync;
use super::webhooks::Webhooks;
use super::{CommandLine, Config};

/// The file of a Bestand daemon. Only its schema is used: sections are read one by one, so that a wrong one hides no other.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, default, title = "Bestand")]
#[derive(Default)]
pub(super) struct Sections {
    server: Server,
    store: StoreSection,
    plugins: Plugins,
    installation: Installation,
    sync: Sync,
    activity: Activity,
    events: Events,
    webhooks: Webhooks,
    log: Log,
    publisher: Vec<Publisher>,
    adapter: Vec<Adapter>,
    connection: Vec<ConnectionSection>,
    registration: Vec<Registration>,
}

/// Reads all that the schema let through.
pub(super) fn build(found: &Value, check: &mut Check<'_>) -> Config {
    let publishers: Vec<(KeyPath, Publisher)> = list(found, "publisher", check);
    let adapters: Vec<(KeyPath, Adapter)> = list(found, "adapter", check);
    let connections: Vec<(KeyPath, ConnectionSection)> = list(found, "connection", check);
    let registrations: Vec<(KeyPath, Registration)> = list(found, "registration", check);
    refuse_twins(
        publishers
            .iter()
            .map(|(at, publisher)| (at.then("name"), publisher.name.as_str())),
        check,
    );
    refuse_twins(
        adapters
            .iter()
            .map(|(at, adapter)| (at.then("id"), adapter.id.as_str())),
        check,
    );
    refuse_twins(
        connections
            .iter()
            .map(|(at, connection)| (at.then("name"), connection.name())),
        check,
    );
    refuse_twins(
        registrations
            .iter()
            .map(|(at, partner)| (at.then("api_code"), partner.api_code.as_str())),
        check,
    );
    refuse_twins(
        registrations
            .iter()
            .map(|(at, partner)| (at.then("name"), partner.name.as_str())),
        check,
    );
    let plugins: Plugins = section(found, "plugins", check);
    let sync = section::<Sync>(found, "sync", check).check(check);
    Config {
        file: check.file().map(Into::into),
        command_line: CommandLine::default(),
        server: section(found, "server", check),
        store: section::<StoreSection>(found, "store", check).check(check),
        plugins: Plugins {
            dir: check.resolve(&plugins.dir),
            ..plugins
        },
        installation: section(found, "installation", check),
        activity: section(found, "activity", check),
        events: section(found, "events", check),
        webhooks: section(found, "webhooks", check),
        log: section(found, "log", check),
        publishers: publishers
            .into_iter()
            .map(|(_, publisher)| publisher)
            .collect(),
        adapters: adapters.into_iter().map(|(_, adapter)| adapter).collect(),
        connections: connections
            .into_iter()
            .map(|(at, connection)| connection.check(&at, sync.interval, check))
            .collect(),
        registrations: registrations
            .into_iter()
            .map(|(_, partner)| partner)
            .collect(),
        sync,
    }
}

/// A section; what is wrong with it has been noted and taken out, and a section without any keys is one of defaults.
fn section<T: DeserializeOwned + Default>(found: &Value, key: &str, check: &mut Check<'_>) -> T {
    let section = found
        .get(key)
        .and_then(|section| read(section, &KeyPath::of(key), check));
    section.unwrap_or_default()
}

/// The entries that can be read, each with its place; the others have been noted.
fn list<T: DeserializeOwned>(found: &Value, key: &str, check: &mut Check<'_>) -> Vec<(KeyPath, T)> {
    let entries = found
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate();
    let placed = entries.map(|(index, entry)| (KeyPath::of(key).then(index), entry));
    placed
        .filter_map(|(at, entry)| read(entry, &at, check).map(|entry| (at, entry)))
        .collect()
}

fn read<T: DeserializeOwned>(value: &Value, at: &KeyPath, check: &mut Check<'_>) -> Option<T> {
    let read = T::deserialize(value).ok();
    if read.is_none() {
        check.refuse_unless_told(at, "cannot be read");
    }
    read
}

fn refuse_twins<'a>(names: impl Iterator<Item = (KeyPath, &'a str)>, check: &mut Check<'_>) {
    let mut seen = BTreeMap::new();
    for (at, name) in names.filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = seen.insert(name, at.clone()) {
            let message = format!(
                "is taken: `{name}` is the name of `{first}` as well, {}",
                check.place(&first)
            );
            check.refuse(&at, message);
        }
    }
}

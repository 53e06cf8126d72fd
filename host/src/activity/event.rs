//! One thing that happened: what, to what, by whom, and the few numbers that belong to it.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::EventKind;
use crate::api_key::{self, ApiKey};
use crate::connection::Connection;
use crate::connection::advice::Advice;
use crate::connection::reason::Reason;
use crate::id::AccountId;
use crate::order::import::report::Report;
use crate::ship_from::ShipFromLocation;
use crate::source::InventorySource;
use crate::stock_take::TakeTotals;
use crate::user::User;
use crate::webhook::Webhook;

/// Longest text among the details of an event, in characters: a reason is a sentence or two.
const DETAIL_CHARS_MAX: usize = 500;
/// Longest id and name of a subject, in characters: twice what either may have anywhere.
const NAME_CHARS_MAX: usize = 200;
/// Longest name kept of somebody who was refused, in characters: enough to know whom to ask, and what was typed into the
/// wrong field by mistake is rarely whole.
const TRIED_CHARS_MAX: usize = 32;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Whose news it is.
    pub account_id: AccountId,
    /// What sort of thing.
    pub kind: EventKind,
    /// By whom.
    pub actor: Actor,
    /// To what.
    pub subject: Subject,
    /// What else belongs to it: counts, a reason.
    pub details: Map<String, Value>,
}

/// Something that happened, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// Sorts by age.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// The id of something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct EventId(pub Uuid);

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What sort of doer.
    pub kind: ActorKind,
    /// What people call it: the key's or the user's name.
    pub name: Option<String>,
}

/// What sort of doer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Nobody: it happened in the daemon.
    Daemon,
    /// The config file says so.
    ConfigFile,
    /// A command on the daemon's machine.
    Command,
    /// A program with an API key.
    ApiKey,
    /// Somebody who is signed in.
    User,
}

/// What it happened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What sort of thing.
    pub kind: SubjectKind,
    /// Its id; nothing for what has none, as some orders.
    pub id: Option<String>,
    /// What people call it, or called it then.
    pub name: String,
}

/// What sort of thing it happened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A connection.
    Connection,
    /// An inventory source.
    InventorySource,
    /// A ship-from location.
    ShipFromLocation,
    /// Orders.
    Orders,
    /// An API key.
    ApiKey,
    /// A webhook.
    Webhook,
    /// An adapter.
    Adapter,
    /// A user.
    User,
}

/// A word that is no sort of subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no subject; they are connection, inventory_source, ship_from_location, orders, api_key, webhook, adapter and user"
)]
pub struct InvalidSubject(String);

// === impl Event ===

impl Event {
    /// Something that happened to `subject`.
    #[must_use]
    pub fn new(account_id: AccountId, kind: EventKind, actor: Actor, subject: Subject) -> Self {
        Self {
            account_id,
            kind,
            actor,
            subject,
            details: Map::new(),
        }
    }

    /// With one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let mut value = value.into();
        clip_texts(&mut value);
        self.details.insert(name.to_owned(), value);
        self
    }

    /// With why a connection does not work: in English, and by its kind for pages.
    #[must_use]
    pub fn because(self, reason: &Reason) -> Self {
        let why = serde_json::to_value(reason).unwrap_or_default();
        self.with("reason", reason.to_string()).with("why", why)
    }

    /// With what to do about it, the same way.
    #[must_use]
    pub fn advising(self, advice: &Advice) -> Self {
        let how = serde_json::to_value(advice).unwrap_or_default();
        self.with("advice", advice.to_string()).with("how", how)
    }

    /// With what a stock take came to.
    #[must_use]
    pub fn with_totals(self, totals: &TakeTotals) -> Self {
        self.with("counts", totals.counts)
            .with("differences", totals.differences)
            .with("more", totals.more.to_string())
            .with("fewer", totals.fewer.to_string())
            .with("not_written", totals.not_written)
    }

    /// With what came of an import.
    #[must_use]
    pub fn with_report(self, report: &Report) -> Self {
        self.with("created", report.created)
            .with("replaced", report.replaced)
            .with("lines_taken", report.taken)
            .with("lines_refused", report.refused)
    }
}

// === impl EventId ===

impl EventId {
    /// A new id, later than all before.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl Default for EventId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EventId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::parse_str(text).map(Self)
    }
}

// === impl Actor ===

impl Actor {
    /// Nobody.
    pub const DAEMON: Self = Self::unnamed(ActorKind::Daemon);
    /// The config file.
    pub const CONFIG_FILE: Self = Self::unnamed(ActorKind::ConfigFile);
    /// A command.
    pub const COMMAND: Self = Self::unnamed(ActorKind::Command);

    const fn unnamed(kind: ActorKind) -> Self {
        Self { kind, name: None }
    }

    /// The API key of a request.
    #[must_use]
    pub fn of_caller(caller: &api_key::Caller) -> Self {
        Self {
            kind: ActorKind::ApiKey,
            name: Some(clip(&caller.name, NAME_CHARS_MAX)),
        }
    }

    /// Somebody who is signed in.
    #[must_use]
    pub fn user(name: &str) -> Self {
        Self {
            kind: ActorKind::User,
            name: Some(clip(name, NAME_CHARS_MAX)),
        }
    }
}

// === impl ActorKind ===

impl ActorKind {
    /// The word for it, in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daemon => "daemon",
            Self::ConfigFile => "config_file",
            Self::Command => "command",
            Self::ApiKey => "api_key",
            Self::User => "user",
        }
    }
}

impl FromStr for ActorKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "daemon" => Ok(Self::Daemon),
            "config_file" => Ok(Self::ConfigFile),
            "command" => Ok(Self::Command),
            "api_key" => Ok(Self::ApiKey),
            "user" => Ok(Self::User),
            other => Err(format!("`{other}` is no actor")),
        }
    }
}

// === impl Subject ===

impl Subject {
    /// A thing of this id and name.
    #[must_use]
    pub fn new(kind: SubjectKind, id: impl fmt::Display, name: &str) -> Self {
        Self {
            kind,
            id: Some(clip(&id.to_string(), NAME_CHARS_MAX)),
            name: clip(name, NAME_CHARS_MAX),
        }
    }

    /// A connection.
    #[must_use]
    pub fn connection(connection: &Connection) -> Self {
        Self::new(SubjectKind::Connection, connection.id, &connection.name)
    }

    /// A ship-from location.
    #[must_use]
    pub fn ship_from(location: &ShipFromLocation) -> Self {
        Self::new(SubjectKind::ShipFromLocation, location.id, &location.name)
    }

    /// An inventory source.
    #[must_use]
    pub fn source(source: &InventorySource) -> Self {
        Self::new(SubjectKind::InventorySource, source.id, &source.name)
    }

    /// An API key.
    #[must_use]
    pub fn api_key(api_key: &ApiKey) -> Self {
        Self::new(SubjectKind::ApiKey, api_key.id, &api_key.name)
    }

    /// A webhook, without its address, which is not for everybody.
    #[must_use]
    pub fn webhook(webhook: &Webhook) -> Self {
        Self::new(SubjectKind::Webhook, webhook.id, &webhook.name)
    }

    /// An adapter.
    #[must_use]
    pub fn adapter(id: &str, name: &str) -> Self {
        Self::new(SubjectKind::Adapter, id, name)
    }

    /// A user.
    #[must_use]
    pub fn user(user: &User) -> Self {
        Self::new(SubjectKind::User, user.id, user.name.as_str())
    }

    /// Whoever says to be of this name; there may be nobody.
    #[must_use]
    pub fn somebody(name: &str) -> Self {
        Self {
            kind: SubjectKind::User,
            id: None,
            name: clip(name, TRIED_CHARS_MAX),
        }
    }

    /// Orders, by the file that brought them; of no name when a program did.
    #[must_use]
    pub fn orders(name: &str) -> Self {
        Self {
            kind: SubjectKind::Orders,
            id: None,
            name: clip(name, NAME_CHARS_MAX),
        }
    }
}

// === impl SubjectKind ===

impl SubjectKind {
    /// All there are, in the order of [`EventKind::ALL`].
    pub const ALL: &'static [Self] = &[
        Self::Connection,
        Self::InventorySource,
        Self::ShipFromLocation,
        Self::Orders,
        Self::ApiKey,
        Self::Webhook,
        Self::Adapter,
        Self::User,
    ];

    /// The word for it, in the API and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::InventorySource => "inventory_source",
            Self::ShipFromLocation => "ship_from_location",
            Self::Orders => "orders",
            Self::ApiKey => "api_key",
            Self::Webhook => "webhook",
            Self::Adapter => "adapter",
            Self::User => "user",
        }
    }
}

impl FromStr for SubjectKind {
    type Err = InvalidSubject;

    fn from_str(word: &str) -> Result<Self, InvalidSubject> {
        match word {
            "connection" => Ok(Self::Connection),
            "inventory_source" => Ok(Self::InventorySource),
            "ship_from_location" => Ok(Self::ShipFromLocation),
            "orders" => Ok(Self::Orders),
            "api_key" => Ok(Self::ApiKey),
            "webhook" => Ok(Self::Webhook),
            "adapter" => Ok(Self::Adapter),
            "user" => Ok(Self::User),
            other => Err(InvalidSubject(clip(other, 40))),
        }
    }
}

/// Cuts to size and keeps a text on one line.
/// Every text in it, however deep.
fn clip_texts(value: &mut Value) {
    match value {
        Value::String(text) => *text = clip(text, DETAIL_CHARS_MAX),
        Value::Array(items) => items.iter_mut().for_each(clip_texts),
        Value::Object(fields) => fields.values_mut().for_each(clip_texts),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn clip(text: &str, chars_max: usize) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(chars_max).map(visible).collect()
}

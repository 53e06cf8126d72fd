//! An event as the page shows it: its sign, its sentence, its details.

use bestand_plugin_api::Timestamp;
use serde_json::Value;

use super::known::Known;
use super::sentence::Sentence;
use super::words;
use crate::activity::{EventKind, Noted, Subject, SubjectKind};
use crate::http::console::explain::told::Told;
use crate::http::console::moment::When;
use crate::http::console::number;
use crate::http::console::visitor::Visitor;

/// An event.
pub(super) struct Shown {
    pub(super) at: When,
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    pub(super) sentence: Sentence,
    /// Where the subject is looked at; nothing for what is gone or not this visitor's to see.
    pub(super) path: Option<String>,
    /// Why it happened and what to do, as far as it was said.
    pub(super) words: Vec<Told>,
    pub(super) details: Vec<Detail>,
}

/// One more thing about an event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) name: String,
    pub(super) value: String,
}

/// Details that pages have a name for, in the order in which they are read.
const NAMED: [&str; 21] = [
    "created",
    "replaced",
    "lines_taken",
    "lines_refused",
    "moved",
    "ship_from_location_id",
    "source",
    "included",
    "adapter",
    "levels",
    "articles",
    "skus",
    "differing",
    "compared",
    "since",
    "from",
    "to",
    "times",
    "role",
    "grace_secs",
    "address",
];

// === impl Shown ===

impl Shown {
    pub(super) fn of(noted: &Noted, known: &Known, visitor: &Visitor) -> Self {
        let event = &noted.event;
        let (class, icon) = sign(event.kind, event.subject.kind);
        let detail = |name: &&str| {
            let value = event.details.get(*name)?;
            Detail::of(event.kind, name, value, known, visitor)
        };
        Self {
            at: visitor.when(noted.at),
            class,
            icon,
            sentence: Sentence::of(event, visitor.text()),
            path: path(&event.subject, known).map(|path| place(event.kind, path)),
            words: words::of(event, visitor),
            details: NAMED.iter().filter_map(detail).collect(),
        }
    }
}

/// The colour and the icon of an event.
const fn sign(kind: EventKind, subject: SubjectKind) -> (&'static str, &'static str) {
    match kind {
        EventKind::ConnectionNeedsAttention
        | EventKind::SyncFailed
        | EventKind::AdapterCrashed
        | EventKind::AdapterQuarantined => ("bad", "warn"),
        EventKind::ConnectionDegraded
        | EventKind::AdapterNotReplaced
        | EventKind::WebhookGone
        | EventKind::WebhookGaveUp
        | EventKind::WebhookMissed
        | EventKind::StockLow
        | EventKind::DriftHigh
        | EventKind::UserRefused => ("doubt", "warn"),
        EventKind::ConnectionRecovered
        | EventKind::FirstSyncDone
        | EventKind::StockRecovered
        | EventKind::AdapterReleased => ("good", "good"),
        EventKind::ConnectionPaused => ("", "pause"),
        _ => (
            "",
            match subject {
                SubjectKind::Connection => "connection",
                SubjectKind::InventorySource => "source",
                SubjectKind::ShipFromLocation => "location",
                SubjectKind::Orders => "orders",
                SubjectKind::ApiKey => "key",
                SubjectKind::Webhook => "webhook",
                SubjectKind::Adapter => "plugin",
                SubjectKind::User => "user",
            },
        ),
    }
}

fn path(subject: &Subject, known: &Known) -> Option<String> {
    let id = subject.id.as_deref().unwrap_or_default();
    let is_there = known.name(id).is_some();
    match subject.kind {
        SubjectKind::Orders => Some("/orders".to_owned()),
        SubjectKind::ApiKey => known.page("/api-keys"),
        SubjectKind::Webhook => known.page("/webhooks"),
        SubjectKind::User => known.page("/users"),
        _ if !is_there => None,
        SubjectKind::Connection => Some(format!("/connections/{id}")),
        SubjectKind::InventorySource => Some(format!("/inventory-sources/{id}")),
        SubjectKind::ShipFromLocation => Some(format!("/ship-from-locations/{id}")),
        SubjectKind::Adapter => Some(format!("/plugins#adapter-{id}")),
    }
}

/// Where exactly on the page of its subject it is looked at.
fn place(kind: EventKind, path: String) -> String {
    match kind {
        EventKind::DriftHigh => format!("{path}/drift"),
        _ => path,
    }
}

// === impl Detail ===

impl Detail {
    fn of(
        kind: EventKind,
        name: &str,
        value: &Value,
        known: &Known,
        visitor: &Visitor,
    ) -> Option<Self> {
        let text = visitor.text();
        let value = match value {
            // Once goes without saying.
            Value::Number(times) if name == "times" && times.as_i64() == Some(1) => return None,
            Value::Bool(true) => text.say("yes"),
            Value::Bool(false) => text.say("no"),
            Value::Number(count) => number::whole(visitor.language(), count.as_i64()?),
            Value::String(word) => match name {
                "from" | "to" if kind == EventKind::UserRoleChanged => {
                    text.say(&format!("role-{word}"))
                }
                "role" => text.say(&format!("role-{word}")),
                "since" => word
                    .parse::<Timestamp>()
                    .map_or_else(|_| word.clone(), |at| visitor.when(at).exact),
                "ship_from_location_id" => known.name(word).unwrap_or(word).to_owned(),
                _ => word.clone(),
            },
            _ => return None,
        };
        Some(Self {
            name: text.say(&format!("detail-{name}")),
            value,
        })
    }
}

//! What an event tells, by its type; this is the `data` of its message.

use std::fmt;
use std::str::FromStr;

use bestand_plugin_api::{Quantity, Sku};
use serde::{Deserialize, Serialize};
use serde_json::Error;
use utoipa::ToSchema;

use crate::connection::state::Moment;
use crate::id::{ConnectionId, ShipFromId, SourceId, SyncId};
use crate::order::{OrderNumber, OrderStatus};
use crate::stock::drift::DriftRun;
use crate::stock::{Cause, Counts};
use crate::verdict::Verdict;
use crate::verdict::line::LineStatus;

/// What an event tells.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum News {
    /// Levels of a source changed together.
    #[serde(rename = "stock.changed")]
    StockChanged(StockChanged),
    /// Levels of a source fell to their low-stock threshold or below it.
    #[serde(rename = "stock.low")]
    StockLow(StockLow),
    /// The numbers of a source cannot be refreshed; those that are stored stay, and grow old.
    #[serde(rename = "source.unavailable")]
    SourceUnavailable(SourceUnavailable),
    /// They can be refreshed again.
    #[serde(rename = "source.recovered")]
    SourceRecovered(SourceRecovered),
    /// A full listing of a source found so much different that its threshold is reached.
    #[serde(rename = "drift.high")]
    DriftHigh(DriftHigh),
    /// The answer on an open order is another one than before.
    #[serde(rename = "order.verdict_changed")]
    OrderVerdictChanged(OrderVerdictChanged),
}

/// The types of events.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum EventType {
    /// Levels of a source changed.
    #[serde(rename = "stock.changed")]
    StockChanged,
    /// Levels of a source fell to their threshold.
    #[serde(rename = "stock.low")]
    StockLow,
    /// A source's numbers cannot be refreshed.
    #[serde(rename = "source.unavailable")]
    SourceUnavailable,
    /// They can be again.
    #[serde(rename = "source.recovered")]
    SourceRecovered,
    /// A full listing of a source found much different.
    #[serde(rename = "drift.high")]
    DriftHigh,
    /// The answer on an open order changed.
    #[serde(rename = "order.verdict_changed")]
    OrderVerdictChanged,
}

/// A word that is no type of event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no type of event; they are {}", EventType::ALL.map(EventType::as_str).join(", "))]
pub struct InvalidEventType {
    word: String,
}

/// Levels of one source that changed for one reason: at most a hundred, so that a message stays small.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StockChanged {
    /// Where they lie.
    pub source_id: SourceId,
    /// What brought the change: `sync`, `change`, `live`, `push`, `write` or `hint`.
    pub cause: String,
    /// The sync run that brought it.
    pub sync_id: Option<SyncId>,
    /// Who, where somebody did.
    pub actor: Option<String>,
    /// What changed.
    pub levels: Vec<ChangedLevel>,
}

/// A level that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChangedLevel {
    /// The article.
    #[schema(value_type = String)]
    pub sku: Sku,
    /// What was known before; nothing of what was never seen.
    pub before: Option<Counts>,
    /// What is known since.
    pub after: Counts,
    /// When that was true.
    #[schema(value_type = String)]
    pub as_of: Moment,
}

/// Levels of one source that became low.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StockLow {
    /// Where they lie.
    pub source_id: SourceId,
    /// Which they are.
    pub levels: Vec<LowLevel>,
}

/// A level that became low.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LowLevel {
    /// The article.
    #[schema(value_type = String)]
    pub sku: Sku,
    /// What can be sold.
    #[schema(value_type = f64)]
    pub available: Quantity,
    /// At this many, or fewer, it is low.
    #[schema(value_type = f64)]
    pub threshold: Quantity,
    /// When that was true.
    #[schema(value_type = String)]
    pub as_of: Moment,
}

/// A source whose numbers cannot be refreshed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourceUnavailable {
    /// Which.
    pub source_id: SourceId,
    /// What the system calls it.
    pub name: String,
    /// The connection that reaches it.
    pub connection_id: ConnectionId,
    /// Since when.
    #[schema(value_type = String)]
    pub since: Moment,
    /// Why, for people.
    pub reason: String,
    /// What to do, for people.
    pub advice: String,
}

/// A source whose numbers can be refreshed again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SourceRecovered {
    /// Which.
    pub source_id: SourceId,
    /// What the system calls it.
    pub name: String,
    /// The connection that reaches it.
    pub connection_id: ConnectionId,
    /// Since when they could not.
    #[schema(value_type = String)]
    pub since: Moment,
}

/// A full listing that found so much different from what was held that the source's threshold is reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DriftHigh {
    /// Of this source.
    pub source_id: SourceId,
    /// The listing; `GET /inventory-sources/{id}/drift/{sync_id}` has its largest differences.
    pub sync_id: SyncId,
    /// Levels that were compared.
    pub compared: u64,
    /// Those of them that were not as held.
    pub differing: u64,
    /// By how much in all, up or down.
    #[schema(value_type = f64)]
    pub total: Quantity,
    /// By how much at most.
    #[schema(value_type = f64)]
    pub largest: Quantity,
    /// For how long one of them was wrong at most.
    pub longest_secs: u64,
}

/// An open order whose answer is another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OrderVerdictChanged {
    /// Its number.
    #[schema(value_type = String)]
    pub order_number: OrderNumber,
    /// How far it is.
    pub status: OrderStatus,
    /// Where it ships from; nothing where the account's default location is meant and there is none.
    pub ship_from_location_id: Option<ShipFromId>,
    /// The source that was asked.
    pub source_id: Option<SourceId>,
    /// The answer before; nothing for an order that had none yet.
    pub before: Option<Verdict>,
    /// The answer now.
    pub verdict: Verdict,
    /// The lines that are not in stock; of very many the first hundred.
    pub lines: Vec<LineInTrouble>,
}

/// A line that is not in stock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LineInTrouble {
    /// The article.
    #[schema(value_type = String)]
    pub sku: Sku,
    /// How many the line asks for.
    #[schema(value_type = f64)]
    pub requested: Quantity,
    /// What can be sold; nothing where there is no count.
    #[schema(value_type = Option<f64>)]
    pub available: Option<Quantity>,
    /// The answer in one word.
    pub status: LineStatus,
}

// === impl News ===

impl News {
    /// Its type.
    #[must_use]
    pub const fn event_type(&self) -> EventType {
        match self {
            Self::StockChanged(_) => EventType::StockChanged,
            Self::StockLow(_) => EventType::StockLow,
            Self::SourceUnavailable(_) => EventType::SourceUnavailable,
            Self::SourceRecovered(_) => EventType::SourceRecovered,
            Self::DriftHigh(_) => EventType::DriftHigh,
            Self::OrderVerdictChanged(_) => EventType::OrderVerdictChanged,
        }
    }

    /// The `data` of its message, as JSON.
    pub(crate) fn data(&self) -> Result<String, Error> {
        match self {
            Self::StockChanged(data) => serde_json::to_string(data),
            Self::StockLow(data) => serde_json::to_string(data),
            Self::SourceUnavailable(data) => serde_json::to_string(data),
            Self::SourceRecovered(data) => serde_json::to_string(data),
            Self::DriftHigh(data) => serde_json::to_string(data),
            Self::OrderVerdictChanged(data) => serde_json::to_string(data),
        }
    }

    /// Reads it back.
    pub(crate) fn from_data(event_type: EventType, data: &str) -> Result<Self, Error> {
        Ok(match event_type {
            EventType::StockChanged => Self::StockChanged(serde_json::from_str(data)?),
            EventType::StockLow => Self::StockLow(serde_json::from_str(data)?),
            EventType::SourceUnavailable => Self::SourceUnavailable(serde_json::from_str(data)?),
            EventType::SourceRecovered => Self::SourceRecovered(serde_json::from_str(data)?),
            EventType::DriftHigh => Self::DriftHigh(serde_json::from_str(data)?),
            EventType::OrderVerdictChanged => {
                Self::OrderVerdictChanged(serde_json::from_str(data)?)
            }
        })
    }
}

// === impl DriftHigh ===

impl DriftHigh {
    /// What this listing of a source found.
    pub(crate) fn new(source_id: SourceId, run: &DriftRun) -> Self {
        let tally = run.tally;
        Self {
            source_id,
            sync_id: run.sync_id,
            compared: tally.compared,
            differing: tally.differing,
            total: tally.total,
            largest: tally.largest,
            longest_secs: tally.longest.as_secs(),
        }
    }
}

// === impl StockChanged ===

impl StockChanged {
    /// These levels of a source, for this reason.
    pub(crate) fn new(source_id: SourceId, cause: &Cause, levels: Vec<ChangedLevel>) -> Self {
        Self {
            source_id,
            cause: cause.kind.as_str().to_owned(),
            sync_id: cause.run,
            actor: cause.actor.clone(),
            levels,
        }
    }
}

// === impl EventType ===

impl EventType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::StockChanged,
        Self::StockLow,
        Self::SourceUnavailable,
        Self::SourceRecovered,
        Self::DriftHigh,
        Self::OrderVerdictChanged,
    ];

    /// As messages name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StockChanged => "stock.changed",
            Self::StockLow => "stock.low",
            Self::SourceUnavailable => "source.unavailable",
            Self::SourceRecovered => "source.recovered",
            Self::DriftHigh => "drift.high",
            Self::OrderVerdictChanged => "order.verdict_changed",
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventType {
    type Err = InvalidEventType;

    fn from_str(text: &str) -> Result<Self, InvalidEventType> {
        let mut all = Self::ALL.into_iter();
        let found = all.find(|event_type| event_type.as_str() == text);
        let word = || text.chars().take(40).collect();
        found.ok_or_else(|| InvalidEventType { word: word() })
    }
}

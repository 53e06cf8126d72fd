//! One event: its id, its time and its news.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use bestand_plugin_api::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::news::News;
use crate::connection::state::Moment;

/// The place of an event in its account's log: from 1, one more for each event, none left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub u64);

/// Something that programs are told. One message carries one event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Event {
    /// Its place in the log; a later event has a greater one. A number, written as text.
    #[schema(value_type = String, example = "4711")]
    pub id: EventId,
    /// When it was stored.
    #[serde(rename = "timestamp", serialize_with = "as_moment")]
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// What it tells.
    #[serde(flatten)]
    pub news: News,
}

fn as_moment<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    Moment(*at).serialize(serializer)
}

// === impl EventId ===

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EventId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Not a number: what reads JSON into floats would round great ones.
        serializer.collect_str(self)
    }
}

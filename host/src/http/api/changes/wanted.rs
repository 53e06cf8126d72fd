//! What the reader of a stream asks for: from where, and which events.

use std::str::FromStr;

use axum::http::HeaderMap;
use bestand_plugin_api::Sku;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::event_log::{EventId, EventType, Filter};
use crate::http::problem::Problem;
use crate::id::SourceId;

/// Most values of one parameter: more fit into no URL that every proxy takes.
const VALUES_MAX: usize = 200;
/// What a browser sends when it opens a broken stream again.
const LAST_EVENT_ID: &str = "last-event-id";

/// Which events to read, and from where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ChangesQuery {
    /// Begin after this event; `0` is the oldest that is kept. The header `Last-Event-ID` goes first.
    #[param(example = "4711")]
    after: Option<String>,
    /// Only these types, separated by commas.
    #[param(example = "stock.changed,stock.low")]
    types: Option<String>,
    /// Only what is about these inventory sources: ids, separated by commas.
    source: Option<String>,
    /// Of what is about articles, only these: SKUs, separated by commas.
    #[param(example = "85123A,71053")]
    sku: Option<String>,
}

/// The same, checked.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The last event that the reader has; nothing for whoever begins now.
    pub(super) after: Option<EventId>,
    pub(super) filter: Filter,
}

// === impl ChangesQuery ===

impl ChangesQuery {
    pub(super) fn checked(&self, headers: &HeaderMap) -> Result<Wanted, Problem> {
        let sent = headers.get(LAST_EVENT_ID);
        let sent = sent.map(|value| value.to_str().unwrap_or_default());
        let after = match sent {
            Some(id) => Some(event_id("Last-Event-ID", id)?),
            None => self
                .after
                .as_deref()
                .map(|id| event_id("after", id))
                .transpose()?,
        };
        let filter = Filter {
            types: values::<EventType, _>("types", self.types.as_deref())?,
            sources: values::<SourceId, _>("source", self.source.as_deref())?,
            skus: values::<Sku, _>("sku", self.sku.as_deref())?,
        };
        Ok(Wanted { after, filter })
    }
}

fn event_id(field: &'static str, text: &str) -> Result<EventId, Problem> {
    let wrong = |_| Problem::field(field, "this is no id of an event; ids are numbers");
    text.trim().parse().map_err(wrong)
}

/// The values of a list with commas; nothing and an empty text are no values.
fn values<Value, Values>(field: &'static str, list: Option<&str>) -> Result<Values, Problem>
where
    Value: FromStr<Err: ToString>,
    Values: FromIterator<Value>,
{
    let texts = list.unwrap_or_default().split(',').map(str::trim);
    let texts: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    if texts.len() > VALUES_MAX {
        let reason = format!("at most {VALUES_MAX} may be named at once");
        return Err(Problem::field(field, reason));
    }
    let read = texts.into_iter().map(|text| {
        let value = text.parse::<Value>();
        value.map_err(|error| Problem::field(field, error.to_string()))
    });
    read.collect()
}

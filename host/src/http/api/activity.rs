//! Activity: what happened, newest first.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use bestand_plugin_api::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::activity::{ActorKind, EventId, EventKind, Noted, SubjectKind};
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::moment;
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::store::activity::{About, Filter};

/// List what happened
///
/// Newest first: connections that failed and recovered, what was made, changed, linked and removed and by whom, imports,
/// adapters that crashed or were upgraded. It is kept for `activity.retention_days`.
#[utoipa::path(get, path = "/activity", operation_id = "list_activity", tag = "Activity", params(ActivityQuery),
    responses((status = 200, description = "A page of events", body = Page<Event>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<ActivityQuery>,
    uri: Uri,
) -> Result<Linked<Page<Event>>, Problem> {
    let filter = query.filter()?;
    let after = query.cursor.map(|cursor| cursor.0);
    let limit = u32::try_from(query.limit.get()).unwrap_or(u32::MAX);
    let page = parts
        .activity
        .list(caller.account_id, &filter, after, limit)
        .await?;
    Ok(Page {
        items: page.events.into_iter().map(Event::from).collect(),
        next_cursor: page.next.map(|id| Cursor(id).to_string()),
    }
    .linked(&uri))
}

/// Which events to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ActivityQuery {
    /// Those of these kinds, separated by commas.
    #[param(example = "connection_degraded,connection_recovered")]
    kind: Option<String>,
    /// Those that happened to this sort of thing, or with `:` and an id to this one.
    #[param(example = "connection:019a8f3c-7d2e-7c41-9b1e-3f6a2d5c8e90")]
    subject: Option<String>,
    /// Those that happened then or later.
    #[serde(default, deserialize_with = "moment")]
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<EventId>>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Event {
    /// Its id.
    id: EventId,
    /// When.
    #[schema(value_type = String)]
    at: Moment,
    /// What sort of thing.
    kind: EventKind,
    /// Who did it.
    actor: Actor,
    /// What it happened to.
    subject: Subject,
    /// What else belongs to it, such as counts and a reason; what there is depends on the kind.
    #[schema(value_type = Object)]
    details: Map<String, Value>,
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
struct Actor {
    /// What sort of doer.
    kind: ActorKind,
    /// The key's or the user's name at that time.
    name: Option<String>,
}

/// What it happened to.
#[derive(Debug, Serialize, ToSchema)]
struct Subject {
    /// What sort of thing.
    kind: SubjectKind,
    /// Its id; nothing where it is no single thing.
    id: Option<String>,
    /// Its name at that time.
    name: String,
}

// === impl ActivityQuery ===

impl ActivityQuery {
    fn filter(&self) -> Result<Filter, Problem> {
        let words = self.kind.as_deref().unwrap_or_default().split(',');
        let words = words.map(str::trim).filter(|word| !word.is_empty());
        let kinds: Result<Vec<EventKind>, _> = words.map(EventKind::from_str).collect();
        let subject = self
            .subject
            .as_deref()
            .filter(|text| !text.trim().is_empty());
        Ok(Filter {
            kinds: kinds.map_err(|error| Problem::field("kind", error.to_string()))?,
            subject: subject.map(about).transpose()?,
            since: self.since,
        })
    }
}

/// `connection`, or `connection:019a…`.
pub(in crate::http) fn about(text: &str) -> Result<About, Problem> {
    let (kind, id) = match text.split_once(':') {
        Some((kind, id)) => (kind, Some(id.trim())),
        None => (text, None),
    };
    let kind = SubjectKind::from_str(kind.trim());
    Ok(About {
        kind: kind.map_err(|error| Problem::field("subject", error.to_string()))?,
        id: id.filter(|id| !id.is_empty()).map(str::to_owned),
    })
}

impl From<Noted> for Event {
    fn from(noted: Noted) -> Self {
        let event = noted.event;
        Self {
            id: noted.id,
            at: Moment(noted.at),
            kind: event.kind,
            actor: Actor {
                kind: event.actor.kind,
                name: event.actor.name,
            },
            subject: Subject {
                kind: event.subject.kind,
                id: event.subject.id,
                name: event.subject.name,
            },
            details: event.details,
        }
    }
}

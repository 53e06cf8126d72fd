//! An adapter's last hour.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use bestand_plugin_api::call::host::LogLevel;
use serde::Serialize;
use utoipa::ToSchema;

use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::plugin;

/// Read an adapter's last hour
///
/// Its calls minute by minute, and the last that it logged about this account's connections or about none. Both begin
/// anew with the daemon, and when another version takes over.
#[utoipa::path(get, path = "/adapters/{id}/activity", operation_id = "get_adapter_activity", tag = "Adapters",
    params(("id" = String, Path)), responses((status = 200, description = "The last hour", body = Recent)))]
pub(in crate::http) async fn recent(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<String>,
) -> Result<Json<Recent>, Problem> {
    let directory = parts.connections.directory();
    let adapter = directory
        .adapter(&id)
        .ok_or_else(|| directory.why_missing(&id))?;
    Ok(Json(Recent::of(adapter.recent(caller.account_id))))
}

/// An adapter's last hour.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdapterActivity)]
pub(in crate::http) struct Recent {
    /// The last sixty minutes, oldest first, also those in which nothing happened.
    minutes: Vec<Minute>,
    /// What it logged last, oldest first, without what is for its author.
    log: Vec<Record>,
}

/// What an adapter was asked in one minute.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdapterMinute)]
struct Minute {
    /// When it began.
    #[schema(value_type = String)]
    at: Moment,
    /// Calls that ended in it.
    calls: u64,
    /// Those of them that failed.
    errors: u64,
    /// Half of them took longer than this, in milliseconds, to an eighth; nothing when there was none.
    median_ms: Option<f64>,
    /// How long the longest took, in milliseconds.
    worst_ms: Option<f64>,
    /// The most memory that its process was seen to use, in bytes; nothing where it has none of its own.
    memory_bytes: Option<u64>,
}

/// Something that an adapter logged.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdapterLogRecord)]
struct Record {
    /// When.
    #[schema(value_type = String)]
    at: Moment,
    /// How bad it is: `error`, `warn` or `info`.
    #[schema(value_type = String)]
    level: LogLevel,
    /// What people call the connection that it is about; nothing for what is about none.
    connection: Option<String>,
    /// The part of the adapter that says it.
    target: String,
    /// What it says.
    message: String,
    /// `name=value`, separated by blanks.
    fields: String,
}

// === impl Recent, Minute, Record ===

impl Recent {
    fn of(recent: plugin::Recent) -> Self {
        Self {
            minutes: recent.minutes.into_iter().map(Minute::of).collect(),
            log: recent.log.into_iter().map(Record::of).collect(),
        }
    }
}

impl Minute {
    fn of(minute: plugin::Minute) -> Self {
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        Self {
            at: Moment(minute.at),
            calls: minute.calls,
            errors: minute.errors,
            median_ms: minute.median.map(millis),
            worst_ms: minute.worst.map(millis),
            memory_bytes: minute.memory_bytes,
        }
    }
}

impl Record {
    fn of(record: plugin::Record) -> Self {
        Self {
            at: Moment(record.at),
            level: record.level,
            connection: Some(record.connection).filter(|name| !name.is_empty()),
            target: record.target,
            message: record.message,
            fields: record.fields,
        }
    }
}

//! Whether the daemon is well: for supervisors, load balancers and Prometheus.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Sender, Trust};
use super::json::Json;
use crate::daemon::Parts;
use crate::plugin::PluginState;

/// How long the database may take to answer a question that costs nothing.
const DATABASE_PATIENCE: Duration = Duration::from_secs(2);

/// Whether the daemon runs
///
/// It does if this is answered.
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", tag = "Operation",
    responses((status = 200, description = "It runs", body = Health)))]
pub(super) async fn healthz() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Whether the daemon can answer
///
/// It can while its database does. What else is not as it should be is told to programs on the same machine and to
/// keys that may read; an adapter or a connection in trouble is no reason to send no more requests here.
#[utoipa::path(get, path = "/readyz", operation_id = "readyz", tag = "Operation",
    responses((status = 200, description = "It can", body = Readiness),
        (status = 503, description = "It cannot", body = Readiness)))]
pub(super) async fn readyz(State(parts): State<Arc<Parts>>, request: Request) -> Response {
    let database = database_trouble(&parts).await;
    let (code, status) = match &database {
        None => (StatusCode::OK, "ready"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "not_ready"),
    };
    let reasons = match Trust::of(Sender::of(&request), &parts.keyring, &parts.clock).await {
        Trust::Insider => Some(
            database
                .into_iter()
                .chain(refused_plugins(&parts))
                .collect(),
        ),
        Trust::Stranger => None,
    };
    (code, Json(Readiness { status, reasons })).into_response()
}

/// Metrics for Prometheus
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "Operation",
    responses((status = 200, description = "In Prometheus' text format", body = String, content_type = "text/plain")))]
pub(super) async fn metrics(
    State(parts): State<Arc<Parts>>,
) -> ([(HeaderName, &'static str); 1], String) {
    parts.connections.observe();
    let text = parts.telemetry.metrics().render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}

/// Whether the daemon runs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// Whether the daemon can answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    /// `ready` or `not_ready`.
    status: &'static str,
    /// What is not as it should be, for those who may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<String>>,
}

async fn database_trouble(parts: &Parts) -> Option<String> {
    let asked = parts.db.read().execute_unprepared("select 1");
    match tokio::time::timeout(DATABASE_PATIENCE, asked).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(format!("the database does not answer: {error}")),
        Err(_) => {
            let secs = DATABASE_PATIENCE.as_secs();
            Some(format!("the database did not answer within {secs} s"))
        }
    }
}

fn refused_plugins(parts: &Parts) -> Vec<String> {
    let directory = parts.connections.directory();
    let reason = |plugin: &crate::plugin::Plugin| match &plugin.state {
        PluginState::Refused { reason, .. } => Some(format!("a plugin was refused: {reason}")),
        PluginState::Ready | PluginState::Disabled => None,
    };
    directory.plugins().iter().filter_map(reason).collect()
}

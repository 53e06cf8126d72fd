//! Whether a connection's credentials and settings work, now.

use std::sync::Arc;

use axum::extract::State;
use bestand_plugin_api::{Account, ErrorKind};
use serde::Serialize;
use utoipa::ToSchema;

use super::find;
use crate::connection::reason::Reason;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::path::Named;
use crate::http::problem::Problem;
use crate::id::ConnectionId;

/// Check a connection
///
/// Asks the other system whether credentials and settings work. That they do not is an answer, not an error.
#[utoipa::path(post, path = "/connections/{id}/check", operation_id = "check_connection", tag = "Connections",
    params(("id" = ConnectionId, Path)), responses((status = 200, description = "What the system says", body = Checked)))]
pub(in crate::http) async fn check(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Named(id): Named<ConnectionId>,
) -> Result<Json<Checked>, Problem> {
    find(&parts, caller.account_id, id).await?;
    let answer = parts.connections.check(caller.account_id, id).await;
    Ok(Json(match answer {
        Ok(account) => Checked::good(account),
        Err(error) => Checked::bad(error),
    }))
}

/// What came of a check.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Checked {
    /// Whether all is well.
    ok: bool,
    /// What the system calls the account.
    account_name: Option<String>,
    /// What works less well than it could, and what to do.
    warnings: Vec<String>,
    /// What is wrong.
    error: Option<CheckError>,
}

/// What a check found wrong.
#[derive(Debug, Serialize, ToSchema)]
struct CheckError {
    /// What sort of failure: `auth`, `config`, `rate_limited`, `transient`, `upstream`, `not_found`, `unsupported`,
    /// `protocol` or `bug`.
    kind: &'static str,
    /// The setting at fault, when one is.
    field: Option<String>,
    /// What is wrong.
    reason: String,
}

// === impl Checked ===

impl Checked {
    fn good(account: Account) -> Self {
        Self {
            ok: true,
            account_name: Some(account.name),
            warnings: account.warnings,
            error: None,
        }
    }

    fn bad(reason: Reason) -> Self {
        let error = reason.into_adapter_error();
        let field = match &error.kind {
            ErrorKind::Config { field } => Some(field.clone()),
            _ => None,
        };
        Self {
            ok: false,
            account_name: None,
            warnings: Vec::new(),
            error: Some(CheckError {
                kind: word(&error.kind),
                field,
                reason: error.message,
            }),
        }
    }
}

fn word(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Auth => "auth",
        ErrorKind::Config { .. } => "config",
        ErrorKind::RateLimited { .. } => "rate_limited",
        ErrorKind::Transient => "transient",
        ErrorKind::Upstream { .. } => "upstream",
        ErrorKind::NotFound => "not_found",
        ErrorKind::Unsupported => "unsupported",
        ErrorKind::Bug => "bug",
        _ => "protocol",
    }
}

//! Partners that register themselves, as inventory partners do with ShipStation: they hand over the credentials by
//! which they are asked for levels, and are told the number of the connection that asks.
//!
//! Who registers is known by the key alone. The header `x-shipstation-partner` is neither needed nor looked at.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::activity::{EventKind, Subject};
use crate::api_key::Role;
use crate::config::registration::Registration;
use crate::connection::{Credentials, Registered};
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::problem::{Kind as ProblemKind, Problem};
use crate::secret::SecretText;
use crate::store::shipstation::number::{self, Kind};

/// Of a code that nobody has, as much as tells it: in characters.
const CODE_SHOWN_CHARS: usize = 64;

/// What a partner sends.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sent {
    api_code: String,
    auth_token: Option<SecretText>,
    auth_key: Option<SecretText>,
}

/// What it is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    seller_integration_id: i64,
}

pub(super) async fn register(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(sent): Json<Sent>,
) -> Result<Json<Told>, Problem> {
    let partner = partner(&parts, &caller, &sent.api_code)?;
    let credentials = Credentials {
        token: sent.auth_token,
        key: sent.auth_key,
    };
    let account = caller.0.account_id;
    let registered = parts.connections.register(account, partner, &credentials);
    let (connection, became) = registered.await?;
    let kind = match became {
        Registered::Made => Some(EventKind::ConnectionMade),
        Registered::Changed => Some(EventKind::ConnectionChanged),
        Registered::Same => None,
    };
    if let Some(kind) = kind {
        let did = caller.did(kind, Subject::connection(&connection));
        parts.activity.note(did);
    }
    let now = parts.clock.now();
    let numbered = number::of(&parts.db, account, Kind::Connection, connection.id, now).await?;
    Ok(Json(Told {
        seller_integration_id: numbered.number,
    }))
}

/// The partner of this code, if the caller may register it: an operator any, a partner itself.
fn partner<'a>(
    parts: &'a Parts,
    caller: &Caller,
    api_code: &str,
) -> Result<&'a Registration, Problem> {
    let found = parts.config.registration(api_code);
    if caller.0.role >= Role::Operator {
        return found.ok_or_else(|| no_such(api_code));
    }
    let itself = caller.0.partner.as_deref();
    let found = found.filter(|partner| itself == Some(partner.name.as_str()));
    found.ok_or_else(not_itself)
}

fn no_such(api_code: &str) -> Problem {
    let shown: String = api_code.chars().take(CODE_SHOWN_CHARS).collect();
    let detail = format!(
        "no partner `{shown}` can register here; whoever runs the installation names it in `[[registration]]`"
    );
    Problem::field("apiCode", detail)
}

/// The same whether there is such a partner or not.
fn not_itself() -> Problem {
    let detail = "this needs a key that was made for the partner that registers, or one with the role `operator`";
    Problem::new(ProblemKind::Forbidden, detail)
}

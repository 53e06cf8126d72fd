//! API keys: made once, shown once, kept. A new secret is an act of its own, with a grace period for the old one.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bestand_plugin_api::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::activity::{EventKind, Subject};
use crate::api_key::{self, Issued, NewApiKey, Role};
use crate::connection::state::Moment;
use crate::daemon::Parts;
use crate::http::auth::Caller;
use crate::http::created::Created;
use crate::http::json::{Json, moment};
use crate::http::paging::{Cursor, Limit, Linked, Page};
use crate::http::path::Named;
use crate::http::problem::{FieldError, Problem};
use crate::http::query::Query;
use crate::id::ApiKeyId;

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 100;
/// How long the old secret works after a new one is made, when nothing is said: a day, in seconds.
const GRACE_SECS_DEFAULT: u64 = 86_400;
/// The longest that can be asked for: thirty days, in seconds.
const GRACE_SECS_MAX: u64 = 30 * 86_400;

/// List API keys
///
/// Without their secrets, which are shown only when they are made.
#[utoipa::path(get, path = "/api-keys", operation_id = "list_api_keys", tag = "API keys", params(ApiKeyQuery),
    responses((status = 200, description = "A page of keys", body = Page<ApiKey>)))]
pub(in crate::http) async fn list(
    State(parts): State<Arc<Parts>>,
    Caller(caller): Caller,
    Query(query): Query<ApiKeyQuery>,
    uri: Uri,
) -> Result<Linked<Page<ApiKey>>, Problem> {
    let all = parts.keyring.list(caller.account_id).await?;
    let page = Page::of_all(all, query.limit, query.cursor.as_ref(), |api_key| {
        api_key.id
    });
    Ok(page.map(ApiKey::from).linked(&uri))
}

/// Make an API key
///
/// This is the only time its secret is shown.
#[utoipa::path(post, path = "/api-keys", operation_id = "make_api_key", tag = "API keys",
    request_body = ApiKeyToMake, responses((status = 201, description = "It is made", body = IssuedKey)))]
pub(in crate::http) async fn make(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(new): Json<ApiKeyToMake>,
) -> Result<Created<IssuedKey>, Problem> {
    let now = parts.clock.now();
    let new = new.checked(now)?;
    let issued = parts.keyring.create(caller.0.account_id, new, now).await?;
    let made = caller.did(EventKind::ApiKeyMade, Subject::api_key(&issued.api_key));
    parts
        .activity
        .note(made.with("role", issued.api_key.role.as_str()));
    Ok(Created {
        location: format!("/api/v1/api-keys/{}", issued.api_key.id),
        body: issued.into(),
    })
}

/// Make a new secret for an API key
///
/// Whoever uses the key has to be given the new secret: the old one works for the grace period and not longer. A key
/// that is merely to be entered somewhere else does not need this.
#[utoipa::path(post, path = "/api-keys/{id}/regenerate", operation_id = "regenerate_api_key", tag = "API keys",
    params(("id" = ApiKeyId, Path), RegenerateQuery),
    responses((status = 200, description = "The new secret, shown only now", body = IssuedKey)))]
pub(in crate::http) async fn regenerate(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ApiKeyId>,
    Query(query): Query<RegenerateQuery>,
) -> Result<IssuedKey, Problem> {
    let grace = query.grace()?;
    let now = parts.clock.now();
    let issued = parts
        .keyring
        .regenerate(caller.0.account_id, id, grace, now)
        .await?;
    let subject = Subject::api_key(&issued.api_key);
    let made = caller.did(EventKind::ApiKeyRegenerated, subject);
    parts
        .activity
        .note(made.with("grace_secs", grace.as_secs()));
    Ok(issued.into())
}

/// Revoke an API key
///
/// It is refused from now on, with its old secret as well, and stays in the list.
#[utoipa::path(delete, path = "/api-keys/{id}", operation_id = "revoke_api_key", tag = "API keys",
    params(("id" = ApiKeyId, Path)), responses((status = 204, description = "It is revoked")))]
pub(in crate::http) async fn revoke(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Named(id): Named<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    let (account, keyring) = (caller.0.account_id, &parts.keyring);
    keyring.revoke(account, id, parts.clock.now()).await?;
    let subject = Subject::api_key(&keyring.find(account, id).await?);
    parts
        .activity
        .note(caller.did(EventKind::ApiKeyRevoked, subject));
    Ok(StatusCode::NO_CONTENT)
}

/// Which keys to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ApiKeyQuery {
    /// How many items a page shall have.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 1000, default = 100)]
    limit: Limit,
    /// Where the page begins: `next_cursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<ApiKeyId>>,
}

/// How to make a new secret.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct RegenerateQuery {
    /// Seconds for which the old secret still works: 0 ends it at once. A day when nothing is said.
    #[param(minimum = 0, maximum = 2_592_000, default = 86_400)]
    pub(in crate::http) grace_secs: Option<u64>,
}

/// An API key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ApiKey {
    /// Its id.
    id: ApiKeyId,
    /// The public half: the user name.
    #[schema(example = "bk_3vR8mXo1q0Zt2cYbK7uJ9w4d")]
    key: String,
    /// What people call it.
    name: String,
    /// What it may do.
    role: Role,
    /// For a partner's key: the partner that pushes with it, or the adapter whose sources it sees.
    partner: Option<String>,
    /// When it was made.
    #[schema(value_type = String)]
    created_at: Moment,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>)]
    last_used_at: Option<Moment>,
    /// From when on it is refused.
    #[schema(value_type = Option<String>)]
    expires_at: Option<Moment>,
    /// Since when it is refused for good.
    #[schema(value_type = Option<String>)]
    revoked_at: Option<Moment>,
}

/// A key with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct IssuedKey {
    /// The key.
    #[serde(flatten)]
    api_key: ApiKey,
    /// The secret half: the password. Shown only now.
    #[schema(example = "bs_uT5…")]
    secret: String,
    /// Both as one text, which is what tools that speak ShipStation's newer API are given as their API key.
    #[schema(example = "bk_3vR8mXo1q0Zt2cYbK7uJ9w4d:bs_uT5…")]
    shipstation_v2_api_key: String,
}

/// An API key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ApiKeyToMake {
    /// What people shall call it.
    #[schema(example = "Packing station 2", min_length = 1, max_length = 100)]
    pub(in crate::http) name: String,
    /// What it may do.
    pub(in crate::http) role: Role,
    /// For the role `partner`, and needed there: the partner that pushes with it, whose name becomes the heading of its
    /// sources, or the id of an adapter whose sources it sees.
    #[schema(example = "Acme Goods", max_length = 100)]
    pub(in crate::http) partner: Option<String>,
    /// From when on it is refused.
    #[serde(default, deserialize_with = "moment")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::http) expires_at: Option<Timestamp>,
}

// === impl ApiKeyToMake ===

impl ApiKeyToMake {
    /// What is to be made, or every field that is wrong.
    pub(in crate::http) fn checked(self, now: Timestamp) -> Result<NewApiKey, Problem> {
        let errors = self.errors(now);
        if !errors.is_empty() {
            return Err(Problem::fields(errors));
        }
        Ok(NewApiKey {
            name: self.name.trim().to_owned(),
            role: self.role,
            partner: self.partner,
            expires_at: self.expires_at,
        })
    }

    fn errors(&self, now: Timestamp) -> Vec<FieldError> {
        let name = self.name.trim().chars().count();
        let is_partner = self.role == Role::Partner;
        let names_one = self.partner.as_deref().is_some_and(is_partner_name);
        let checks = [
            (
                name == 0 || name > NAME_CHARS_MAX,
                "name",
                "it must have 1 to 100 characters",
            ),
            (
                is_partner && !names_one,
                "partner",
                "a key with the role `partner` needs one, of 1 to 100 characters",
            ),
            (
                !is_partner && self.partner.is_some(),
                "partner",
                "only the role `partner` has one",
            ),
            (
                self.expires_at.is_some_and(|end| end <= now),
                "expires_at",
                "it lies in the past",
            ),
        ];
        let wrong = checks.into_iter().filter(|(is_wrong, ..)| *is_wrong);
        wrong
            .map(|(_, field, reason)| FieldError::new(field, reason))
            .collect()
    }
}

/// It stands over the partner's sources.
fn is_partner_name(name: &str) -> bool {
    let is_short = name.chars().count() <= NAME_CHARS_MAX;
    !name.is_empty() && name.trim() == name && is_short && !name.chars().any(char::is_control)
}

// === impl RegenerateQuery ===

impl RegenerateQuery {
    pub(in crate::http) fn grace(&self) -> Result<Duration, Problem> {
        match self.grace_secs.unwrap_or(GRACE_SECS_DEFAULT) {
            secs @ 0..=GRACE_SECS_MAX => Ok(Duration::from_secs(secs)),
            _ => Err(Problem::field(
                "grace_secs",
                format!("it must be at most {GRACE_SECS_MAX}"),
            )),
        }
    }
}

impl From<api_key::ApiKey> for ApiKey {
    fn from(api_key: api_key::ApiKey) -> Self {
        Self {
            id: api_key.id,
            key: api_key.key,
            name: api_key.name,
            role: api_key.role,
            partner: api_key.partner,
            created_at: Moment(api_key.created_at),
            last_used_at: api_key.last_used_at.map(Moment),
            expires_at: api_key.expires_at.map(Moment),
            revoked_at: api_key.revoked_at.map(Moment),
        }
    }
}

impl From<Issued> for IssuedKey {
    fn from(issued: Issued) -> Self {
        let secret = issued.secret.reveal().to_owned();
        Self {
            shipstation_v2_api_key: format!("{}:{secret}", issued.api_key.key),
            api_key: issued.api_key.into(),
            secret,
        }
    }
}

impl IntoResponse for IssuedKey {
    fn into_response(self) -> Response {
        let mut response = Json(self).into_response();
        let no_store = HeaderValue::from_static("no-store");
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, no_store);
        response
    }
}

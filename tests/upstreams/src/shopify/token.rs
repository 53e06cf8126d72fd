//! Access tokens: the one an admin made, and those of the client-credentials grant, which end after a day.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Form;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{Timestamp, ToSpan};
use serde_json::json;

use super::http::Site;
use super::shop::Shop;

/// The life of a granted token: a second less than a day.
const TOKEN_LIFE_SECS: i64 = 86_399;

/// Whether the token opens the shop now.
pub(crate) fn is_live(shop: &Shop, token: &str, now: Timestamp) -> bool {
    shop.tokens
        .get(token)
        .is_some_and(|ends_at| ends_at.is_none_or(|ends_at| now < ends_at))
}

/// `POST /admin/oauth/access_token` with `grant_type=client_credentials`.
pub(crate) async fn grant(
    State(site): State<Arc<Site>>,
    form: Form<HashMap<String, String>>,
) -> Response {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("grant_type") != "client_credentials" {
        return refuse("unsupported_grant_type", "The grant type is not supported.");
    }
    site.with(|shop, now| {
        if field("client_id") != shop.options.client_id {
            return refuse(
                "application_cannot_be_found",
                "The application could not be found.",
            );
        }
        if field("client_secret") != shop.options.client_secret {
            return refuse("invalid_client", "Client authentication failed.");
        }
        if !shop.options.installed {
            return refuse(
                "app_not_installed",
                "The app is not installed on this shop.",
            );
        }
        let token = format!("shpat_{:032x}", shop.next_number());
        let ends_at = now.checked_add(TOKEN_LIFE_SECS.seconds()).unwrap_or(now);
        shop.tokens.insert(token.clone(), Some(ends_at));
        let scope = shop.options.scopes.join(",");
        Json(json!({ "access_token": token, "scope": scope, "expires_in": TOKEN_LIFE_SECS }))
            .into_response()
    })
}

fn refuse(error: &str, description: &str) -> Response {
    let body = json!({ "error": error, "error_description": description });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

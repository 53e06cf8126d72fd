//! A partner's places.

use std::sync::Arc;

use axum::extract::State;
use bestand_plugin_api::Location;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::level::check_place;
use crate::daemon::Parts;
use crate::http::api::inventory_sources::{Source, shown_all};
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::problem::{FieldError, Problem};
use crate::partner::PLACES_MAX;

/// Longest name of a place, in characters: it stands on one line of a page.
const NAME_CHARS_MAX: usize = 100;

/// Push locations
///
/// Each location that is named becomes an inventory source under the partner's heading, or follows in name and state;
/// others stay as they are. A location that levels name without being pushed here is called by its id.
#[utoipa::path(put, path = "/partner/locations", operation_id = "push_locations", tag = "Partner push",
    request_body = PushedLocations,
    responses((status = 200, description = "All of the partner's locations", body = PartnerSources)))]
pub(in crate::http) async fn push(
    State(parts): State<Arc<Parts>>,
    caller: Caller,
    Json(pushed): Json<PushedLocations>,
) -> Result<Json<PartnerSources>, Problem> {
    let locations = pushed.checked()?;
    let mut push = super::begin(&parts, &caller).await?;
    let sources = push.places(&locations).await?;
    let items = shown_all(&parts, caller.0.account_id, sources).await?;
    Ok(Json(PartnerSources { items }))
}

/// Locations of a partner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PushedLocations {
    /// At most 10,000.
    locations: Vec<PushedPlace>,
}

/// The inventory sources that a partner's locations are.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct PartnerSources {
    /// Oldest first.
    items: Vec<Source>,
}

/// What a partner says of one of its places.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PushedPlace {
    /// The partner's own id of it, as its levels name it.
    #[schema(example = "berlin", max_length = 255)]
    id: String,
    /// What people call it; its id, where it has no name.
    #[schema(example = "Berlin", max_length = 100)]
    name: Option<String>,
    /// Whether it is still there; a closed one stays, so that what is linked to it can say so.
    #[serde(default = "yes")]
    active: bool,
    /// Whether what lies there may be sold.
    #[serde(default = "yes")]
    sellable: bool,
}

fn yes() -> bool {
    true
}

// === impl PushedLocations ===

impl PushedLocations {
    fn checked(self) -> Result<Vec<Location>, Problem> {
        if self.locations.len() > PLACES_MAX {
            let reason = format!("there may be {PLACES_MAX}");
            return Err(Problem::field("locations", reason));
        }
        let checked = self
            .locations
            .into_iter()
            .enumerate()
            .map(|(position, place)| {
                let named = |error: FieldError| {
                    Problem::field(
                        format!("locations.{position}.{}", error.field),
                        error.reason,
                    )
                };
                place.checked().map_err(named)
            });
        checked.collect()
    }
}

// === impl PushedPlace ===

impl PushedPlace {
    /// The place, or else the field that cannot be right, and why.
    fn checked(self) -> Result<Location, FieldError> {
        let name = self.name.unwrap_or_else(|| self.id.clone());
        if let Err(reason) = check_place(&self.id) {
            return Err(FieldError::new("id", reason));
        }
        let length = name.trim().chars().count();
        if length == 0 || length > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            let reason = format!("it must have 1 to {NAME_CHARS_MAX} characters");
            return Err(FieldError::new("name", reason));
        }
        let mut location = Location::site(self.id, name.trim());
        location.active = self.active;
        location.sellable = self.sellable;
        Ok(location)
    }
}

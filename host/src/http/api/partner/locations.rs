//! A partner's places.

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::daemon::Parts;
use crate::http::api::inventory_sources::{Source, shown};
use crate::http::auth::Caller;
use crate::http::json::Json;
use crate::http::problem::Problem;
use crate::partner::{PLACES_MAX, PushedPlace};

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
    if pushed.locations.len() > PLACES_MAX {
        return Err(Problem::field(
            "locations",
            format!("there may be {PLACES_MAX}"),
        ));
    }
    let mut push = super::begin(&parts, &caller).await?;
    let sources = push.places(pushed.locations).await?;
    let mut items = Vec::with_capacity(sources.len());
    for source in sources {
        items.push(shown(&parts, caller.0.account_id, source).await?);
    }
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
